import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import { AwsCallFailedError } from "../errors.ts";
import type { Promotion } from "../promotion.ts";
import { type NotedShare, withForeignShares, withShareTried } from "../records/card-record.ts";
import { type Effect, type EffectContext, effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

/**
 * Takes the card out of shares made by hand that let a read-only stage write, and announces each once. The share, its other
 * cards and its principals stay. Where RAM refuses, that is announced; ConfirmAccess then fails.
 *
 * Each is noted before anything is done about it: once the card is out, nothing shows any more that it was in. Safe to repeat.
 */
export async function endForeignAccess(
  { card: { modelCardArn }, foreignShares }: Promotion,
  context: EffectContext,
  dependencies: { resourceSharing: ResourceSharing; records: PromotionRecords; events: Events },
): Promise<void> {
  const { resourceSharing, records } = dependencies;
  if (foreignShares.length === 0) return;
  const noted = await records.changeCard(modelCardArn, (record) => {
    const next = withForeignShares(record, foreignShares, context.now);
    return { record: next, result: next.foreignShares ?? [] };
  });
  for (const { resourceShareArn, stage } of foreignShares) {
    const share = noted.find((other) => other.resourceShareArn === resourceShareArn && other.stage === stage);
    if (share === undefined) continue;
    const removed = await takeOut(modelCardArn, share, resourceSharing);
    await recordEffects([broken(share, removed, context)], dependencies);
    await records.changeCard(modelCardArn, (record) => ({
      record: withShareTried(record, share, removed),
      result: undefined,
    }));
  }
}

async function takeOut(
  modelCardArn: string,
  { resourceShareArn }: NotedShare,
  resourceSharing: ResourceSharing,
): Promise<boolean> {
  try {
    await resourceSharing.revoke(modelCardArn, resourceShareArn);
    return true;
  } catch (error) {
    if (!(error instanceof AwsCallFailedError)) throw error;
    return false;
  }
}

/** Its id comes from the occurrence, so that every execution that meets it announces the same effect. */
function broken(
  { stage, accountId, resourceShareArn, principals, since }: NotedShare,
  accessRemoved: boolean,
  context: EffectContext,
): Effect {
  const violations = principals.map((principal) => ({
    kind: "principal-of-foreign-share",
    principal,
    resourceShareArn,
  }));
  const members = { stage, accountId, violations, accessRemoved };
  const occurrence = [
    context.card?.modelCardArn ?? "",
    stage,
    resourceShareArn,
    since,
    String(accessRemoved),
  ];
  return effectOf(ReadOnlyBroken, context, stage, members, [ReadOnlyBroken.detailType, ...occurrence]);
}
