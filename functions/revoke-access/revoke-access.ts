import type { Events } from "../aws/event-bridge.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { readOnlyStages } from "../lifecycle/read-only.ts";
import { lifecycleNamed } from "../lifecycle/routes.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Promotion, assertCurrent } from "../promotion.ts";
import { recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { strangersIn } from "../records/strangers.ts";
import { endForeignAccess } from "./end-foreign-access.ts";

/**
 * Takes the card out of every share that its status does not call for, and takes principals out of the shares that stay whom
 * the settings do not name; one who made a read-only stage able to update is announced. So is a share made by hand that did, which
 * the card is taken out of. ConfirmAccess reads back.
 */
export async function revokeAccess(
  promotion: Promotion,
  dependencies: {
    modelCards: ModelCards;
    resourceSharing: ResourceSharing;
    records: PromotionRecords;
    events: Events;
    settings: Settings;
    now: () => Date;
  },
): Promise<void> {
  const { card, executionArn, plan } = promotion;
  const surplus = promotion.principalChanges.filter(({ disassociate }) => disassociate.length > 0);
  const { resourceSharing, settings, now } = dependencies;
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  // Whatever became of the card: who may only read it and goes on writing must not keep the door open by that.
  await endForeignAccess(promotion, context, dependencies);
  if (plan.revoke.length + surplus.length === 0) return;
  await assertCurrent(promotion, dependencies);
  const lifecycle = lifecycleNamed(promotion.lifecycle, settings);
  const strangers = surplus.flatMap(({ resourceShareArn, disassociate }) =>
    disassociate.map((principal) => ({ principal, resourceShareArn })),
  );
  // Announced first: once they are out, nothing shows any more that they were in.
  await recordEffects(strangersIn(readOnlyStages(lifecycle), strangers, context), dependencies);
  for (const { resourceShareArn } of plan.revoke)
    await resourceSharing.revoke(card.modelCardArn, resourceShareArn);
  for (const { resourceShareArn, disassociate } of surplus) {
    await resourceSharing.removePrincipals(resourceShareArn, disassociate);
  }
}
