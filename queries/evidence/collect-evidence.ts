import type { ModelCards } from "../../functions/aws/sagemaker.ts";
import { InvalidInputError } from "../../functions/errors.ts";
import { emptyChain } from "../../functions/records/audit-chain.ts";
import { readAuditChain } from "../../functions/records/records-in-table.ts";
import { cardArnOf, readCardDetail } from "../card.ts";
import { explainCard } from "../explain.ts";
import { readHistory } from "../execution.ts";
import { requestView } from "../requests.ts";
import type { QuerySources } from "../sources.ts";
import { type EvidenceFiles, type Manifest, jsonFile, listedFile, manifestName } from "./manifest.ts";
import { auditPath, requestPathOf } from "./verify-evidence.ts";

/** What evidence takes beside what operators see: the content of the card, which not everybody may read. */
export interface EvidenceSources extends QuerySources {
  modelCards: ModelCards;
  /** SageMaker's own PDF of a version of a card, made by an export job. */
  pdfOf(modelCardArn: string, version: number): Promise<Uint8Array>;
  /** Who collects: their ARN, or whom the console's issuer signed in. */
  collectedBy: string;
}

/** How many executions evidence has at most, the newest ones. */
const mostExecutions = 100;

/**
 * All that proves how one version of a card came to be approved and shared: its content and PDF, votes with their reasons, the audit
 * chain, executions, access as it is now, and why.
 *
 * @param nameAndVersion - For example `Customer-Churn-Model-Card@2`; the newest version where none is named.
 * @throws {InvalidInputError} there is no such card or version.
 */
export async function collectEvidence(
  nameAndVersion: string,
  sources: EvidenceSources,
): Promise<EvidenceFiles> {
  const [name = "", wanted] = nameAndVersion.split("@");
  const detail = await readCardDetail(name, sources, { executions: mostExecutions });
  const { creationTime, version: newest } = detail?.card ?? {};
  if (detail === undefined || creationTime === undefined || newest === undefined) {
    throw new InvalidInputError(`There is no model card ${name}.`);
  }
  const version = versionIn(wanted, newest, name);
  const { modelCardArn } = detail.card;
  const content = await sources.modelCards.content(modelCardArn, version);
  if (content === undefined)
    throw new InvalidInputError(`Version ${version} of ${name} has no content to be read.`);

  const [pdf, chain, histories, requests] = await Promise.all([
    sources.pdfOf(modelCardArn, version),
    readAuditChain(sources.table, cardArnOf(name, sources)),
    Promise.all(detail.executions.map((execution) => readHistory(execution, sources))),
    requestsAbout(
      detail.audit.flatMap(({ detail: { requestId } }) => (typeof requestId === "string" ? requestId : [])),
      { creationTime, version },
      sources,
    ),
  ]);
  const files = new Map<string, Uint8Array>([
    // To the letter: numbers of other precision would be other content.
    ["card/content.json", new TextEncoder().encode(content)],
    ["card/card.pdf", pdf],
    ["card/versions.json", jsonFile(detail.versions)],
    [
      auditPath,
      new TextEncoder().encode(chain.entries.map((entry) => `${JSON.stringify(entry)}\n`).join("")),
    ],
    ["access/access.json", jsonFile(detail.access)],
    ["access/explanation.json", jsonFile(explainCard(detail, sources.settings))],
    ...requests.map((request): [string, Uint8Array] => [requestPathOf(request.requestId), jsonFile(request)]),
    ...histories.map((history): [string, Uint8Array] => [
      `executions/${history.execution.name}.json`,
      jsonFile(history),
    ]),
  ]);
  const manifest: Manifest = {
    format: "cardway-evidence-1",
    modelCardArn,
    creationTime,
    version,
    collectedAt: sources.now().toISOString(),
    collectedBy: sources.collectedBy,
    policyVersion: sources.settings.policyVersion,
    auditHead: chain.head ?? emptyChain,
    files: [...files].map(([path, bytes]) => listedFile(path, bytes)),
  };
  return new Map([[manifestName, jsonFile(manifest)], ...files]);
}

function versionIn(text: string | undefined, newest: number, name: string): number {
  if (text === undefined) return newest;
  const version = Number(text);
  if (Number.isInteger(version) && version >= 1 && version <= newest) return version;
  throw new InvalidInputError(`${name} has no version ${text}; the newest is ${newest}.`);
}

/**
 * Requests about a version of this very card, and of none that had its name before: with every vote, and without the token of who
 * waits.
 */
async function requestsAbout(
  ids: string[],
  { creationTime, version }: { creationTime: string; version: number },
  { records, now }: QuerySources,
) {
  const requests = await Promise.all([...new Set(ids)].map((requestId) => records.findRequest(requestId)));
  return requests.flatMap((request) =>
    request === undefined || request.card.version !== version || request.card.creationTime !== creationTime
      ? []
      : [{ ...requestView(request, now()), policy: request.policy, votes: request.votes }],
  );
}
