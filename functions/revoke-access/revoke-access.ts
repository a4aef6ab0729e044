import type { ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { type Promotion, assertCurrent } from "../promotion.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

/** Takes the card out of every share that its status does not call for. ConfirmAccess reads back that it is out. */
export async function revokeAccess(
  promotion: Promotion,
  dependencies: { modelCards: ModelCards; resourceSharing: ResourceSharing; records: PromotionRecords },
): Promise<void> {
  const { revoke } = promotion.plan;
  if (revoke.length === 0) return;
  await assertCurrent(promotion, dependencies);
  for (const { resourceShareArn } of revoke) {
    await dependencies.resourceSharing.revoke(promotion.card.modelCardArn, resourceShareArn);
  }
}
