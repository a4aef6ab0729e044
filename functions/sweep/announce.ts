import { SweepCompleted } from "../../events/sweep-completed.ts";
import { SweepProgressed } from "../../events/sweep-progressed.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Findings, countsOf } from "./progress.ts";
import type { Snapshot } from "./snapshot.ts";

interface Dependencies {
  events: Events;
  settings: Settings;
  now: () => Date;
}

/** Announces how far a sweep has come. Safe to repeat: each event has the counts up to its moment. */
export async function announceProgress(
  findings: Findings,
  executionArn: string,
  { events, now }: Dependencies,
): Promise<void> {
  const { source, detailType } = SweepProgressed;
  const detail = SweepProgressed.detail.parse({
    at: now().toISOString(),
    executionArn,
    ...countsOf(findings),
  });
  await events.publish([{ source, detailType, detail }]);
}

/**
 * Announces what a sweep came to, with how long it took, the promotions that run for too long, and the fullest share.
 *
 * @param sweep.startedAt - ISO 8601 UTC.
 */
export async function announceCompletion(
  findings: Findings,
  sweep: { executionArn: string; startedAt: string },
  { running, sharing }: Snapshot,
  { events, settings, now }: Dependencies,
): Promise<void> {
  const at = now();
  const { source, detailType } = SweepCompleted;
  const ownShares = sharing.shares.filter(({ audience }) => audience !== undefined);
  const detail = SweepCompleted.detail.parse({
    at: at.toISOString(),
    executionArn: sweep.executionArn,
    policyVersion: settings.policyVersion,
    durationSeconds: Math.max(0, at.getTime() - Date.parse(sweep.startedAt)) / 1000,
    ...countsOf(findings),
    stuckExecutions: running.startedBefore,
    cardsInFullestShare: Math.max(0, ...ownShares.map(({ size }) => size)),
  });
  await events.publish([{ source, detailType, detail }]);
}
