import type { CardDifference } from "../../events/card-difference.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import type { ListedCard } from "../aws/model-card-list.ts";
import type { Executions } from "../aws/step-functions.ts";
import { differencesOf } from "../lifecycle/card-comparison.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { executionNameOf, requestDigestOf, sweepDigestOf, textOf } from "../records/sweep-digest.ts";
import type { Snapshot } from "./snapshot.ts";

export interface CompareDependencies {
  records: PromotionRecords;
  resourceSharing: Pick<ResourceSharing, "liveAccess">;
  executions: Pick<Executions, "stateOf">;
  settings: Settings;
  now: () => Date;
}

/** In what a card differs as far as the snapshot shows. Calls nothing. */
export function notedDifferences(
  modelCardArn: string,
  card: ListedCard | undefined,
  lifecycle: Lifecycle | undefined,
  { digestOf, running, sharing }: Pick<Snapshot, "digestOf" | "running" | "sharing">,
  { settings, now }: Pick<CompareDependencies, "settings" | "now">,
): CardDifference[] {
  const { digest, request } = digestOf(modelCardArn);
  const live = sharing.liveAccess(modelCardArn);
  const { principals } = sharing;
  return differencesOf({ card, lifecycle, digest, request, live, principals, ...running }, settings, now());
}

/**
 * In what a card differs. What the snapshot shows to differ is read again, because a snapshot is of some moments ago, and a card
 * that was worked on meanwhile is no difference: calls grow with differences only.
 *
 * @param card - `undefined` for a card that is gone.
 */
export async function compareCard(
  modelCardArn: string,
  card: ListedCard | undefined,
  lifecycle: Lifecycle | undefined,
  snapshot: Snapshot,
  dependencies: CompareDependencies,
): Promise<CardDifference[]> {
  if (notedDifferences(modelCardArn, card, lifecycle, snapshot, dependencies).length === 0) return [];

  const { records, resourceSharing, executions, settings, now } = dependencies;
  const record = await records.readCard(modelCardArn);
  const { claim, currentRequest } = record;
  const found = currentRequest && (await records.findRequest(currentRequest.requestId));
  const digest = sweepDigestOf(record);
  const request = found && requestDigestOf(found);
  const atWork = new Set<string>();
  for (const executionArn of new Set([claim?.executionArn, request && found.waiting?.executionArn])) {
    if (executionArn === undefined || (await executions.stateOf(executionArn)) !== "running") continue;
    atWork.add(executionNameOf(executionArn));
  }
  const isUnchanged = textOf(digest) === snapshot.digestOf(modelCardArn).text;
  return differencesOf(
    {
      card,
      lifecycle,
      digest,
      request,
      live: isUnchanged
        ? snapshot.sharing.liveAccess(modelCardArn)
        : await resourceSharing.liveAccess(modelCardArn),
      principals: snapshot.sharing.principals,
      isRunning: (name) => atWork.has(name),
    },
    settings,
    now(),
  );
}
