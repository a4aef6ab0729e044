import * as z from "zod";
import { ApprovalRequested } from "../../events/approval-requested.ts";
import { questionEmail } from "../../web/question-email.tsx";
import type { LinkSigner } from "../aws/kms.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Executions } from "../aws/step-functions.ts";
import { CardMovedError, LinkKeyGoneError } from "../errors.ts";
import { policyFor } from "../lifecycle/approval-policy.ts";
import { approversFor, authorsOf, mayDecide } from "../lifecycle/approvers.ts";
import { sameVersion } from "../lifecycle/card.ts";
import { type ReviewedContent, reviewedContent } from "../lifecycle/reviewed-content.ts";
import { type NoticeDependencies, sendNotices } from "../notify-outcome/send-notices.ts";
import { type Promotion, PromotionSchema, assertCurrent } from "../promotion.ts";
import { recordOutcome } from "../record-outcome/record-outcome.ts";
import {
  type ApprovalRequest,
  alsoAsking,
  counted,
  endedWithoutDecision,
  isExpired,
  isToBeApplied,
  newApprovalRequest,
} from "../records/approval-request.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import { linkMessage, linkPath } from "./approval-link.ts";

export const RequestApprovalInputSchema = z.object({
  promotion: PromotionSchema,
  taskToken: z.string().min(1),
});

/**
 * Why a wait for approvers is over: the request is `decided`, by votes or by running out of time; something has fallen `due`
 * on it; or there is nothing to wait for (`ended`).
 */
type WaitOver = "decided" | "due" | "ended";

export interface RequestApprovalDependencies extends NoticeDependencies {
  modelCards: ModelCards;
  executions: Executions;
  signer: LinkSigner;
  /** Base address of the approval page. */
  approvalPageUrl: string;
}

/**
 * Asks the approvers about this version of the card, once, and lets the card go while they think; the execution waits for
 * its task token. Where there is nothing to wait for, the execution is woken at once. Safe to repeat: a request that is
 * open already is taken up again, and nobody who was told is told twice. Mails that have fallen due go out from here too,
 * because nothing else may sign links.
 *
 * @throws {CardMovedError} the card is in another state by now, or somebody saw it in one.
 * @throws {TooFewApproversError} those who may decide are too few for the policy (permanent).
 * @throws {NotificationFailedError} an approver could not be told; the others were (transient: after the last try it is
 *   announced, and the wait goes on).
 */
export async function requestApproval(
  { promotion, taskToken }: z.output<typeof RequestApprovalInputSchema>,
  dependencies: RequestApprovalDependencies,
): Promise<void> {
  const { executions, modelCards, records, settings, now } = dependencies;
  const waiter = { executionArn: promotion.executionArn, taskToken };
  const wake = async (kind: WaitOver): Promise<void> => {
    await executions.resume(taskToken, { kind });
  };

  const content = await contentOf(promotion, modelCards);
  const { request, isCurrent } = await openRequest(promotion, content, dependencies);
  if (request.status !== "open") return wake(isCurrent && isToBeApplied(request) ? "decided" : "ended");
  if (isExpired(request, now())) return wake("due");
  const { waiting } = request;
  if (
    waiting !== undefined &&
    waiting.executionArn !== waiter.executionArn &&
    (await executions.stateOf(waiting.executionArn)) === "running"
  ) {
    return wake("ended");
  }
  const card = { ...promotion.card, ...content, lifecycle: promotion.lifecycle };
  const { asked } = approversFor(card, request.policy, settings, request.votes);
  const eligible = settings.approvers.filter((approver) => mayDecide(approver, card));
  // From here on a decision finds whom to wake.
  const open = await records.changeRequest(request.requestId, (found) => {
    const latest = counted(found, eligible, now());
    if (latest.status !== "open") return { record: latest, result: latest };
    const record = { ...alsoAsking(latest, asked), waiting: waiter };
    return { record, result: record };
  });
  if (open.status !== "open") return wake(isToBeApplied(open) ? "decided" : "ended");

  await announceRequest(promotion, open, dependencies);
  await sendLinks(promotion, open, content, dependencies);
  const { settled } = await recordOutcome(promotion, dependencies);
  if (!settled) throw movedError(promotion);
}

async function contentOf({ card }: Promotion, modelCards: ModelCards): Promise<ReviewedContent> {
  return reviewedContent(
    card.version === undefined ? undefined : await modelCards.content(card.modelCardArn, card.version),
  );
}

/** The current request about the card's version, made and recorded where there is none. */
async function openRequest(
  promotion: Promotion,
  content: ReviewedContent,
  dependencies: RequestApprovalDependencies,
): Promise<{ request: ApprovalRequest; isCurrent: boolean }> {
  const { records, settings, signer, now } = dependencies;
  const { card, lifecycle } = promotion;
  const { currentRequest: current, requestsEnded } = await records.readCard(card.modelCardArn);
  const known =
    current !== undefined && sameVersion(current, card)
      ? await records.findRequest(current.requestId)
      : undefined;
  if (known !== undefined) return { request: known, isCurrent: true };
  await assertCurrent(promotion, dependencies);

  const { riskRating } = content;
  const policy = policyFor(riskRating, settings.approval.policies);
  const subject = { ...card, ...content, lifecycle };
  const { asked, deputies } = approversFor(subject, policy, settings);
  const request = newApprovalRequest(card, {
    lifecycle,
    riskRating,
    policyVersion: settings.policyVersion,
    policy,
    approvers: asked,
    deputies,
    authors: authorsOf(subject, settings),
    keyArn: await signer.currentKeyArn(),
    now: now(),
    requestsEnded,
  });
  // One that is there and has ended was about this very reading of the card: the same question is not asked twice.
  const found = await records.findRequest(request.requestId);
  if (found !== undefined && found.status !== "open") return { request: found, isCurrent: false };
  // Noted first, so that no request is ever open that nobody knows of.
  const { requestId } = request;
  const { creationTime, version } = card;
  await records.changeCard(card.modelCardArn, (record) => ({
    record: { ...record, currentRequest: { requestId, creationTime, version } },
    result: undefined,
  }));
  return { request: await records.addRequest(request), isCurrent: true };
}

/** Announces a request as it was made; who is asked later is told of by other events. */
async function announceRequest(
  { card, executionArn }: Promotion,
  { requestId, riskRating, policy, policyVersion, approvers, expiresAt, announced }: ApprovalRequest,
  { records, events, now }: RequestApprovalDependencies,
): Promise<void> {
  if (announced) return;
  const context = { executionArn, policyVersion, card, now: now() };
  const members = {
    requestId,
    riskRating,
    approvals: policy.approvals,
    roles: policy.roles,
    approverIds: approvers.map(({ approverId }) => approverId),
    expiresAt,
  };
  const identity = [ApprovalRequested.detailType, requestId];
  await recordEffects([effectOf(ApprovalRequested, context, requestId, members, identity)], {
    records,
    events,
  });
  await records.changeRequest(requestId, (found) => ({
    record: { ...found, announced: true },
    result: undefined,
  }));
}

/** Mails every approver who is to get a link and has none yet. */
async function sendLinks(
  promotion: Promotion,
  request: ApprovalRequest,
  content: ReviewedContent,
  dependencies: RequestApprovalDependencies,
): Promise<void> {
  const { signer, approvalPageUrl, records, now } = dependencies;
  const { executionArn } = promotion;
  try {
    await sendNotices(
      request,
      ["question", "reminder"],
      executionArn,
      dependencies,
      async (notice, person) => {
        const mac = await signer.sign(linkMessage(request, person.id), request.keyArn);
        const link = `${approvalPageUrl}${linkPath(request, person.id, mac)}`;
        return questionEmail({ request, person, round: notice.round, content, link, now: now() });
      },
    );
  } catch (error) {
    const isRotatedOut =
      error instanceof LinkKeyGoneError && request.keyArn !== (await signer.currentKeyArn());
    if (!isRotatedOut) throw error;
    // Nobody can use the links of this request any more: it is asked anew, with the key that took its place.
    await records.changeRequest(request.requestId, (found) => ({
      record: endedWithoutDecision(found, "withdrawn", now()),
      result: undefined,
    }));
    throw movedError(promotion);
  }
}

function movedError({ card }: Promotion): CardMovedError {
  return new CardMovedError(`${card.modelCardName} has changed since it was read. It is read again.`);
}
