import type { AccessWaitState } from "../../events/access.ts";
import { PromotionCompleted } from "../../events/promotion-completed.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Promotion } from "../promotion.ts";
import {
  type CardRecord,
  holdsClaim,
  isWaiting,
  settle,
  withOutsideApproval,
} from "../records/card-record.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

interface Dependencies {
  modelCards: ModelCards;
  records: PromotionRecords;
  events: Events;
  now: () => Date;
}

/**
 * Brings the work on a card to an end: records and announces the outcome and lets the card go, unless it has moved on
 * meanwhile. An execution that let the card go before, to wait for a decision, has nothing left to settle.
 *
 * @returns `settled: false` where the card has to be read again; and whose access is waited for, and why.
 */
export async function recordOutcome(
  promotion: Promotion,
  { modelCards, records, events, now }: Dependencies,
): Promise<{ settled: boolean; waiting: Record<string, AccessWaitState> }> {
  const { executionArn, policyVersion, wanted } = promotion;
  const { modelCardArn } = promotion.card;
  const card = await modelCards.read(modelCardArn);
  const record = await records.readCard(modelCardArn);
  const waiting = Object.fromEntries(
    Object.entries(record.waiting).map(([key, { state }]): [string, AccessWaitState] => [key, state]),
  );
  const settles = holdsClaim(record, promotion) && settle(record, promotion, card, policyVersion).settled;
  if (settles) {
    const context = { executionArn, policyVersion, card, now: now() };
    const members = { outcome: outcomeOf(promotion, record), access: wanted, waiting };
    await recordEffects([effectOf(PromotionCompleted, context, "", members)], { records, events });
  }
  const settled = await records.changeCard(modelCardArn, (record) => {
    const outcome = settle(record, promotion, card, policyVersion);
    const outside = promotion.approvedOutside && outcome.record !== record && outcome.settled;
    return {
      record: outside ? withOutsideApproval(outcome.record, card) : outcome.record,
      result: outcome.settled,
    };
  });
  return { settled, waiting };
}

function outcomeOf({ card, lifecycle, approvedOutside }: Promotion, record: CardRecord): string {
  // That nobody approved here is told once only, and the waits have an event of their own.
  if (isWaiting(record) && !approvedOutside) return "AccessWaiting";
  if (card.status === "Deleted") return "CardDeleted";
  if (lifecycle === null) return "NoRouteMatched";
  return approvedOutside ? "ApprovedOutsideCardway" : "AccessSettled";
}
