import * as z from "zod";
import { CardReferenceSchema } from "../../events/model-card.ts";
import { type AuditEntry, auditEntryFrom, faultsOf } from "../../functions/records/audit-chain.ts";
import { canonicalJson } from "../../functions/records/canonical-json.ts";
import { VoteSchema } from "../../functions/records/approval-request.ts";
import { type EvidenceFiles, type Manifest, ManifestSchema, listedFile, manifestName } from "./manifest.ts";

/** What verifying a collection of evidence came to. It takes nothing but the files. */
export interface EvidenceVerification {
  /** `undefined` where there is none that can be read. */
  manifest: Manifest | undefined;
  /** What is wrong, in sentences without a full stop; empty where all is as it was collected. */
  faults: string[];
  files: number;
  entries: number;
}

/** Path of the audit chain in the evidence. */
export const auditPath = "audit/chain.jsonl";
/** Folder of the approval requests. */
const requestsFolder = "approvals/";

/** Chains know people by their ids alone. */
const VotesSchema = z.array(VoteSchema.omit({ name: true }));

/** What it takes to approve. */
const TermsSchema = z.object({ riskRating: z.string(), approvals: z.int(), roles: z.array(z.string()) });

const KeptRequestSchema = z.object({
  requestId: z.string(),
  status: z.string(),
  votes: VotesSchema,
  ...TermsSchema.shape,
});

const AskedDetailSchema = z.object({
  requestId: z.string(),
  card: CardReferenceSchema,
  ...TermsSchema.shape,
});

const DecidedDetailSchema = z.object({
  requestId: z.string(),
  outcome: z.string(),
  votes: VotesSchema,
});

/**
 * Checks that evidence is complete and unchanged: every file against the manifest, the audit chain entry by entry, and approval
 * requests against what the chain says was asked and decided.
 *
 * Whoever can change a file can change the manifest, too: keep the manifest's own hash apart, or compare its audit head with that of
 * the table.
 */
export function verifyEvidence(files: EvidenceFiles): EvidenceVerification {
  const parsed = ManifestSchema.safeParse(jsonOf(files.get(manifestName)));
  if (!parsed.success) {
    const missing = files.get(manifestName) === undefined;
    const fault = `${manifestName} is ${missing ? "not there" : "not a manifest of Cardway's"}`;
    return { manifest: undefined, faults: [fault], files: 0, entries: 0 };
  }
  const manifest = parsed.data;
  const entries = entriesIn(files.get(auditPath));
  const faults = [
    ...fileFaults(manifest, files),
    ...(entries === undefined
      ? [`${auditPath} has a line that is no entry of an audit chain`]
      : [
          ...faultsOf(entries, manifest.auditHead, manifest.modelCardArn).map(
            ({ message }) => `audit: ${message}`,
          ),
          ...requestFaults(manifest, entries, files),
        ]),
  ];
  return { manifest, faults, files: manifest.files.length, entries: entries?.length ?? 0 };
}

function fileFaults(manifest: Manifest, files: EvidenceFiles): string[] {
  const listed = new Map(manifest.files.map((file) => [file.path, file]));
  const wrong = manifest.files.flatMap(({ path, sha256, bytes }) => {
    const found = files.get(path);
    if (found === undefined) return [`${path} is not there`];
    const now = listedFile(path, found);
    return now.sha256 === sha256 && now.bytes === bytes ? [] : [`${path} was changed`];
  });
  const added = [...files.keys()].filter((path) => path !== manifestName && !listed.has(path));
  return [...wrong, ...added.map((path) => `${path} was added`)];
}

/** There have to be the requests that the chain says were made about this version, ended as it says, and no others. */
function requestFaults(manifest: Manifest, entries: readonly AuditEntry[], files: EvidenceFiles): string[] {
  const asked = new Map(
    detailsOf("ApprovalRequested", AskedDetailSchema, entries)
      .filter(({ card }) => card.version === manifest.version && card.creationTime === manifest.creationTime)
      .map((one) => [requestPathOf(one.requestId), one]),
  );
  const decided = new Map(
    detailsOf("ApprovalDecided", DecidedDetailSchema, entries).map((one) => [
      requestPathOf(one.requestId),
      one,
    ]),
  );
  const there = [...files.keys()].filter((path) => path.startsWith(requestsFolder));
  const missing = [...asked.keys()].filter((path) => !files.has(path));
  return [
    ...missing.map((path) => `${path} is not there, and the audit chain says that it was asked`),
    ...there.flatMap((path) => {
      const { data: request } = KeptRequestSchema.safeParse(jsonOf(files.get(path)));
      if (request === undefined || requestPathOf(request.requestId) !== path) {
        return [`${path} is no approval request`];
      }
      const begin = asked.get(path);
      if (begin === undefined) {
        return [`${path} was not asked about this version, as the audit chain has it`];
      }
      const end = decided.get(path);
      const differences = [
        !isSame(TermsSchema.parse(begin), TermsSchema.parse(request)) && "other terms",
        end !== undefined && !isSame(end.votes, request.votes) && "other votes",
        end !== undefined && end.outcome !== request.status && "another outcome",
      ];
      return differences
        .filter((what) => what !== false)
        .map((what) => `${path} has ${what} than the audit chain`);
    }),
  ];
}

function isSame(one: unknown, other: unknown): boolean {
  return canonicalJson(one) === canonicalJson(other);
}

/** Path of an approval request in the evidence. */
export function requestPathOf(requestId: string): string {
  return `${requestsFolder}${requestId}.json`;
}

function detailsOf<Detail extends z.ZodType>(
  kind: string,
  schema: Detail,
  entries: readonly AuditEntry[],
): z.output<Detail>[] {
  return entries.flatMap(({ detailType, detail }) => {
    const { data } = detailType === kind ? schema.safeParse(detail) : {};
    return data === undefined ? [] : [data];
  });
}

function entriesIn(bytes: Uint8Array | undefined): AuditEntry[] | undefined {
  const lines = textOf(bytes)
    .split("\n")
    .filter((line) => line !== "");
  // A member that is there twice is read in one way here and in another elsewhere.
  const entries = lines.map((line) => {
    const value = valueOf(line);
    return JSON.stringify(value) === line ? auditEntryFrom(value) : undefined;
  });
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

function jsonOf(bytes: Uint8Array | undefined): unknown {
  return bytes === undefined ? undefined : valueOf(textOf(bytes));
}

function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : new TextDecoder().decode(bytes);
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
