import { nameOf } from "../functions/aws/sagemaker.ts";
import { AwsCallFailedError } from "../functions/errors.ts";
import type { Card } from "../functions/lifecycle/card.ts";
import type { CardRecord } from "../functions/records/card-record.ts";
import type { QuerySources } from "./sources.ts";

/**
 * A card as it is now. SageMaker describes cards to those only who may read their content, as operators and auditors may not: for
 * them it comes from its lists, and its risk rating and editors from Cardway's record, as they were when it was read last.
 */
export async function readCardAsAllowed(
  modelCardArn: string,
  record: CardRecord,
  sources: Pick<QuerySources, "modelCards" | "modelCardPages" | "cardVersions">,
): Promise<Card> {
  try {
    return await sources.modelCards.read(modelCardArn);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return listedCard(modelCardArn, record, sources);
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof AwsCallFailedError &&
    error.cause instanceof Error &&
    error.cause.name.startsWith("AccessDenied")
  );
}

async function listedCard(
  modelCardArn: string,
  { riskRating = "Unknown", editors }: CardRecord,
  { modelCardPages, cardVersions }: Pick<QuerySources, "modelCardPages" | "cardVersions">,
): Promise<Card> {
  const modelCardName = nameOf(modelCardArn);
  const about = { modelCardArn, modelCardName, riskRating, editors: editors?.identities ?? [] };
  const versions = await cardVersions.list(modelCardArn);
  const newest = versions.toSorted((one, other) => other.version - one.version)[0];
  if (newest === undefined) return { ...about, status: "Deleted" };
  let nextToken: string | undefined;
  do {
    const page = await modelCardPages.page({ nameContains: modelCardName, nextToken, limit: 100 });
    const found = page.cards.find((card) => card.modelCardArn === modelCardArn);
    if (found !== undefined) {
      const { status, creationTime, lastModifiedTime } = found;
      return { ...about, status, creationTime, lastModifiedTime, version: newest.version };
    }
    ({ nextToken } = page);
  } while (nextToken !== undefined);
  return { ...about, status: "Deleted" };
}
