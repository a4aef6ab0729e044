import { outcomeEmail } from "../../web/outcome-email.tsx";
import type { Promotion } from "../promotion.ts";
import type { ApprovalRequest } from "../records/approval-request.ts";
import { withOutcomeTold } from "../records/card-record.ts";
import { withNotices } from "../records/notice.ts";
import { type NoticeDependencies, announceFailure, sendNotices } from "./send-notices.ts";

/**
 * Tells everybody who was asked how their request ended, and the author where a decision or the end of the time was about
 * their work. Safe to repeat: nobody who was told is told twice.
 *
 * @throws {NotificationFailedError} somebody could not be told yet (transient).
 */
export async function notifyOutcome(promotion: Promotion, dependencies: NoticeDependencies): Promise<void> {
  const { records } = dependencies;
  const { modelCardArn } = promotion.card;
  const { outcomesToTell } = await records.readCard(modelCardArn);
  for (const requestId of outcomesToTell) {
    const request = await records.changeRequest(requestId, (found) => {
      const notices = withNotices(found.notices, { kind: "outcome" }, recipientsOf(found));
      const record = notices === found.notices ? found : { ...found, notices };
      return { record, result: record };
    });
    if (concernsAuthor(request) && request.authors.length === 0) {
      const missing =
        "No author of lifecycle.config.ts is known to have made this card, and no team there answers for it. Add one to authors.";
      const notice = { kind: "outcome", round: 0 } as const;
      await announceFailure(request, notice, missing, promotion.executionArn, dependencies);
    }
    await sendNotices(request, ["outcome"], promotion.executionArn, dependencies, async (_notice, person) =>
      outcomeEmail({ request, person }),
    );
    await records.changeCard(modelCardArn, (record) => ({
      record: withOutcomeTold(record, requestId),
      result: undefined,
    }));
  }
}

function recipientsOf(request: ApprovalRequest): string[] {
  return [
    ...request.approvers.map(({ approverId }) => approverId),
    ...(concernsAuthor(request) ? request.authors.map(({ authorId }) => authorId) : []),
  ];
}

/** Who edits or withdraws a card knows it; whoever had it decided does not. */
function concernsAuthor({ status }: ApprovalRequest): boolean {
  return status === "approved" || status === "rejected" || status === "expired";
}
