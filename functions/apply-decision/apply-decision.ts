import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { type Card, sameVersion } from "../lifecycle/card.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import { type ApprovalRequest, isAbout } from "../records/approval-request.ts";
import { withoutRequest } from "../records/card-record.ts";
import { recordEffects } from "../records/effects.ts";
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
 * Gives the card the status that was decided on, if it still is the version that was decided about: `Approved`, or back to
 * `Draft`. SageMaker has no conditional update, so the version is read right before and right after; where another writer
 * came between, the status is taken back and the new version is asked about anew. Safe to repeat.
 */
export async function applyDecision(promotion: Promotion, dependencies: Dependencies): Promise<void> {
  const { executionArn } = promotion;
  const { modelCardArn } = promotion.card;
  const { records, modelCards, settings, now } = dependencies;
  const { currentRequest: current } = await records.readCard(modelCardArn);
  const request = current === undefined ? undefined : await records.findRequest(current.requestId);
  if (request?.decision === undefined) return;

  const applied = await setDecidedStatus(request, request.decision.approve, modelCards);
  const card: Card = { ...promotion.card, ...request.card };
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  await recordEffects([requestEnded(request, context, applied)], dependencies);

  await records.changeCard(modelCardArn, (record) => {
    const { currentRequest } = record;
    const rest = withoutRequest(record, request);
    if (rest === record || !applied) return { record: rest, result: undefined };
    // A rejection also ends what an earlier decision had approved.
    const { approved: _before, ...unapproved } = rest;
    return {
      record: request.status === "approved" ? { ...rest, approved: currentRequest } : unapproved,
      result: undefined,
    };
  });
}

/** @returns whether the decided version has the decided status now. */
async function setDecidedStatus(
  request: ApprovalRequest,
  approve: boolean,
  modelCards: ModelCards,
): Promise<boolean> {
  const { modelCardArn } = request.card;
  const status = approve ? "Approved" : "Draft";
  const before = await modelCards.read(modelCardArn);
  if (before.status === status && sameVersion(before, request.card)) return true;
  if (!isAbout(request, before) || before.lastModifiedTime !== request.decision?.lastModifiedTime)
    return false;
  await modelCards.setStatus(modelCardArn, status);
  const after = await modelCards.read(modelCardArn);
  if (sameVersion(after, request.card)) return true;
  // The status fell on a version that nobody reviewed.
  if (after.status === status) await modelCards.setStatus(modelCardArn, "PendingReview");
  return false;
}
