import { ApprovalEscalated } from "../../events/approval-escalated.ts";
import { ApproversReminded } from "../../events/approvers-reminded.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { CardMovedError } from "../errors.ts";
import { approversFor, mayDecide } from "../lifecycle/approvers.ts";
import { sameVersion } from "../lifecycle/card.ts";
import { reviewedContent } from "../lifecycle/reviewed-content.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import {
  type ApprovalRequest,
  isAbout,
  isToBeApplied,
  nextDeadline,
  withDueReminders,
} from "../records/approval-request.ts";
import { editorsOf } from "../records/card-record.ts";
import { type Effect, effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

interface Dependencies {
  modelCards: ModelCards;
  records: PromotionRecords;
  events: Events;
  settings: Settings;
  now: () => Date;
}

/** Whether the wait goes on and until when, or is over: the request is `decided`, or there is none any more. */
export type Reminded = { kind: "waiting"; nextDeadline: string } | { kind: "decided" | "ended" };

/**
 * Does what the time calls for on an open request: puts reminders and deputies down to be mailed, or ends it. A vote that
 * came in the last moment is found here and not lost. Safe to repeat.
 *
 * @throws {CardMovedError} the card has left the review and nobody said so: its event was lost.
 * @throws {TooFewApproversError} those who may still decide are too few for the policy (permanent).
 */
export async function remindApprovers(promotion: Promotion, dependencies: Dependencies): Promise<Reminded> {
  const { modelCards, records, settings, now } = dependencies;
  const { modelCardArn, modelCardName } = promotion.card;
  const record = await records.readCard(modelCardArn);
  const { currentRequest: current } = record;
  if (current === undefined || !sameVersion(current, promotion.card)) return { kind: "ended" };
  const found = await records.findRequest(current.requestId);
  if (found === undefined) return { kind: "ended" };
  if (found.status !== "open") return { kind: isToBeApplied(found) ? "decided" : "ended" };

  const read = await modelCards.read(modelCardArn);
  if (!isAbout(found, read) || read.version === undefined) {
    throw new CardMovedError(`${modelCardName} has changed since it was read. It is read again.`);
  }
  const content = reviewedContent(await modelCards.content(modelCardArn, read.version));
  const card = { ...read, ...content, lifecycle: found.lifecycle, editors: editorsOf(record, read) };
  const may = (approverId: string): boolean =>
    settings.approvers.some((approver) => approver.id === approverId && mayDecide(approver, card));

  const moment = now();
  const planned = withDueReminders(found, moment, may);
  // Throws where the request can never be fulfilled; one whose time is up needs nobody any more.
  if (planned.status === "open") approversFor(card, found.policy, settings);
  const context = {
    executionArn: promotion.executionArn,
    policyVersion: found.policyVersion,
    card: read,
    now: moment,
  };
  await recordEffects(effectsOf(found, planned, context), dependencies);
  const request = await records.changeRequest(found.requestId, (latest) => {
    const next = withDueReminders(latest, moment, may);
    return { record: next, result: next };
  });
  return request.status === "open"
    ? { kind: "waiting", nextDeadline: nextDeadline(request).toISOString() }
    : { kind: isToBeApplied(request) ? "decided" : "ended" };
}

function effectsOf(
  before: ApprovalRequest,
  after: ApprovalRequest,
  context: Parameters<typeof effectOf>[1],
): Effect[] {
  const { requestId, remindersGiven: round } = after;
  const approverIds = after.notices
    .filter((notice) => notice.kind === "reminder" && notice.round === round)
    .map(({ recipientId }) => recipientId);
  const deputyIds = after.approvers.filter(({ deputy }) => deputy).map(({ approverId }) => approverId);
  return [
    ...(round > before.remindersGiven
      ? [
          effectOf(ApproversReminded, context, "", { requestId, round, approverIds }, [
            ApproversReminded.detailType,
            requestId,
            String(round),
          ]),
        ]
      : []),
    ...(after.escalatedAt !== before.escalatedAt
      ? [
          effectOf(ApprovalEscalated, context, "", { requestId, deputyIds }, [
            ApprovalEscalated.detailType,
            requestId,
          ]),
        ]
      : []),
  ];
}
