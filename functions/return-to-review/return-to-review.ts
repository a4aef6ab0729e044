import { ReviewReopened } from "../../events/review-reopened.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Promotion, assertCurrent } from "../promotion.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

/** Sets a card that was edited after its approval back to `PendingReview`. Its production access is revoked before. */
export async function returnToReview(
  promotion: Promotion,
  dependencies: {
    modelCards: ModelCards;
    records: PromotionRecords;
    events: Events;
    settings: Settings;
    now: () => Date;
  },
): Promise<void> {
  const { card, executionArn } = promotion;
  const { modelCards, records, settings, now } = dependencies;
  await assertCurrent(promotion, dependencies);
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  await recordEffects([effectOf(ReviewReopened, context, "", {})], dependencies);
  const { creationTime, version } = card;
  // Noted first, so that this status is never taken for one that somebody else has set.
  await records.changeCard(card.modelCardArn, (record) => ({
    record: { ...record, reopened: { creationTime, version } },
    result: undefined,
  }));
  await modelCards.setStatus(card.modelCardArn, "PendingReview");
}
