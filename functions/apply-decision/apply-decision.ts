import { type ModelCardStatus, ModelCardStatusSchema } from "../../events/model-card.ts";
import { ApprovalUndone } from "../../events/approval-undone.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Executions } from "../aws/step-functions.ts";
import { lifecycleNow } from "../card-lifecycle.ts";
import { ResourceNotReadyError } from "../errors.ts";
import { type Card, sameVersion } from "../lifecycle/card.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import { type ApprovalRequest, isAbout, isToBeApplied, statusAfter } from "../records/approval-request.ts";
import { claimed, withDecision, withoutRequest } from "../records/card-record.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { requestEnded } from "../records/request-ended.ts";
import { takeCard } from "../take-card.ts";

interface Dependencies {
  modelCards: ModelCards;
  records: PromotionRecords;
  executions: Executions;
  events: Events;
  settings: Settings;
  now: () => Date;
}

/**
 * Gives the card the status that the end of its request calls for, if it still is the version that approvers reviewed:
 * `Approved`, or back to `Draft`. SageMaker has no conditional update, so the card is taken first, and the version is read
 * right before and right after; where another writer came between, the status is taken back, recorded, and the card is
 * asked about anew. Safe to repeat.
 *
 * @throws {ResourceNotReadyError} another execution is at work on the card (transient).
 */
export async function applyDecision(promotion: Promotion, dependencies: Dependencies): Promise<void> {
  const { executionArn } = promotion;
  const { modelCardArn, modelCardName } = promotion.card;
  const { modelCards, records, now } = dependencies;
  const { currentRequest: current } = await records.readCard(modelCardArn);
  const request = current === undefined ? undefined : await records.findRequest(current.requestId);
  if (request === undefined || !isToBeApplied(request)) return;

  const card = await modelCards.read(modelCardArn);
  const taken = await takeCard(
    card,
    executionArn,
    {
      free(record) {
        // What others saw while an earlier try held the card still counts.
        const seen = record.claim?.executionArn === executionArn ? record.seen : undefined;
        const next = { ...claimed(record, executionArn, card), ...(seen && { seen }) };
        return { record: next, result: record };
      },
      held: (record) => record,
    },
    dependencies,
  );
  if (taken === undefined)
    throw new ResourceNotReadyError(`Another execution is at work on ${modelCardName}.`);
  if (taken.currentRequest?.requestId !== request.requestId) return;

  const status = statusAfter(request);
  const applied =
    status !== undefined && (await setDecidedStatus(request, status, executionArn, dependencies));
  const context = { executionArn, policyVersion: request.policyVersion, card: request.card, now: now() };
  await recordEffects([requestEnded(request, context, applied)], dependencies);
  await records.changeRequest(request.requestId, (found) => ({
    record: found.applied === undefined ? { ...found, applied } : found,
    result: undefined,
  }));
  await records.changeCard(modelCardArn, (record) => ({
    record: applied ? withDecision(record, request, taken.editors) : withoutRequest(record, request),
    result: undefined,
  }));
}

/** @returns whether the reviewed version has the decided status now. */
async function setDecidedStatus(
  request: ApprovalRequest,
  status: "Approved" | "Draft",
  executionArn: string,
  dependencies: Dependencies,
): Promise<boolean> {
  const { modelCards, records } = dependencies;
  const { modelCardArn } = request.card;
  const takeBack = (found: Card, restored: ModelCardStatus): Promise<void> =>
    undo(request, found, { status, restored }, executionArn, dependencies);

  /** Somebody else may have set a status while this one was under way, which another execution has seen. */
  const holds = async (found: Card): Promise<boolean> => {
    const { seen } = await records.readCard(modelCardArn);
    const overwritten = ModelCardStatusSchema.safeParse(seen?.status).data;
    const isTheirs = seen !== undefined && sameVersion(seen, request.card) && overwritten !== status;
    if (found.status !== status || overwritten === undefined || !isTheirs) return true;
    await takeBack(found, overwritten);
    return false;
  };

  const before = await modelCards.read(modelCardArn);
  if (before.status === status && sameVersion(before, request.card)) {
    return request.applying === true ? holds(before) : true;
  }
  if (!isAbout(request, before)) {
    // An earlier try may have approved a version that nobody reviewed, and not lived to see it.
    const mayHaveStrayed = request.applying === true && status === "Approved" && before.status === status;
    if (mayHaveStrayed && before.creationTime === request.card.creationTime) {
      await takeBack(before, "PendingReview");
    }
    return false;
  }
  const lifecycle = await lifecycleNow(before, dependencies);
  if (request.lifecycle !== (lifecycle?.name ?? null)) return false;
  await records.changeRequest(request.requestId, (found) => ({
    record: { ...found, applying: true },
    result: undefined,
  }));
  await modelCards.setStatus(modelCardArn, status);

  const after = await modelCards.read(modelCardArn);
  if (sameVersion(after, request.card)) return holds(after);
  if (after.status === status) await takeBack(after, "PendingReview");
  return false;
}

/** Takes a decided status back that fell on what nobody decided about, and records it. */
async function undo(
  { requestId, policyVersion, card: { modelCardArn } }: ApprovalRequest,
  card: Card,
  { status, restored }: { status: ModelCardStatus; restored: ModelCardStatus },
  executionArn: string,
  { modelCards, records, events, now }: Dependencies,
): Promise<void> {
  const context = { executionArn, policyVersion, card, now: now() };
  const members = { requestId, status, restored, version: card.version };
  const identity = [ApprovalUndone.detailType, requestId];
  // Recorded first: it is certain to be done, by this try or the next.
  await recordEffects([effectOf(ApprovalUndone, context, requestId, members, identity)], { records, events });
  await modelCards.setStatus(modelCardArn, restored);
}
