import { ApprovalEscalated } from "../../events/approval-escalated.ts";
import { ApproversReminded } from "../../events/approvers-reminded.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { lifecycleNow } from "../card-lifecycle.ts";
import { CardMovedError } from "../errors.ts";
import { approversFor, mayDecide } from "../lifecycle/approvers.ts";
import { sameVersion } from "../lifecycle/card.ts";
import { reviewedContent } from "../lifecycle/reviewed-content.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import {
  type ApprovalRequest,
  isAbout,
  counted,
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

/** Whether the wait goes on and until when, or is over: the request is `decided`, or `over` for this execution. */
export type Reminded = { kind: "waiting"; nextDeadline: string } | { kind: "decided" | "over" };

/**
 * Does what the time calls for on an open request: puts reminders and deputies down to be mailed, or ends it. A vote that
 * came in the last moment is found here and not lost. Safe to repeat.
 *
 * @throws {CardMovedError} the card has left the review or its lifecycle and nobody said so: its event was lost.
 * @throws {TooFewApproversError} those who may still decide are too few for the policy (permanent).
 */
export async function remindApprovers(promotion: Promotion, dependencies: Dependencies): Promise<Reminded> {
  const { modelCards, records, settings, now } = dependencies;
  const { modelCardArn, modelCardName } = promotion.card;
  const record = await records.readCard(modelCardArn);
  const { currentRequest: current } = record;
  if (current === undefined || !sameVersion(current, promotion.card)) return { kind: "over" };
  const found = await records.findRequest(current.requestId);
  if (found === undefined) return { kind: "over" };
  if (found.status !== "open") return { kind: isToBeApplied(found) ? "decided" : "over" };

  const { waiting } = found;
  if (waiting !== undefined && waiting.executionArn !== promotion.executionArn) return { kind: "over" };

  const read = await modelCards.read(modelCardArn);
  const lifecycle = (await lifecycleNow(read, dependencies))?.name ?? null;
  if (!isAbout(found, read) || read.version === undefined || found.lifecycle !== lifecycle) {
    throw new CardMovedError(`${modelCardName} has changed since it was read. It is read again.`);
  }
  const content = reviewedContent(await modelCards.content(modelCardArn, read.version));
  const card = { ...read, ...content, lifecycle, editors: editorsOf(record, read) };
  const eligible = settings.approvers.filter((approver) => mayDecide(approver, card));
  const moment = now();
  const next = (request: ApprovalRequest): ApprovalRequest =>
    withDueReminders(counted(request, eligible, moment), moment, (approverId) =>
      eligible.some(({ id }) => id === approverId),
    );

  const planned = next(found);
  // Throws where the request can never be fulfilled; one that is over needs nobody any more.
  if (planned.status === "open") approversFor(card, found.policy, settings, found.votes);
  const context = {
    executionArn: promotion.executionArn,
    policyVersion: found.policyVersion,
    card: read,
    now: moment,
  };
  await recordEffects(effectsOf(found, planned, context), dependencies);
  const request = await records.changeRequest(found.requestId, (latest) => {
    const changed = next(latest);
    return { record: changed, result: changed };
  });
  return request.status === "open"
    ? { kind: "waiting", nextDeadline: nextDeadline(request, moment).toISOString() }
    : { kind: isToBeApplied(request) ? "decided" : "over" };
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
