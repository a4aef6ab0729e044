import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Executions } from "../aws/step-functions.ts";
import { sameVersion } from "../lifecycle/card.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Promotion, assertCurrent } from "../promotion.ts";
import { endedWithoutDecision, statusAfter } from "../records/approval-request.ts";
import { withDecision, withoutRequest, withoutUnmadeRequest } from "../records/card-record.ts";
import { recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { requestEnded } from "../records/request-ended.ts";

/**
 * Ends the approval request that a card has left behind: superseded by a newer version, or withdrawn because the card no
 * longer asks. Who waited for it is woken. A decision that was taken already stays on record. Safe to repeat.
 */
export async function closeRequest(
  promotion: Promotion,
  dependencies: {
    modelCards: ModelCards;
    records: PromotionRecords;
    events: Events;
    executions: Executions;
    settings: Settings;
    now: () => Date;
  },
): Promise<void> {
  const { card, executionArn, requestToClose } = promotion;
  if (requestToClose === null) return;
  await assertCurrent(promotion, dependencies);
  const { records, executions, settings, now } = dependencies;
  if ((await records.findRequest(requestToClose)) === undefined) {
    // Noted, but interrupted before it was made.
    await records.changeCard(card.modelCardArn, (record) => ({
      record: withoutUnmadeRequest(record, requestToClose),
      result: undefined,
    }));
    return;
  }
  const request = await records.changeRequest(requestToClose, (found) => {
    const status = sameVersion(found.card, card) || card.status === "Deleted" ? "withdrawn" : "superseded";
    const ended = endedWithoutDecision(found, status, now());
    // The step that notes a decision down was interrupted after it had set the status.
    const applied = statusAfter(ended) === card.status && sameVersion(ended.card, card);
    const record = ended.applied === undefined ? { ...ended, applied } : ended;
    return { record, result: record };
  });
  const applied = request.applied === true;
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  await recordEffects([requestEnded(request, context, applied)], dependencies);
  if (request.waiting !== undefined) await executions.resume(request.waiting.taskToken, { kind: "ended" });
  await records.changeCard(card.modelCardArn, (record) => ({
    record: applied ? withDecision(record, request) : withoutRequest(record, request),
    result: undefined,
  }));
}
