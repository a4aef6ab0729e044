import * as z from "zod";
import { AccessWaiting } from "../../events/access-waiting.ts";
import type { AccessWaitState, Audience } from "../../events/access.ts";
import type { Events } from "../aws/event-bridge.ts";
import { AwsCallFailedError } from "../errors.ts";
import { causeMessage } from "../failure.ts";
import { audienceKey } from "../lifecycle/access-plan.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Promotion, PromotionSchema } from "../promotion.ts";
import { type AccessWait, untold, withFound, withTold } from "../records/access-wait.ts";
import { type CardRecord, holdsClaim, withWaits } from "../records/card-record.ts";
import { type Effect, type EffectContext, effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

export const RecordWaitingInputSchema = z.object({
  promotion: PromotionSchema,
  /** The step that has waited for as long as it is tried again. */
  step: z.enum(["revoke-access", "grant-access", "confirm-access"]),
  /** What it has waited for, as the workflow caught it. */
  failure: z.object({ Error: z.string(), Cause: z.string().default("") }),
});

type RecordWaitingInput = z.output<typeof RecordWaitingInputSchema>;

/**
 * Notes what keeps access from being settled on the card's record, where the step has not done so itself, and announces it; the
 * promotion then goes on without it. Safe to repeat.
 *
 * @throws {AwsCallFailedError} nobody is known whose access is waited for, so nothing would ever end the wait (permanent).
 */
export async function recordWaiting(
  input: RecordWaitingInput,
  dependencies: { records: PromotionRecords; events: Events; settings: Settings; now: () => Date },
): Promise<void> {
  const { card, executionArn } = input.promotion;
  const { records, settings, now } = dependencies;
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const news = await records.changeCard(card.modelCardArn, (record) => {
    if (!holdsClaim(record, input.promotion)) return { record, result: [] };
    const next = withStepsWaits(record, input, context.now);
    return { record: next, result: untold(next.waiting) };
  });
  await recordEffects(
    news.map((wait) => accessWaiting(context, wait)),
    dependencies,
  );
  await records.changeCard(card.modelCardArn, (record) => ({
    record: news.length === 0 ? record : withWaits(record, withTold(record.waiting, news)),
    result: undefined,
  }));
}

/** Steps note what they find; these are the waits of one that was refused before it found anything. */
function withStepsWaits(
  record: CardRecord,
  { promotion, step, failure }: RecordWaitingInput,
  now: Date,
): CardRecord {
  const isThrottled = failure.Error === "AwsUnavailableError";
  const found = audiencesOf(step, promotion, record).filter((audience) => {
    const noted = record.waiting[audienceKey(audience)];
    return noted === undefined || (isThrottled && noted.state !== "InvitationPending");
  });
  const isNoted = Object.keys(record.waiting).length > 0;
  if (isNoted && !isThrottled && step !== "revoke-access") return record;
  const message = causeMessage(failure.Cause);
  if (found.length === 0 && !isNoted) throw new AwsCallFailedError(message);
  const state: AccessWaitState = isThrottled
    ? "Throttled"
    : step === "revoke-access"
      ? "Disassociating"
      : "ShareNotReady";
  const waits = found.map((audience) => ({ audience, state, message }));
  return withWaits(record, withFound(record.waiting, waits, now));
}

/** Whose access a step works on. */
function audiencesOf(
  step: RecordWaitingInput["step"],
  { plan, principalChanges, wanted }: Promotion,
  { announced }: CardRecord,
): Audience[] {
  const revoked = plan.revoke.map(({ audience }) => audience);
  const changed = (kind: "associate" | "disassociate"): Audience[] =>
    principalChanges.filter((change) => change[kind].length > 0).map(({ audience }) => audience);
  switch (step) {
    case "revoke-access":
      return [...revoked, ...changed("disassociate")];
    case "grant-access":
      return [...plan.grant, ...changed("associate")];
    case "confirm-access":
      return [...wanted, ...revoked, ...Object.values(announced)];
    default:
      return step satisfies never;
  }
}

/** Its id comes from the state of the wait, so that a repeated step announces the same effect. */
function accessWaiting(context: EffectContext, wait: AccessWait): Effect {
  const { audience, state, since, message, invitations } = wait;
  const key = audienceKey(audience);
  return effectOf(AccessWaiting, context, key, { audience, state, since, message, invitations }, [
    AccessWaiting.detailType,
    context.card?.modelCardArn ?? "",
    key,
    state,
    since,
    String(invitations),
  ]);
}
