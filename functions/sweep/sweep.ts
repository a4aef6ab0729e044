import * as z from "zod";
import type { ModelCardList } from "../aws/model-card-list.ts";
import { nameOf } from "../aws/sagemaker.ts";
import type { AllSharing } from "../aws/sharing-overview.ts";
import type { RunningExecutions } from "../aws/step-functions.ts";
import { AwsUnavailableError } from "../errors.ts";
import { announceCompletion, announceProgress } from "./announce.ts";
import { type LookDependencies, createLook } from "./look.ts";
import { type Findings, type Progress, ProgressSchema, newFindings } from "./progress.ts";
import { type Snapshot, readSnapshot } from "./snapshot.ts";

export const SweepInputSchema = z.object({
  executionArn: z.string(),
  /** When the sweep was started, ISO 8601 UTC. */
  startedAt: z.iso.datetime(),
  /** Whether it only says what it would do: starts nothing, announces nothing, keeps nothing. */
  dryRun: z.boolean(),
  /** What the invocation before this one answered; `null` for the first. */
  progress: ProgressSchema.nullable(),
});

type SweepInput = z.output<typeof SweepInputSchema>;

interface Dependencies extends LookDependencies {
  modelCardList: ModelCardList;
  allSharing: AllSharing;
  runningPromotions: RunningExecutions;
}

/** No page of cards is begun later than this, in milliseconds; the rest of the function's 300 seconds is for the last one. */
const lastPageAfterMs = 180_000;

/** Nothing more is begun later than this, in milliseconds. */
const stopAfterMs = 270_000;

/** After how many cards progress is announced. */
const cardsPerAnnouncement = 10_000;

/**
 * Compares every card with what it should be, by its live access, its requests and its decisions, and starts a promotion for each
 * that differs, and for each that is gone and not forgotten. Changes nothing itself, and a promotion looks again, so one too
 * many does no harm. Safe to repeat.
 *
 * Calls grow with pages: of cards (100), of associations (500), of running executions (1,000) and of digests of records (a
 * megabyte, about 3,000). Besides, a card that differs costs up to eight calls, and two more where routes ask for tags: SageMaker's
 * search, which then finds the cards, may be behind, so what it shows is read again. Cards are held page by page, of all others only
 * what the snapshot keeps.
 *
 * @returns where the next invocation has to go on, where time has run out or AWS was not available; else what the sweep came
 *   to, which is then announced.
 * @throws {AwsUnavailableError} before this invocation had compared a page (transient).
 */
export async function sweep(input: SweepInput, dependencies: Dependencies): Promise<Progress> {
  const { modelCardList, now } = dependencies;
  const { executionArn, dryRun } = input;
  const beganMs = now().getTime();
  const hasTimeUntil = (limitMs: number): boolean => now().getTime() - beganMs < limitMs;
  let findings: Findings = structuredClone(
    input.progress ?? newFindings(await previousSweep(executionArn, dependencies)),
  );

  const snapshot = await readSnapshot(dependencies);
  const look = createLook(input, snapshot, dependencies);
  const seen = new Set<string>();
  const after = input.progress?.position?.after ?? "";
  let upTo = after;
  let nextToken = input.progress?.position?.nextToken;
  let pages = 0;
  do {
    const kept = structuredClone(findings);
    try {
      const page = await modelCardList.page(nextToken);
      for (const card of page.cards) {
        // Search may find a card once a version, so also on two pages.
        if (!seen.has(card.modelCardArn)) findings.scanned += 1;
        await look.card(card, findings);
        if (!dryRun && findings.scanned % cardsPerAnnouncement === 0) {
          await announceProgress(findings, executionArn, dependencies);
        }
      }
      for (const { modelCardArn, modelCardName } of page.cards) {
        seen.add(modelCardArn);
        if (modelCardName > upTo) upTo = modelCardName;
      }
      nextToken = page.nextToken;
      pages += 1;
    } catch (error) {
      if (!(error instanceof AwsUnavailableError) || pages === 0) throw error;
      // What was counted so far is not to be counted again, so only this page is tried again.
      findings = kept;
      break;
    }
  } while (nextToken !== undefined && hasTimeUntil(lastPageAfterMs));

  // Cards before and behind these were or will be on other pages.
  const isDue = (name: string): boolean => name > after && (nextToken === undefined || name <= upTo);
  for (const modelCardArn of new Set([...snapshot.sharing.cards(), ...snapshot.recorded()])) {
    if (seen.has(modelCardArn) || !isDue(nameOf(modelCardArn))) continue;
    // Cards that are gone are forgotten one by one, so the next sweep finds fewer.
    await look.gone(modelCardArn, findings, hasTimeUntil(stopAfterMs));
  }

  const position = nextToken === undefined ? null : { nextToken, after: upTo };
  if (!dryRun) await conclude(input, { ...findings, position }, snapshot, dependencies);
  return { ...findings, position };
}

async function previousSweep(executionArn: string, { records }: Dependencies): Promise<string | null> {
  const last = await records.lastSweep();
  return (last?.executionArn === executionArn ? last.previous : last?.executionArn) ?? null;
}

async function conclude(
  { executionArn, startedAt }: SweepInput,
  progress: Progress,
  snapshot: Snapshot,
  dependencies: Dependencies,
): Promise<void> {
  if (progress.position !== null) return announceProgress(progress, executionArn, dependencies);
  await announceCompletion(progress, { executionArn, startedAt }, snapshot, dependencies);
  await dependencies.records.keepLastSweep({ executionArn, previous: progress.previous });
}
