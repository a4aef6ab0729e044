import type { Email } from "../functions/aws/email.ts";
import type { ApprovalPolicy } from "../functions/lifecycle/approval-policy.ts";
import type { ReviewedContent } from "../functions/lifecycle/reviewed-content.ts";
import type { ApprovalRequest } from "../functions/records/approval-request.ts";
import { approvalsNeeded, riskName, statusName, subjectOf } from "./approval-words.ts";
import { type EmailBlock, type EmailFact, emailOf, paragraph } from "./email-layout.tsx";
import { timeLeft, timeText } from "./time.tsx";
import { oneLine } from "./untrusted-text.ts";

interface Question {
  request: ApprovalRequest;
  person: { id: string; name: string };
  /** 0 for the first mail, n for the n-th reminder. */
  round: number;
  /** Of the version that the request is about. */
  content: ReviewedContent;
  /** The approver's own link, complete. */
  link: string;
  now: Date;
}

/** The mail that asks one approver about one version of a card, or reminds them of it. */
export function questionEmail({ request, person, round, content, link, now }: Question): Email {
  const { version } = request.card;
  const question = `Approve ${versionName(request)} (${riskWords(request)})?`;
  const left = timeLeft(request.expiresAt, now);
  const isDeputy = request.approvers.some(({ approverId, deputy }) => approverId === person.id && deputy);
  const blocks: EmailBlock[] = [
    paragraph(`Hello ${oneLine(person.name)},`),
    ...(round > 0
      ? [
          paragraph(
            `This is reminder ${round}, because your answer is still missing. You have ${left} left.`,
            "strong",
          ),
        ]
      : []),
    ...(isDeputy ? [paragraph("You are asked as a deputy, because nobody has decided so far.")] : []),
    paragraph(`${versionName(request)} waits for your review: approve it or reject it.`),
    {
      kind: "action",
      label: version === undefined ? "Review the card" : `Review version ${version}`,
      link,
    },
    paragraph("Opening the link changes nothing. You decide on the page that it opens."),
    { kind: "facts", facts: factsOf(request, person.id, content, left) },
    paragraph(
      "The link is yours alone, and what is decided with it is recorded under your name: do not forward it.",
      "quiet",
    ),
    paragraph(rejectionSentence(request.policy), "quiet"),
    paragraph(expirySentence(request), "quiet"),
  ];
  return emailOf({ subject: round > 0 ? `Reminder: ${question}` : question, tone: "question", blocks });
}

function factsOf(
  request: ApprovalRequest,
  readerId: string,
  { purpose, owner }: ReviewedContent,
  left: string,
): EmailFact[] {
  const { card, policy, approvers, votes, expiresAt } = request;
  const asked = approvers.map(({ approverId, name, deputy }) => {
    const notes = [...(approverId === readerId ? ["you"] : []), ...(deputy ? ["deputy"] : [])];
    return notes.length === 0 ? oneLine(name) : `${oneLine(name)} (${notes.join(", ")})`;
  });
  const voted = votes.map(
    ({ name, approve, at }) => `${oneLine(name)} ${approve ? "approved" : "rejected"} on ${timeText(at)}`,
  );
  const facts: EmailFact[] = [
    ...cardFacts(request),
    { name: "Status", value: statusName(card.status) },
    { name: "Purpose", value: oneLine(purpose ?? "", 300) },
    { name: "Owner", value: oneLine(owner ?? "", 100) },
    { name: "Approvals needed", value: approvalsNeeded(policy) },
    { name: "Asked", value: asked.join(", ") },
    { name: "Voted so far", value: voted },
    { name: "Answer until", value: `${timeText(expiresAt)} (${left} left)` },
    arnFact(request),
  ];
  return facts.filter(({ value }) => value.length > 0);
}

function rejectionSentence({ oneRejectionEnds }: ApprovalPolicy): string {
  return oneRejectionEnds
    ? "A rejection needs a reason, and one rejection ends the request."
    : "A rejection needs a reason. The request ends once too few people are left to approve.";
}

function expirySentence({ policy, card }: ApprovalRequest): string {
  const then =
    policy.onExpiry === "return-to-draft"
      ? "goes back to Draft"
      : `stays as it is, in status ${statusName(card.status)}`;
  return `If there is no decision in time, the request ends and the card ${then}.`;
}

/** The version that a request is about: `Customer-Churn-Model-Card version 2`. */
export function versionName({ card }: Pick<ApprovalRequest, "card">): string {
  return oneLine(subjectOf({ card }), 100);
}

/** The risk as a subject names it: `Medium risk`. */
export function riskWords({ riskRating }: Pick<ApprovalRequest, "riskRating">): string {
  return riskRating === "Unknown" ? "risk not rated" : `${riskRating} risk`;
}

/** Which version it is about, and how risky its model is. */
export function cardFacts({ card, riskRating }: Pick<ApprovalRequest, "card" | "riskRating">): EmailFact[] {
  return [
    { name: "Model card", value: oneLine(card.modelCardName, 100) },
    { name: "Version", value: String(card.version ?? "unknown") },
    { name: "Risk rating", value: riskName(riskRating) },
  ];
}

export function arnFact({ card }: Pick<ApprovalRequest, "card">): EmailFact {
  return { name: "ARN", value: card.modelCardArn, isCode: true };
}
