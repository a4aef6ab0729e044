import { v5 as uuidV5 } from "uuid";
import * as z from "zod";
import { PromotionFailed } from "../../events/promotion-failed.ts";
import type { Events } from "../aws/event-bridge.ts";
import { PromotionFailedError, RecordUnreadableError } from "../errors.ts";
import { causeMessage, endingMessage } from "../failure.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { PromotionSchema } from "../promotion.ts";
import { TriggerSchema } from "../read-card/trigger.ts";
import { released, stateOfCard, withFailure } from "../records/card-record.ts";
import { type EffectContext, effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import type { CallContext } from "../runtime/call-context.ts";

export const RecordFailureInputSchema = z.object({
  executionArn: z.string(),
  /** What the workflow caught. `Cause` is Lambda's JSON, or plain text. */
  failure: z.object({ Error: z.string(), Cause: z.string().default("") }),
  /** How often the execution had been redriven when it failed, and how often by now. */
  failedAtRedrive: z.int(),
  redriveCount: z.int(),
  /** What ReadCard found out, where it came that far. */
  promotion: PromotionSchema.nullable(),
  /** The execution's input, which may be malformed. */
  trigger: z.unknown(),
});

type RecordFailureInput = z.output<typeof RecordFailureInputSchema>;

/** The card that failed, as far as it is known: only its ARN where nobody has read it, nothing where nothing names it. */
function failedCard({ promotion, trigger }: RecordFailureInput): EffectContext["card"] {
  if (promotion !== null) return promotion.card;
  const hint = TriggerSchema.safeParse(trigger);
  return hint.success ? { modelCardArn: hint.data.modelCardArn } : undefined;
}

/** What a call is about. */
export function aboutFailure(input: RecordFailureInput): CallContext {
  const card = failedCard(input);
  const { executionArn } = input;
  return { modelCardArn: card?.modelCardArn, version: card?.version, status: card?.status, executionArn };
}

const failureNamespace = "c2d8a3f0-5b7e-4c19-8f26-91e4d7a05b3c";

/**
 * Records and announces a failure, lets the card go, and then fails, so that the execution ends here. The same failure of the
 * same state of a card is announced once until it is mended, however often it is tried again: the card's record counts. A
 * redrive runs the failed step again, which is this one: it then returns, and the workflow starts over with the card as it is.
 * So it does where the card has moved on meanwhile: who saw that relies on this execution to look again.
 *
 * @throws {PromotionFailedError} the failure is on record.
 */
export async function recordFailure(
  input: RecordFailureInput,
  dependencies: { records: PromotionRecords; events: Events; settings: Settings; now: () => Date },
): Promise<void> {
  const { executionArn, failure, failedAtRedrive, redriveCount, promotion } = input;
  if (redriveCount > failedAtRedrive) return;
  const { records, settings, now } = dependencies;
  const message = causeMessage(failure.Cause);
  const card = failedCard(input);
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const members = { error: failure.Error, message };
  const ended = new PromotionFailedError(endingMessage(members));
  if (card === undefined) {
    const key = `${failedAtRedrive} ${failure.Error} ${message}`;
    await recordEffects([effectOf(PromotionFailed, context, key, members)], dependencies);
    throw ended;
  }

  const state = promotion === null ? null : stateOfCard(promotion.card);
  const key = uuidV5(JSON.stringify([failure.Error, withoutIds(message), state]), failureNamespace);
  const announce = async (ordinal: number): Promise<void> => {
    const identity = [PromotionFailed.detailType, card.modelCardArn, key, String(ordinal)];
    await recordEffects([effectOf(PromotionFailed, context, "", members, identity)], dependencies);
  };
  try {
    // Announced before it is counted: whoever dies in between announces the same again, under the same id.
    const seen = withFailure(await records.readCard(card.modelCardArn), key, now());
    if (seen.isNew) await announce(seen.ordinal);
    const lookAgain = await records.changeCard(card.modelCardArn, (record) => {
      const outcome = released(record, executionArn);
      return { record: withFailure(outcome.record, key, now()).record, result: outcome.lookAgain };
    });
    if (lookAgain) return;
  } catch (error) {
    // There is nothing to count in, and nothing that the card could be let go of.
    if (!(error instanceof RecordUnreadableError)) throw error;
    await announce(0);
  }
  throw ended;
}

/** Ids of AWS requests and executions, which are others at every try of the same. */
function withoutIds(message: string): string {
  return message.replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "");
}
