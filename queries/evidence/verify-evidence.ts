import * as z from "zod";
import { AuditEntrySchema, type AuditEntry, faultsOf } from "../../functions/records/audit-chain.ts";
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
export const requestsFolder = "approvals/";

const KeptRequestSchema = z.looseObject({
  requestId: z.string(),
  votes: z.array(VoteSchema.pick({ approverId: true, approve: true, comment: true, at: true })),
});

const DecidedDetailSchema = z.looseObject({
  requestId: z.string(),
  votes: z.array(VoteSchema.pick({ approverId: true, approve: true, comment: true, at: true })),
});

/**
 * Checks that evidence is complete and unchanged: every file against the manifest, the audit chain entry by entry, and the votes
 * against what the chain says was decided.
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
          ...faultsOf(entries, manifest.auditHead).map(({ message }) => `audit: ${message}`),
          ...aboutOthers(entries, manifest),
          ...voteFaults(entries, files),
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

function aboutOthers(entries: readonly AuditEntry[], { modelCardArn }: Manifest): string[] {
  const other = entries.find((entry) => entry.modelCardArn !== modelCardArn);
  return other === undefined ? [] : [`audit: entry ${other.sequence} is about another card`];
}

/** The votes of each request have to be those that its recorded end names. */
function voteFaults(entries: readonly AuditEntry[], files: EvidenceFiles): string[] {
  const decided = new Map(
    entries.flatMap(({ detailType, detail }) => {
      const parsed = detailType === "ApprovalDecided" ? DecidedDetailSchema.safeParse(detail) : undefined;
      return parsed?.success === true ? [[parsed.data.requestId, parsed.data.votes] as const] : [];
    }),
  );
  return [...files.keys()]
    .filter((path) => path.startsWith(requestsFolder))
    .flatMap((path) => {
      const request = KeptRequestSchema.safeParse(jsonOf(files.get(path)));
      if (!request.success) return [`${path} is no approval request`];
      const votes = decided.get(request.data.requestId);
      const same = votes === undefined || canonicalJson(votes) === canonicalJson(request.data.votes);
      return same ? [] : [`${path} has other votes than the audit chain`];
    });
}

function entriesIn(bytes: Uint8Array | undefined): AuditEntry[] | undefined {
  const lines = textOf(bytes)
    .split("\n")
    .filter((line) => line !== "");
  const entries = lines.map((line) => AuditEntrySchema.safeParse(valueOf(line)).data);
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
