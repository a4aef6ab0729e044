import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import { type LivePrincipal, readOnlyViolations } from "../lifecycle/read-only.ts";
import { type Effect, type EffectContext, effectOf } from "./effects.ts";

/** The effects that announce principals in Cardway's own shares who let a read-only stage write, and who are being removed. */
export function strangersIn(
  stages: { stage: string; accountId: string }[],
  strangers: LivePrincipal[],
  context: EffectContext,
): Effect[] {
  const ownShares = strangers.map(({ resourceShareArn }) => resourceShareArn);
  return stages.flatMap(({ stage, accountId }) => {
    const violations = readOnlyViolations(accountId, strangers, ownShares);
    const members = { stage, accountId, violations, accessRemoved: true };
    return violations.length === 0 ? [] : [effectOf(ReadOnlyBroken, context, stage, members)];
  });
}
