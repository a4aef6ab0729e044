import type { Audience } from "../../events/access.ts";
import { AccessGranted } from "../../events/access-granted.ts";
import { AccessRevoked } from "../../events/access-revoked.ts";
import { audienceKey } from "../lifecycle/access-plan.ts";
import type { CardRecord } from "./card-record.ts";
import { type Effect, type EffectContext, effectOf, secondsFrom } from "./effects.ts";

/**
 * The beginning or the end of an audience's access. Its id comes from the card and how often that access has ended before: an
 * execution, the next one after it died, and a deployment that retires the share may all see the same change, and it is one
 * effect.
 */
function accessEffect(
  event: typeof AccessGranted | typeof AccessRevoked,
  context: EffectContext,
  { modelCardArn, accessEnds }: CardRecord,
  members: { audience: Audience; resourceShareArn?: string | undefined; durationSeconds?: number },
): Effect {
  const key = audienceKey(members.audience);
  return effectOf(event, context, key, members, [
    event.detailType,
    modelCardArn,
    key,
    String(accessEnds[key] ?? 0),
  ]);
}

/** The beginning of an audience's access through a share. */
export function accessGranted(
  context: EffectContext,
  record: CardRecord,
  members: { audience: Audience; resourceShareArn: string | undefined },
): Effect {
  const { awaitedSince, now } = context;
  return accessEffect(AccessGranted, context, record, {
    ...members,
    ...(awaitedSince !== undefined && { durationSeconds: secondsFrom(awaitedSince, now) }),
  });
}

/** The end of an audience's access. */
export function accessRevoked(context: EffectContext, record: CardRecord, audience: Audience): Effect {
  return accessEffect(AccessRevoked, context, record, { audience });
}
