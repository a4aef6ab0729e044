import { ApprovalDecided } from "../../events/approval-decided.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { type Effect, type EffectContext, effectOf } from "./effects.ts";

/**
 * The one effect that tells of a request's end. Its id comes from the request alone, so whichever step or execution records
 * it first is the one that counts.
 *
 * @param applied - Whether the card has the decided status.
 */
export function requestEnded(request: ApprovalRequest, context: EffectContext, applied: boolean): Effect {
  const { requestId, status: outcome, decision } = request;
  const members = {
    requestId,
    outcome,
    applied,
    ...(decision !== undefined && { approverId: decision.approverId, comment: decision.comment }),
  };
  return effectOf(ApprovalDecided, context, requestId, members, [ApprovalDecided.detailType, requestId]);
}
