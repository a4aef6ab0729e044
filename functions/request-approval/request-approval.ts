import * as z from "zod";
import { ApprovalRequested } from "../../events/approval-requested.ts";
import { approvalRequestEmail } from "../../web/approval-request-email.tsx";
import type { EmailSender } from "../aws/email.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { LinkSigner } from "../aws/kms.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Executions } from "../aws/step-functions.ts";
import { CardMovedError, NotificationFailedError } from "../errors.ts";
import { eligibleApprovers } from "../lifecycle/approvers.ts";
import { sameVersion } from "../lifecycle/card.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Promotion, PromotionSchema, assertCurrent } from "../promotion.ts";
import { recordOutcome } from "../record-outcome/record-outcome.ts";
import { type ApprovalRequest, isExpired, newApprovalRequest } from "../records/approval-request.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { linkMessage, linkPath } from "./approval-link.ts";

export const RequestApprovalInputSchema = z.object({
  promotion: PromotionSchema,
  taskToken: z.string().min(1),
});

/** How the wait for an approval ends: with a person's decision, or without one. */
export const ApprovalWaitSchema = z.object({ kind: z.enum(["decided", "expired", "ended"]) });

export interface RequestApprovalDependencies {
  modelCards: ModelCards;
  records: PromotionRecords;
  events: Events;
  executions: Executions;
  emails: EmailSender;
  signer: LinkSigner;
  /** KMS key that signs links. */
  keyId: string;
  /** Base address of the approval page. */
  approvalPageUrl: string;
  settings: Settings;
  now: () => Date;
}

/**
 * Asks the approvers about this version of the card, once, and lets the card go while they think; the execution waits for
 * its task token. Where there is nothing to wait for, the execution is woken at once. Safe to repeat: a request that is
 * open already is taken up again, and nobody who was told is told twice.
 *
 * @throws {CardMovedError} the card is in another state by now, or somebody saw it in one.
 * @throws {NoEligibleApproverError} nobody may decide (permanent).
 * @throws {NotificationFailedError} an approver could not be told; the others were (permanent, alarm).
 */
export async function requestApproval(
  { promotion, taskToken }: z.output<typeof RequestApprovalInputSchema>,
  dependencies: RequestApprovalDependencies,
): Promise<void> {
  const { executions, records, now } = dependencies;
  const waiter = { executionArn: promotion.executionArn, taskToken };
  const wake = async (kind: z.output<typeof ApprovalWaitSchema>["kind"]): Promise<void> => {
    await executions.resume(taskToken, { kind });
  };

  const request = await openRequest(promotion, dependencies);
  if (request.status === "approved" || request.status === "rejected") return wake("decided");
  if (request.status !== "open") return wake("ended");
  if (isExpired(request, now())) return wake("expired");
  const { waiting } = request;
  if (
    waiting !== undefined &&
    waiting.executionArn !== waiter.executionArn &&
    (await executions.stateOf(waiting.executionArn)) === "running"
  ) {
    return wake("ended");
  }
  // From here on a decision finds whom to wake.
  const status = await records.changeRequest(request.requestId, (found) => ({
    record: found.status === "open" ? { ...found, waiting: waiter } : found,
    result: found.status,
  }));
  if (status !== "open") return wake(status === "approved" || status === "rejected" ? "decided" : "ended");

  await announceRequest(promotion, request, dependencies);
  await notifyApprovers(promotion, request, dependencies);
  const { settled } = await recordOutcome(promotion, dependencies);
  if (!settled)
    throw new CardMovedError(
      `${promotion.card.modelCardName} has changed since it was read. It is read again.`,
    );
}

/** The current request about the card's version, made and recorded where there is none. */
async function openRequest(
  promotion: Promotion,
  dependencies: RequestApprovalDependencies,
): Promise<ApprovalRequest> {
  const { records, settings, keyId, now } = dependencies;
  const { card } = promotion;
  const { currentRequest: current, requestsEnded } = await records.readCard(card.modelCardArn);
  const known =
    current !== undefined && sameVersion(current, card)
      ? await records.findRequest(current.requestId)
      : undefined;
  if (known !== undefined) return known;
  await assertCurrent(promotion, dependencies);

  const request = newApprovalRequest(card, {
    policyVersion: settings.policyVersion,
    approvers: eligibleApprovers(card, settings),
    keyId,
    now: now(),
    expiresAfterHours: settings.approval.expiresAfterHours,
    requestsEnded,
  });
  // One that is there and has ended was about this very reading of the card: the same question is not asked twice.
  const found = await records.findRequest(request.requestId);
  if (found !== undefined && found.status !== "open") return found;
  // Noted first, so that no request is ever open that nobody knows of.
  const { requestId, expiresAt } = request;
  const { creationTime, version } = card;
  await records.changeCard(card.modelCardArn, (record) => ({
    record: { ...record, currentRequest: { requestId, creationTime, version, expiresAt } },
    result: undefined,
  }));
  return records.addRequest(request);
}

async function announceRequest(
  { card, executionArn }: Promotion,
  { requestId, approvers, expiresAt }: ApprovalRequest,
  { records, events, settings, now }: RequestApprovalDependencies,
): Promise<void> {
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const members = { requestId, approverIds: approvers.map(({ approverId }) => approverId), expiresAt };
  const identity = [ApprovalRequested.detailType, requestId];
  await recordEffects([effectOf(ApprovalRequested, context, requestId, members, identity)], {
    records,
    events,
  });
}

/** Mails every approver who was not mailed yet. One that fails does not keep the others from theirs. */
async function notifyApprovers(
  { card }: Promotion,
  request: ApprovalRequest,
  { records, emails, signer, approvalPageUrl, settings, now }: RequestApprovalDependencies,
): Promise<void> {
  const failures: NotificationFailedError[] = [];
  for (const { approverId, notifiedAt } of request.approvers) {
    const approver = settings.approvers.find(({ id }) => id === approverId);
    if (notifiedAt !== undefined || approver === undefined) continue;
    const mac = await signer.sign(linkMessage(request, approverId));
    const link = `${approvalPageUrl}${linkPath(request, approverId, mac)}`;
    const email = approvalRequestEmail({
      request,
      approverName: approver.name,
      modelCardName: card.modelCardName,
      link,
    });
    try {
      await emails.send({ approverId, address: approver.address }, email);
    } catch (error) {
      if (!(error instanceof NotificationFailedError)) throw error;
      failures.push(error);
      continue;
    }
    await records.changeRequest(request.requestId, (found) => ({
      record: {
        ...found,
        approvers: found.approvers.map((other) =>
          other.approverId === approverId ? { ...other, notifiedAt: now().toISOString() } : other,
        ),
      },
      result: undefined,
    }));
  }
  if (failures.length > 0)
    throw new NotificationFailedError(failures.map(({ message }) => message).join(" "));
}
