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

export async function announceCompletion(
  findings: Findings,
  { executionArn, startedAt }: { executionArn: string; startedAt: string },
  { running, sharing }: Snapshot,
  { events, settings, now }: Dependencies,
): Promise<void> {
  const at = now();
  const { source, detailType } = SweepCompleted;
  const ownShares = sharing.shares.filter(({ audience }) => audience !== undefined);
  const detail = SweepCompleted.detail.parse({
    at: at.toISOString(),
    executionArn,
    policyVersion: settings.policyVersion,
    durationSeconds: Math.max(0, at.getTime() - Date.parse(startedAt)) / 1000,
    ...countsOf(findings),
    stuckExecutions: running.startedBefore,
    cardsInFullestShare: Math.max(0, ...ownShares.map(({ size }) => size)),
  });
  await events.publish([{ source, detailType, detail }]);
}
