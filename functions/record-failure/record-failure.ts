import * as z from "zod";
import { PromotionFailed } from "../../events/promotion-failed.ts";
import type { Events } from "../aws/event-bridge.ts";
import { PromotionFailedError } from "../errors.ts";
import { causeMessage } from "../failure.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { PromotionSchema } from "../promotion.ts";
import { TriggerSchema } from "../read-card/trigger.ts";
import { released } from "../records/card-record.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

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

/**
 * Records and announces a failure, lets the card go, and then fails, so that the execution ends here. A redrive runs the
 * failed step again, which is this one: it then returns, and the workflow starts over with the card as it is. So it does
 * where the card has moved on meanwhile: who saw that relies on this execution to look again.
 *
 * @throws {PromotionFailedError} the failure is on record.
 */
export async function recordFailure(
  {
    executionArn,
    failure,
    failedAtRedrive,
    redriveCount,
    promotion,
    trigger,
  }: z.output<typeof RecordFailureInputSchema>,
  dependencies: { records: PromotionRecords; events: Events; settings: Settings; now: () => Date },
): Promise<void> {
  if (redriveCount > failedAtRedrive) return;
  const { records, settings, now } = dependencies;
  const message = causeMessage(failure.Cause);
  const hint = TriggerSchema.safeParse(trigger);
  const card = promotion?.card ?? (hint.success ? { modelCardArn: hint.data.modelCardArn } : undefined);
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const members = { error: failure.Error, message };
  const key = `${failedAtRedrive} ${failure.Error} ${message}`;
  await recordEffects([effectOf(PromotionFailed, context, key, members)], dependencies);
  const lookAgain =
    card !== undefined &&
    (await records.changeCard(card.modelCardArn, (record) => {
      const outcome = released(record, executionArn);
      return { record: outcome.record, result: outcome.lookAgain };
    }));
  if (lookAgain) return;
  throw new PromotionFailedError(
    `${failure.Error}: ${message} Once the cause is gone, redrive this execution.`,
  );
}
