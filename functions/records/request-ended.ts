import { ApprovalDecided } from "../../events/approval-decided.ts";
import { type ApprovalRequest, decidingVote } from "./approval-request.ts";
import { type Effect, type EffectContext, effectOf, secondsFrom } from "./effects.ts";

/**
 * The one effect that tells of a request's end. Its id comes from the request alone, so whichever step or execution records
 * it first is the one that counts. It names the policy that the request was decided under.
 *
 * @param applied - Whether the card has the decided status.
 */
export function requestEnded(request: ApprovalRequest, context: EffectContext, applied: boolean): Effect {
  const { requestId, status: outcome, riskRating, policyVersion, votes, requestedAt } = request;
  const decision = decidingVote(request);
  const members = {
    requestId,
    outcome,
    applied,
    riskRating,
    ageSeconds: secondsFrom(requestedAt, new Date(request.endedAt ?? context.now)),
    ...(decision !== undefined && { approverId: decision.approverId, comment: decision.comment }),
    votes: votes.map(({ approverId, roles, approve, comment, at }) => ({
      approverId,
      roles,
      approve,
      comment,
      at,
    })),
  };
  const identity = [ApprovalDecided.detailType, requestId];
  return effectOf(ApprovalDecided, { ...context, policyVersion }, requestId, members, identity);
}
