import { ApprovalDecided } from "../../events/approval-decided.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { Executions } from "../aws/step-functions.ts";
import { sameVersion } from "../lifecycle/card.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import { endedWithoutDecision } from "../records/approval-request.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

/**
 * Ends the approval request that a card has left behind: superseded by a newer version, or withdrawn because the card no
 * longer asks. Who waited for it is woken. A decision that was taken already stays on record. Safe to repeat.
 */
export async function closeRequest(
  { card, executionArn, requestToClose }: Promotion,
  dependencies: {
    records: PromotionRecords;
    events: Events;
    executions: Executions;
    settings: Settings;
    now: () => Date;
  },
): Promise<void> {
  if (requestToClose === null) return;
  const { records, executions, settings, now } = dependencies;
  const request = await records.changeRequest(requestToClose, (found) => {
    const status = sameVersion(found.card, card) || card.status === "Deleted" ? "withdrawn" : "superseded";
    const record = endedWithoutDecision(found, status, now());
    return { record, result: record };
  });
  if (request.status === "withdrawn" || request.status === "superseded") {
    const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
    const members = { requestId: request.requestId, outcome: request.status };
    await recordEffects([effectOf(ApprovalDecided, context, request.requestId, members)], dependencies);
  }
  if (request.waiting !== undefined) await executions.resume(request.waiting.taskToken, { kind: "ended" });

  await records.changeCard(card.modelCardArn, (record) => {
    const { currentRequest, ...rest } = record;
    if (currentRequest?.requestId !== request.requestId) return { record, result: undefined };
    // The step that notes an approval down was interrupted after it had set the status.
    const approvedNow =
      request.status === "approved" && card.status === "Approved" && sameVersion(request.card, card);
    return { record: approvedNow ? { ...rest, approved: currentRequest } : rest, result: undefined };
  });
}
