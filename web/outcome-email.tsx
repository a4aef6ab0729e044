import type { Email } from "../functions/aws/email.ts";
import { type ApprovalRequest, type Vote, voteOf } from "../functions/records/approval-request.ts";
import { approvalsNeeded, statusName } from "./approval-words.ts";
import { type EmailBlock, type EmailContent, type EmailVote, emailOf, paragraph } from "./email-layout.tsx";
import { arnFact, cardFacts, riskWords, versionName } from "./question-email.tsx";
import { timeText } from "./time.tsx";
import { manyLines, oneLine } from "./untrusted-text.ts";

/** The mail that tells somebody who was asked, or an author, how a request has ended. It holds no link. */
export function outcomeEmail({
  request,
  person,
}: {
  request: ApprovalRequest;
  person: { id: string; name: string };
}): Email {
  const { headline, tone, sentences, nextStep } = endOf(request);
  const isAuthor = request.authors.some(({ authorId }) => authorId === person.id);
  const isApprover = request.approvers.some(({ approverId }) => approverId === person.id);
  const blocks: EmailBlock[] = [
    paragraph(`Hello ${oneLine(person.name)},`),
    paragraph(sentences.join(" ")),
    ...(isAuthor && nextStep !== undefined ? [paragraph(nextStep)] : []),
    ...(isApprover ? [paragraph(ownVoteSentence(request, person.id), "strong")] : []),
    ...voteBlocks(request, person.id),
    {
      kind: "facts",
      facts: [
        ...cardFacts(request),
        { name: "Approvals needed", value: approvalsNeeded(request.policy) },
        ...(request.endedAt === undefined ? [] : [{ name: "Ended", value: timeText(request.endedAt) }]),
        arnFact(request),
      ],
    },
    ...(isApprover || isAuthor ? [paragraph(receiptSentence(isApprover), "quiet")] : []),
  ];
  const subject = `${headline}: ${versionName(request)} (${riskWords(request)})`;
  return emailOf({ subject, tone, blocks });
}

interface End extends Pick<EmailContent, "tone"> {
  headline: string;
  sentences: string[];
  /** What an author can do now. */
  nextStep?: string;
}

function endOf(request: ApprovalRequest): End {
  const { status, applied } = request;
  const name = versionName(request);
  if (status === "open") throw new TypeError("A request that is open has no outcome to tell.");
  if (status === "approved") return approvedEnd(name, applied);
  if (status === "rejected") {
    return {
      headline: "Rejected",
      tone: "bad",
      sentences: [`${name} was rejected.`, ...draftSentences(applied)],
      nextStep:
        "What to do: change the card and send it to review again, by setting it to PendingReview. The approvers are then asked about the new version.",
    };
  }
  const undecided = `The request about ${name} has ended without a decision:`;
  if (status === "expired") return expiredEnd(undecided, request);
  const reason =
    status === "superseded" ? "a newer version of the card took its place." : "the card left its review.";
  const voidVotes = request.votes.length === 0 ? [] : ["The votes about this version are void."];
  return {
    headline: status === "superseded" ? "Superseded" : "Withdrawn",
    tone: "neutral",
    sentences: [undecided, reason, ...voidVotes],
  };
}

function approvedEnd(name: string, applied: boolean | undefined): End {
  if (applied === false) {
    return {
      headline: "Approved without effect",
      tone: "neutral",
      sentences: [
        `${name} was approved, but the card was changed in the same moment, so the approval has no effect.`,
        "A new version in review is asked about anew.",
      ],
    };
  }
  const now = applied === true ? ["The card is Approved now."] : [];
  return { headline: "Approved", tone: "good", sentences: [`${name} was approved.`, ...now] };
}

function expiredEnd(undecided: string, { policy, applied, card, expiresAt }: ApprovalRequest): End {
  const tooLate = `none was reached by ${timeText(expiresAt)}.`;
  const end = { headline: "Expired", tone: "neutral" } as const;
  return policy.onExpiry === "return-to-draft"
    ? {
        ...end,
        sentences: [undecided, tooLate, ...draftSentences(applied)],
        nextStep: "To ask again, send the card to review again, by setting it to PendingReview.",
      }
    : {
        ...end,
        sentences: [undecided, tooLate, `The card stays in status ${statusName(card.status)}.`],
        nextStep:
          "To ask again, edit the card while it is in review, or set it to Draft and then to PendingReview.",
      };
}

function draftSentences(applied: boolean | undefined): string[] {
  if (applied === undefined) return [];
  return applied
    ? ["The card is back in Draft."]
    : ["The card was changed in the same moment, so it was not set back to Draft."];
}

function ownVoteSentence(request: ApprovalRequest, approverId: string): string {
  const vote = voteOf(request, approverId);
  return vote === undefined
    ? "You did not vote. There is nothing left to do for you."
    : `You ${verdictOf(vote)} this version on ${timeText(vote.at)}.`;
}

function receiptSentence(isApprover: boolean): string {
  return isApprover
    ? "You get this mail because you were asked to approve this version."
    : "You get this mail because you made this card or answer for it.";
}

/** All votes; where they rejected, the reasons first. */
function voteBlocks(request: ApprovalRequest, readerId: string): EmailBlock[] {
  const { votes, status } = request;
  const shown = (of: Vote[]): EmailVote[] => of.map((vote) => shownVote(vote, readerId));
  if (votes.length === 0) return [paragraph("Nobody voted.")];
  if (status !== "rejected") return [{ kind: "votes", title: "Votes", votes: shown(votes) }];
  const groups = [
    { title: "Why it was rejected", votes: shown(votes.filter(({ approve }) => !approve)) },
    { title: "Other votes", votes: shown(votes.filter(({ approve }) => approve)) },
  ];
  return groups.filter((group) => group.votes.length > 0).map((group) => ({ kind: "votes", ...group }));
}

function shownVote(vote: Vote, readerId: string): EmailVote {
  const { approverId, name, comment, at } = vote;
  return {
    voter: `${oneLine(name)}${approverId === readerId ? " (you)" : ""}`,
    verdict: verdictOf(vote),
    on: timeText(at),
    comment: manyLines(comment),
  };
}

function verdictOf({ approve }: Pick<Vote, "approve">): "approved" | "rejected" {
  return approve ? "approved" : "rejected";
}
