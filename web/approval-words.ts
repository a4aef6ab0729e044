import type { RiskRating } from "../events/risk-rating.ts";
import type { ApprovalView } from "../functions/approval-page/approval-page.ts";
import type { ApprovalPolicy } from "../functions/lifecycle/approval-policy.ts";
import { sameVersion } from "../functions/lifecycle/card.ts";
import { type ApprovalRequest, decidingVote, isAbout } from "../functions/records/approval-request.ts";
import { timeText } from "./time.tsx";

/** The version that a request is about, for people: `Customer-Churn-Model-Card version 2`. */
export function subjectOf({ card }: Pick<ApprovalRequest, "card">): string {
  return card.version === undefined ? card.modelCardName : `${card.modelCardName} version ${card.version}`;
}

/** AWS's status as people read it. */
export function statusName(status: string | undefined): string {
  if (status === undefined) return "Unknown";
  return status === "PendingReview" ? "Pending review" : status;
}

export function riskName(risk: RiskRating): string {
  return risk === "Unknown" ? "Not rated, counts as high" : risk;
}

/** What a policy asks for: `2 approvals, one of them by a risk-officer`. */
export function approvalsNeeded({ approvals, roles }: Pick<ApprovalPolicy, "approvals" | "roles">): string {
  // Each role takes a person of its own, also where the number alone would ask for fewer.
  const people = Math.max(approvals, roles.length);
  const total = people === 1 ? "1 approval" : `${people} approvals`;
  const counts = [...new Set(roles)].map((role) => ({
    role,
    count: roles.filter((other) => other === role).length,
  }));
  const [first] = counts;
  if (first === undefined) return total;
  if (first.count === people)
    return `${total} by ${people === 1 ? withArticle(first.role) : `${first.role}s`}`;
  const parts = counts.map(({ role, count }, index) => {
    const among = index === 0 && roles.length < people ? " of them" : "";
    return `${inWords(count)}${among} by ${count === 1 ? withArticle(role) : `${role}s`}`;
  });
  const last = parts.at(-1);
  return `${total}, ${parts.length === 1 ? last : `${parts.slice(0, -1).join(", ")} and ${last}`}`;
}

function withArticle(role: string): string {
  return `${/^[aeiou]/.test(role) ? "an" : "a"} ${role}`;
}

function inWords(count: number): string {
  const words = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
  return words[count] ?? String(count);
}

/** Who decided about a request, for its readers. */
export function deciderOf({ request, approver }: Pick<ApprovalView, "request" | "approver">): string {
  const vote = decidingVote(request);
  if (vote === undefined) return "nobody";
  return vote.approverId === approver.id ? `you (${approver.name})` : vote.name;
}

/** How the card differs from what the request is about; `undefined` where it does not. */
export function movedSentence({
  request,
  card,
  lifecycle,
}: Pick<ApprovalView, "request" | "card" | "lifecycle">): string | undefined {
  const reviewed = request.card;
  if (card.status === "Deleted") return "The card has been deleted.";
  if (!sameVersion(reviewed, card)) {
    return reviewed.version === card.version
      ? `The card was deleted and made anew under the same name. What you reviewed is gone; the new one is ${statusName(card.status)}.`
      : `You reviewed version ${reviewed.version ?? "unknown"}, the card is now version ${card.version ?? "unknown"} (${statusName(card.status)}).`;
  }
  if (card.status !== reviewed.status) return `The card is now ${statusName(card.status)}.`;
  if (!isAbout(request, card)) return "The card was sent to review again since then.";
  return request.lifecycle === (lifecycle?.name ?? null)
    ? undefined
    : "The card belongs to another lifecycle now, by its tags or by the settings.";
}

/** How a request ended: who decided what and when, or why nobody did. */
export function endSentence(view: Pick<ApprovalView, "request" | "approver">): string {
  const { status, endedAt, expiresAt } = view.request;
  const ended = endedAt === undefined ? "" : ` on ${timeText(endedAt)}`;
  if (status === "approved" || status === "rejected") {
    return `Already ${status} by ${deciderOf(view)} on ${timeText(decidingVote(view.request)?.at ?? endedAt ?? expiresAt)}.`;
  }
  if (status === "superseded") return `Nobody decided: a newer version of the card took its place${ended}.`;
  if (status === "withdrawn") return `Nobody decided: the card left its review${ended}.`;
  return status === "expired" ? `Nobody decided until ${timeText(expiresAt)}.` : "Nobody has decided yet.";
}
