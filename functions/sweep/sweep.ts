import * as z from "zod";
import { SweepCompleted } from "../../events/sweep-completed.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import { type ListedCard, type ModelCardList, type ModelCards, nameOf } from "../aws/sagemaker.ts";
import type { ExecutionStarter, RunningExecutions } from "../aws/step-functions.ts";
import { lifecycleNow } from "../card-lifecycle.ts";
import { AwsUnavailableError, CardwayError, SweepIncompleteError } from "../errors.ts";
import { compareAccess } from "../lifecycle/access-comparison.ts";
import type { LiveAccess } from "../lifecycle/access-plan.ts";
import { longestPromotionHours } from "../lifecycle/approval-policy.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { isSettled } from "../records/card-record.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

const CountSchema = z.int().min(0);

/** How far a sweep has come. */
const ProgressSchema = z.object({
  /** Where the next invocation goes on; `null` once every card was compared. `after` is the last name that is dealt with. */
  position: z.object({ nextToken: z.string(), after: z.string() }).nullable(),
  scanned: CountSchema,
  differing: CountSchema,
  started: CountSchema,
  failing: CountSchema,
});

type Progress = z.output<typeof ProgressSchema>;

export const SweepInputSchema = z.object({
  executionArn: z.string(),
  /** When the sweep was started, ISO 8601 UTC. */
  startedAt: z.iso.datetime(),
  /** What the invocation before this one answered; `null` for the first. */
  progress: ProgressSchema.nullable(),
});

interface Dependencies {
  modelCardList: ModelCardList;
  modelCards: ModelCards;
  resourceSharing: ResourceSharing;
  records: PromotionRecords;
  promotions: ExecutionStarter;
  runningPromotions: RunningExecutions;
  events: Events;
  settings: Settings;
  now: () => Date;
  log: (message: string) => void;
}

/** No page of cards is begun later than this, in milliseconds; the rest of the function's 300 seconds is for the last one. */
const lastPageAfterMs = 180_000;

/** Nothing more is begun later than this, in milliseconds. */
const stopAfterMs = 270_000;

/**
 * Compares every card with its live access and starts a promotion for each that differs, and for each that is gone and still
 * in a share. Changes nothing itself, and a promotion looks again, so one too many does no harm. Safe to repeat.
 *
 * Calls grow with pages: of cards (100), of associations (500) and of running executions (1,000). Besides, a card costs one
 * GetItem where its access alone tells nothing, which is in review; one ListTags where routes ask for tags; and a
 * StartExecution where it differs. Cards are held page by page, live access as a whole.
 *
 * @returns where the next invocation has to go on, where time has run out; else what the sweep came to, which is then
 *   announced.
 * @throws {SweepIncompleteError} some card could not be compared or started for; the others were, and it is announced.
 */
export async function sweep(
  { executionArn, startedAt, progress }: z.output<typeof SweepInputSchema>,
  dependencies: Dependencies,
): Promise<Progress> {
  const { modelCardList, resourceSharing, now } = dependencies;
  const beganMs = now().getTime();
  const hasTimeUntil = (limitMs: number): boolean => now().getTime() - beganMs < limitMs;
  const counts = { ...(progress ?? { scanned: 0, differing: 0, started: 0, failing: 0 }) };

  const unseen = await resourceSharing.liveAccessOfAll();
  const cardsInFullestShare = sizeOfFullestShare(unseen);
  const after = progress?.position?.after ?? "";
  let upTo = after;
  let nextToken = progress?.position?.nextToken;
  do {
    const page = await modelCardList.page(nextToken);
    for (const card of page.cards) {
      const live = unseen.get(card.modelCardArn) ?? [];
      unseen.delete(card.modelCardArn);
      counts.scanned += 1;
      await startIf(
        { modelCardArn: card.modelCardArn, executionArn },
        () => differs(card, live, dependencies),
        counts,
        dependencies,
      );
      if (card.modelCardName > upTo) upTo = card.modelCardName;
    }
    nextToken = page.nextToken;
  } while (nextToken !== undefined && hasTimeUntil(lastPageAfterMs));

  // Cards before and behind these were or will be on other pages.
  const isDue = (name: string): boolean => name > after && (nextToken === undefined || name <= upTo);
  for (const [modelCardArn, live] of unseen) {
    if (!isDue(nameOf(modelCardArn)) || compareAccess(undefined, undefined, live) === "same") continue;
    // A share lets go of them one by one, so the next sweep finds fewer.
    if (hasTimeUntil(stopAfterMs)) {
      await startIf(
        { modelCardArn, executionArn },
        () => isGone(modelCardArn, dependencies),
        counts,
        dependencies,
      );
    } else counts.differing += 1;
  }

  const position = nextToken === undefined ? null : { nextToken, after: upTo };
  const reached = { ...counts, position };
  if (position === null) {
    await announce(counts, { executionArn, startedAt, cardsInFullestShare }, dependencies);
  }
  return reached;
}

async function startIf(
  { modelCardArn, executionArn }: { modelCardArn: string; executionArn: string },
  isDifferent: () => Promise<boolean>,
  counts: Omit<Progress, "position">,
  { promotions, log }: Dependencies,
): Promise<void> {
  try {
    if (!(await isDifferent())) return;
    counts.differing += 1;
    // An invocation that is tried again finds differences that have not been worked on yet: those are not started again.
    await promotions.start({ modelCardArn, reason: "sweep" }, `${executionArn} ${modelCardArn}`);
    counts.started += 1;
  } catch (error) {
    if (error instanceof AwsUnavailableError) throw error;
    // One bad card never keeps the others from being compared.
    counts.failing += 1;
    const reason = error instanceof CardwayError ? error.message : "an unexpected error";
    log(`${nameOf(modelCardArn)} could not be compared: ${reason}`);
  }
}

async function differs(card: ListedCard, live: LiveAccess[], dependencies: Dependencies): Promise<boolean> {
  const { records, settings } = dependencies;
  const comparison = compareAccess(card.status, await lifecycleNow(card, dependencies), live);
  if (comparison !== "depends-on-record") return comparison === "differs";
  // Whoever asked approvers, or need not ask again, has settled the card; in any other state a question is missing.
  const record = await records.readCard(card.modelCardArn);
  const { version, lastModifiedTime } = record.settled ?? {};
  return !isSettled(record, { version, lastModifiedTime, ...card }, settings.policyVersion);
}

async function isGone(modelCardArn: string, { modelCards }: Dependencies): Promise<boolean> {
  return (await modelCards.read(modelCardArn)).status === "Deleted";
}

function sizeOfFullestShare(live: Map<string, LiveAccess[]>): number {
  const sizes = new Map<string, number>();
  for (const { resourceShareArn } of [...live.values()].flat()) {
    sizes.set(resourceShareArn, (sizes.get(resourceShareArn) ?? 0) + 1);
  }
  return Math.max(0, ...sizes.values());
}

async function announce(
  { scanned, differing, started, failing }: Omit<Progress, "position">,
  about: { executionArn: string; startedAt: string; cardsInFullestShare: number },
  { runningPromotions, events, settings, now }: Dependencies,
): Promise<void> {
  const { executionArn, startedAt, cardsInFullestShare } = about;
  const at = now();
  const longestMs = longestPromotionHours(settings.approval.policies) * 3_600_000;
  const detail = SweepCompleted.detail.parse({
    at: at.toISOString(),
    executionArn,
    policyVersion: settings.policyVersion,
    durationSeconds: Math.max(0, at.getTime() - Date.parse(startedAt)) / 1000,
    scanned,
    differing,
    started,
    failing,
    stuckExecutions: await runningPromotions.countStartedBefore(new Date(at.getTime() - longestMs)),
    cardsInFullestShare,
  });
  await events.publish([{ source: SweepCompleted.source, detailType: SweepCompleted.detailType, detail }]);
  if (failing > 0) {
    throw new SweepIncompleteError(
      `${failing} of ${scanned} cards could not be compared; the log of cardway-sweep says why. The others were, and the next sweep tries again.`,
    );
  }
}
