import type { AllSharing, SharingOverview } from "../aws/sharing-overview.ts";
import type { RunningExecutions, RunningOverview } from "../aws/step-functions.ts";
import { longestPromotionHours } from "../lifecycle/approval-policy.ts";
import type { CardDigest, RequestDigest } from "../lifecycle/card-digest.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { cardDigestFrom, requestDigestFrom } from "../records/sweep-digest.ts";

/** All that is read once for all cards. About 500 bytes a card, because digests stay text until they are asked for. */
export interface Snapshot {
  sharing: SharingOverview;
  running: RunningOverview;
  /** ARNs of all cards that something is on record of. */
  recorded(): Iterable<string>;
  digestOf(modelCardArn: string): {
    digest: CardDigest | undefined;
    /** As it is kept. */
    text: string | undefined;
    request: RequestDigest | undefined;
  };
}

/**
 * Reads digests, running executions and shares. In this order: whoever took a card before its digest was read is among those
 * that run, or has ended since.
 */
export async function readSnapshot({
  records,
  runningPromotions,
  allSharing,
  settings,
  now,
}: {
  records: Pick<PromotionRecords, "digests">;
  runningPromotions: RunningExecutions;
  allSharing: AllSharing;
  settings: Settings;
  now: () => Date;
}): Promise<Snapshot> {
  const cards = new Map<string, string>();
  const requests = new Map<string, string>();
  let after: string | undefined;
  do {
    const page = await records.digests(after);
    for (const { id, digest } of page.cards) cards.set(id, digest);
    for (const { id, digest } of page.requests) requests.set(id, digest);
    after = page.next;
  } while (after !== undefined);

  const longestMs = longestPromotionHours(settings.approval.policies) * 3_600_000;
  const running = await runningPromotions.read(new Date(now().getTime() - longestMs));
  const sharing = await allSharing.read();
  return {
    sharing,
    running,
    recorded: () => cards.keys(),
    digestOf(modelCardArn) {
      const text = cards.get(modelCardArn);
      const digest = text === undefined ? undefined : cardDigestFrom(text);
      const requestText = requests.get(digest?.request ?? "");
      return {
        digest,
        text,
        request: requestText === undefined ? undefined : requestDigestFrom(requestText),
      };
    },
  };
}
