import { createHash } from "node:crypto";
import type { CardDifference } from "../../events/card-difference.ts";
import type { ListedCard } from "../aws/model-card-list.ts";
import { type ModelCards, nameOf } from "../aws/sagemaker.ts";
import { type ExecutionStarter, executionNameFor } from "../aws/step-functions.ts";
import { lifecycleNow } from "../card-lifecycle.ts";
import { AwsUnavailableError, CardwayError } from "../errors.ts";
import { isPresent } from "../lifecycle/access-plan.ts";
import { lifecycleOf, routesNeedTags } from "../lifecycle/routes.ts";
import type { Lifecycle } from "../lifecycle/settings.ts";
import { differencesOfShares } from "../lifecycle/share-comparison.ts";
import { type CompareDependencies, compareCard, notedDifferences } from "./compare-card.ts";
import { type Findings, countDiffering } from "./progress.ts";
import { type ReadOnlyDependencies, createReadOnlyCheck } from "./read-only-check.ts";
import type { Snapshot } from "./snapshot.ts";

export interface LookDependencies extends CompareDependencies, ReadOnlyDependencies {
  modelCards: ModelCards;
  promotions: ExecutionStarter;
  log: (message: string) => void;
}

/** Looks at one card, counts what it finds, and starts a promotion where one can mend that. */
export interface Look {
  card(card: ListedCard, findings: Findings): Promise<void>;
  /**
   * @param hasTime - Whether there is time to see whether the card is gone. Where there is not, a card that no list shows is only
   *   counted, and one that search did not find is left to the next sweep.
   */
  gone(modelCardArn: string, findings: Findings, hasTime: boolean): Promise<void>;
}

/** How many cards of a share are started for, besides the first, where its principals are not those of the settings. */
const moreCardsOfShare = 3;

/**
 * How one invocation of a sweep looks at cards.
 *
 * @param snapshot - What was read once for all cards.
 * @returns a look that throws {AwsUnavailableError} alone; whatever else goes wrong with a card is counted as failing.
 */
export function createLook(
  { executionArn, dryRun }: { executionArn: string; dryRun: boolean },
  snapshot: Snapshot,
  dependencies: LookDependencies,
): Look {
  const { modelCards, promotions, settings, log } = dependencies;
  const isSearched = routesNeedTags(settings);
  const ofShares = differencesOfShares(snapshot.sharing.shares, settings);
  const checkReadOnly = createReadOnlyCheck(snapshot, { executionArn, dryRun }, dependencies);
  /** Cards that are counted already: search may find a card once a version, so on two pages. */
  const counted = { differing: new Set<string>(), repaired: new Set<string>() };
  const intentOf = (modelCardArn: string, sweep = executionArn): string => `${sweep} ${modelCardArn}`;

  const start = async (modelCardArn: string, findings: Findings): Promise<void> => {
    if (dryRun) return;
    // An invocation that is tried again finds differences that have not been worked on yet: those are not started again.
    await promotions.start({ modelCardArn, reason: "sweep" }, intentOf(modelCardArn));
    findings.started += 1;
  };

  /** Counts a card that is as it should be by what a sweep started for it. */
  const countSame = (modelCardArn: string, findings: Findings): void => {
    const { claim, settled } = snapshot.digestOf(modelCardArn).digest ?? {};
    const isBy = (sweep: string): boolean => {
      const name = executionNameFor(intentOf(modelCardArn, sweep));
      return claim === name || settled?.by === name;
    };
    if (isBy(executionArn)) {
      // An earlier try of this invocation found it, and that is done already.
      counted.differing.add(modelCardArn);
      findings.differing += 1;
      findings.started += 1;
    } else if (findings.previous !== null && claim === undefined && isBy(findings.previous)) {
      if (!counted.repaired.has(modelCardArn)) findings.repaired += 1;
      counted.repaired.add(modelCardArn);
    }
  };

  /** Shares of the card with the wrong principals. One card's promotion mends its share for all of them. */
  const wrongSharesOf = (modelCardArn: string): string[] =>
    snapshot.sharing
      .liveAccess(modelCardArn)
      .filter((access) => isPresent(access) && ofShares.has(access.resourceShareArn))
      .map(({ resourceShareArn }) => resourceShareArn);

  const compareListed = async (card: ListedCard, findings: Findings): Promise<void> => {
    const { modelCardArn, modelCardName, tags = {} } = card;
    if (counted.differing.has(modelCardArn)) return;
    const lifecycle = lifecycleOf({ modelCardName, tags }, settings);
    const differs = notedDifferences(modelCardArn, card, lifecycle, snapshot, dependencies).length > 0;
    if (isSearched && differs) await compareNow(modelCardArn, findings);
    else await compare(card, lifecycle, findings);
  };

  /** Search may be behind, or not know a card at all, so what it shows to differ is compared as it is now. */
  const compareNow = async (modelCardArn: string, findings: Findings): Promise<void> => {
    const { status, ...card } = await modelCards.read(modelCardArn);
    if (status === "Deleted") await compareGone(modelCardArn, findings);
    else await compare({ ...card, status }, await lifecycleNow({ ...card, status }, dependencies), findings);
  };

  const compare = async (
    card: ListedCard,
    lifecycle: Lifecycle | undefined,
    findings: Findings,
  ): Promise<void> => {
    const { modelCardArn, modelCardName } = card;
    const own = await compareCard(modelCardArn, card, lifecycle, snapshot, dependencies);
    const readOnly = await checkReadOnly(card, lifecycle, findings);
    const wrongShares = wrongSharesOf(modelCardArn);
    const differences = new Set<CardDifference>([
      ...own,
      ...(readOnly.isBroken ? ["read-only-broken" as const] : []),
      ...wrongShares.flatMap((resourceShareArn) => ofShares.get(resourceShareArn) ?? []),
    ]);
    if (differences.size === 0) return countSame(modelCardArn, findings);
    countDiffering(findings, modelCardName, [...differences]);
    counted.differing.add(modelCardArn);

    const isHopeless = readOnly.waitsForRole && own.every((difference) => difference === "access-missing");
    const mendsShare = wrongShares.some(
      (resourceShareArn) =>
        !findings.seenTo.includes(resourceShareArn) || isDrawn(modelCardArn, resourceShareArn),
    );
    if ((own.length === 0 || isHopeless) && !readOnly.isBroken && !mendsShare) return;
    await start(modelCardArn, findings);
    findings.seenTo = [...new Set([...findings.seenTo, ...wrongShares])];
  };

  /** Others in each sweep, lest the first card of a share should be one whose promotion fails. */
  const isDrawn = (modelCardArn: string, resourceShareArn: string): boolean => {
    const size = snapshot.sharing.shares.find((share) => share.resourceShareArn === resourceShareArn)?.size;
    const lot = createHash("sha256").update(intentOf(modelCardArn)).digest().readUInt32BE();
    return lot % (size ?? 1) < moreCardsOfShare;
  };

  const compareUnlisted = async (
    modelCardArn: string,
    findings: Findings,
    hasTime: boolean,
  ): Promise<void> => {
    const noted = notedDifferences(modelCardArn, undefined, undefined, snapshot, dependencies);
    if (noted.length === 0) return;
    if (!hasTime) {
      if (!isSearched) countDiffering(findings, nameOf(modelCardArn), noted);
    } else if (isSearched) await compareNow(modelCardArn, findings);
    else if ((await modelCards.read(modelCardArn)).status === "Deleted") {
      await compareGone(modelCardArn, findings);
    }
  };

  const compareGone = async (modelCardArn: string, findings: Findings): Promise<void> => {
    const found = await compareCard(modelCardArn, undefined, undefined, snapshot, dependencies);
    if (found.length === 0) return;
    countDiffering(findings, nameOf(modelCardArn), found);
    await start(modelCardArn, findings);
  };

  /** One bad card never keeps the others from being compared. */
  const orFail = async (
    modelCardArn: string,
    findings: Findings,
    run: () => Promise<void>,
  ): Promise<void> => {
    try {
      await run();
    } catch (error) {
      if (error instanceof AwsUnavailableError) throw error;
      findings.failing += 1;
      const reason = error instanceof CardwayError ? error.message : "an unexpected error";
      log(`${nameOf(modelCardArn)} could not be compared: ${reason}`);
    }
  };

  return {
    card: (card, findings) => orFail(card.modelCardArn, findings, () => compareListed(card, findings)),
    gone: (modelCardArn, findings, hasTime) =>
      orFail(modelCardArn, findings, () => compareUnlisted(modelCardArn, findings, hasTime)),
  };
}
