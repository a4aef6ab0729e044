import * as z from "zod";
import { AudienceSchema } from "../events/access.ts";
import type { ModelCards } from "./aws/sagemaker.ts";
import { CardMovedError } from "./errors.ts";
import { AccessPlanSchema } from "./lifecycle/access-plan.ts";
import { PrincipalChangeSchema } from "./lifecycle/principals.ts";
import { RevertSchema } from "./lifecycle/foreign-update.ts";
import { ForeignShareSchema } from "./lifecycle/read-only.ts";
import { CardSchema, sameState } from "./lifecycle/card.ts";
import type { Settings } from "./lifecycle/settings.ts";
import { holdsClaim } from "./records/card-record.ts";
import type { PromotionRecords } from "./records/promotion-records.ts";
import type { CallContext } from "./runtime/call-context.ts";

/** What ReadCard found out about a card and what is to be done: the state that the workflow carries from step to step. */
export const PromotionSchema = z.object({
  kind: z.literal("promotion"),
  executionArn: z.string(),
  /** Version of the settings that it was planned under. */
  policyVersion: z.string(),
  /** When the change happened that calls for it, ISO 8601 UTC; absent where that was dealt with before. */
  awaitedSince: z.iso.datetime().optional(),
  /** The card as ReadCard saw it. */
  card: CardSchema,
  /** Name of the card's lifecycle; `null` where no route matches. */
  lifecycle: z.string().nullable(),
  /** Every audience that is to have access in the end. */
  wanted: z.array(AudienceSchema),
  plan: AccessPlanSchema,
  /** Shares of wanted audiences whose principals are not those of the settings. */
  principalChanges: z.array(PrincipalChangeSchema),
  /** Associations that had failed, by `failureName`: GrantAccess makes them anew. */
  failures: z.array(z.string()),
  /** Shares made by hand that let a read-only stage write, or did until a try to end that died. */
  foreignShares: z.array(ForeignShareSchema),
  /** Whether anything about access has to be done or proved. */
  accessToSettle: z.boolean(),
  /** What a read-only stage has written and has to be set back; `null` where it has not. */
  revert: RevertSchema.nullable(),
  /** Whether that comes before access, as it does unless the stage goes on writing. */
  revertFirst: z.boolean(),
  approvalNeeded: z.boolean(),
  returnToReview: z.boolean(),
  approvedOutside: z.boolean(),
  /** An approval request that the card has left behind; `null` where there is none. */
  requestToClose: z.uuid().nullable(),
  /** When there is something to do on the approval request next, ISO 8601 UTC: a reminder, the escalation, its end. */
  nextDeadline: z.iso.datetime(),
  /** Approval requests that have ended and whose people are still to be told. */
  outcomesToTell: z.array(z.uuid()),
});

export type Promotion = z.output<typeof PromotionSchema>;

/** What a step of a promotion is about. */
export function aboutPromotion({ card, executionArn }: Promotion): CallContext {
  const { modelCardArn, version, status } = card;
  return { modelCardArn, version, status, executionArn };
}

/**
 * Makes sure that a step still acts on what ReadCard saw: a redriven or delayed step must not carry out a plan that the
 * card has overtaken.
 *
 * @throws {CardMovedError} the card is in another state, or another execution has taken it.
 */
export async function assertCurrent(
  { card, executionArn }: Promotion,
  { modelCards, records }: { modelCards: ModelCards; records: PromotionRecords },
): Promise<void> {
  const record = await records.readCard(card.modelCardArn);
  const holds = holdsClaim(record, { executionArn, card }) && !record.lookAgain;
  if (holds && sameState(await modelCards.read(card.modelCardArn), card)) return;
  throw new CardMovedError(`${card.modelCardName} has changed since it was read. It is read again.`);
}

/**
 * Makes sure that access is still planned under these settings: a step that waited while others were deployed must not give
 * a stage access that they took out.
 *
 * @throws {CardMovedError} the card is to be read and planned again.
 */
export function assertSameSettings(
  { card, policyVersion }: Promotion,
  settings: Pick<Settings, "policyVersion">,
): void {
  if (policyVersion === settings.policyVersion) return;
  throw new CardMovedError(
    `The settings have changed since ${card.modelCardName} was read. It is read again.`,
  );
}
