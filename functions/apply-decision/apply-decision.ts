import { ApprovalUndone } from "../../events/approval-undone.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { type Card, sameVersion } from "../lifecycle/card.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import { type ApprovalRequest, isAbout, isToBeApplied, statusAfter } from "../records/approval-request.ts";
import { withDecision, withoutRequest } from "../records/card-record.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { requestEnded } from "../records/request-ended.ts";

interface Dependencies {
  modelCards: ModelCards;
  records: PromotionRecords;
  events: Events;
  settings: Settings;
  now: () => Date;
}

/**
 * Gives the card the status that the end of its request calls for, if it still is the version that approvers reviewed:
 * `Approved`, or back to `Draft`. SageMaker has no conditional update, so the version is read right before and right after;
 * where another writer came between, the status is taken back and the new version is asked about anew. Safe to repeat.
 *
 * @returns `waiting` where the request is still open: whoever ended the wait was not its decision.
 */
export async function applyDecision(
  promotion: Promotion,
  dependencies: Dependencies,
): Promise<{ kind: "applied" | "waiting" }> {
  const { executionArn } = promotion;
  const { modelCardArn } = promotion.card;
  const { records, now } = dependencies;
  const { currentRequest: current } = await records.readCard(modelCardArn);
  const request = current === undefined ? undefined : await records.findRequest(current.requestId);
  if (request?.status === "open" && isAbout(request, promotion.card)) return { kind: "waiting" };
  if (request === undefined || !isToBeApplied(request)) return { kind: "applied" };

  const { policyVersion } = request;
  const context = { executionArn, policyVersion, card: request.card, now: now() };
  const status = statusAfter(request);
  const applied =
    status !== undefined && (await setDecidedStatus(request, status, executionArn, dependencies));
  await recordEffects([requestEnded(request, context, applied)], dependencies);
  await records.changeRequest(request.requestId, (found) => ({
    record: found.applied === undefined ? { ...found, applied } : found,
    result: undefined,
  }));
  await records.changeCard(modelCardArn, (record) => ({
    record: applied ? withDecision(record, request) : withoutRequest(record, request),
    result: undefined,
  }));
  return { kind: "applied" };
}

/** @returns whether the reviewed version has the decided status now. */
async function setDecidedStatus(
  request: ApprovalRequest,
  status: "Approved" | "Draft",
  executionArn: string,
  { modelCards, records, events, now }: Dependencies,
): Promise<boolean> {
  const { modelCardArn } = request.card;
  const before = await modelCards.read(modelCardArn);
  if (before.status === status && sameVersion(before, request.card)) return true;
  if (!isAbout(request, before)) return false;
  await modelCards.setStatus(modelCardArn, status);
  const after = await modelCards.read(modelCardArn);
  if (sameVersion(after, request.card)) return true;
  // The status fell on a version that nobody reviewed.
  if (after.status === status) {
    await modelCards.setStatus(modelCardArn, "PendingReview");
    await recordEffects([undone(request, after, status, executionArn, now())], { records, events });
  }
  return false;
}

function undone(
  { requestId, policyVersion }: ApprovalRequest,
  card: Card,
  status: "Approved" | "Draft",
  executionArn: string,
  now: Date,
) {
  const context = { executionArn, policyVersion, card, now };
  const members = { requestId, status, version: card.version };
  return effectOf(ApprovalUndone, context, requestId, members, [ApprovalUndone.detailType, requestId]);
}
