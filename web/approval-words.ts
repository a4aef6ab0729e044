import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import { sameVersion } from "../functions/lifecycle/card.ts";
import type { ApprovalRequest } from "../functions/records/approval-request.ts";
import { timeText } from "./time.tsx";

/** The version that a request is about, for people: `Customer-Churn-Model-Card version 2`. */
export function subjectOf({ modelCardName, card }: ApprovalRequest): string {
  return card.version === undefined ? modelCardName : `${modelCardName} version ${card.version}`;
}

/** AWS's status as people read it. */
export function statusName(status: string | undefined): string {
  if (status === undefined) return "Unknown";
  return status === "PendingReview" ? "Pending review" : status;
}

/** Who decided about a request, for its readers. */
export function deciderOf({ request, approver }: Pick<ApprovalView, "request" | "approver">): string {
  const id = request.decision?.approverId;
  if (id === approver.id) return `you (${approver.name})`;
  return request.approvers.find(({ approverId }) => approverId === id)?.name ?? "an approver";
}

/** How the card differs from what the request is about; `undefined` where it does not. */
export function movedSentence({ request, card }: Pick<ApprovalView, "request" | "card">): string | undefined {
  const reviewed = request.card;
  if (card.status === "Deleted") return "The card has been deleted.";
  if (!sameVersion(reviewed, card)) {
    return reviewed.version === card.version
      ? `The card was deleted and made anew under the same name. What you reviewed is gone; the new one is ${statusName(card.status)}.`
      : `You reviewed version ${reviewed.version ?? "unknown"}, the card is now version ${card.version ?? "unknown"} (${statusName(card.status)}).`;
  }
  return card.status === reviewed.status ? undefined : `The card is now ${statusName(card.status)}.`;
}

/** How a request ended: who decided what and when, or why nobody did. */
export function endSentence(view: Pick<ApprovalView, "request" | "approver">): string {
  const { status, decision, endedAt, expiresAt } = view.request;
  const ended = endedAt === undefined ? "" : ` on ${timeText(endedAt)}`;
  if (status === "approved" || status === "rejected") {
    return `Already ${status} by ${deciderOf(view)} on ${timeText(decision?.at ?? endedAt ?? expiresAt)}.`;
  }
  if (status === "superseded") return `Nobody decided: a newer version of the card took its place${ended}.`;
  if (status === "withdrawn") return `Nobody decided: the card left its review${ended}.`;
  return status === "expired" ? `Nobody decided until ${timeText(expiresAt)}.` : "Nobody has decided yet.";
}
