import { v5 as uuidV5 } from "uuid";
import * as z from "zod";
import { RequestOutcomeSchema } from "../../events/approval-decided.ts";
import { RiskRatingSchema } from "../../events/risk-rating.ts";
import { type ApprovalPolicy, ApprovalPolicySchema, outcomeOf } from "../lifecycle/approval-policy.ts";
import { type Card, CardSchema, sameState } from "../lifecycle/card.ts";
import { NoticeSchema, withNotices } from "./notice.ts";

/** One approver's answer. An approver has one vote, and keeps it. */
export const VoteSchema = z.object({
  approverId: z.string(),
  name: z.string(),
  /** Roles that the approver had when voting: what the vote counts for. */
  roles: z.array(z.string()),
  approve: z.boolean(),
  /** Untrusted text. */
  comment: z.string(),
  /** ISO 8601 UTC. */
  at: z.iso.datetime(),
});

export type Vote = z.output<typeof VoteSchema>;

/** A question to approvers about exactly one version of one card. It ends once, and stays ended. */
export const ApprovalRequestSchema = z.object({
  requestId: z.uuid(),
  /** The very reading of the card that approvers are asked about. A card that is sent to review again is asked about anew. */
  card: CardSchema.omit({ editors: true, creator: true, lastEditor: true, riskRating: true }),
  lifecycle: z.string().nullable(),
  riskRating: RiskRatingSchema,
  policyVersion: z.string(),
  /** The approval policy as it was when the request was made: it is decided under this one. */
  policy: ApprovalPolicySchema,
  /** Who was asked. Addresses stay in the settings. */
  approvers: z.array(
    z.object({
      approverId: z.string(),
      name: z.string(),
      /** As they were when this person was asked. */
      roles: z.array(z.string()),
      deputy: z.boolean(),
    }),
  ),
  /** Who is asked when the request is escalated. */
  deputies: z.array(z.object({ approverId: z.string(), name: z.string(), roles: z.array(z.string()) })),
  /** Who is told of the outcome besides. */
  authors: z.array(z.object({ authorId: z.string(), name: z.string() })),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** How many of the policy's reminder times have passed. */
  remindersGiven: z.int().min(0),
  /** How many reminders an operator asked for besides. */
  remindersByHand: z.int().min(0).optional(),
  escalatedAt: z.iso.datetime().optional(),
  /** ARN of the KMS key that signs the links: the key itself, so that the alias can move on to the next one. */
  keyArn: z.string(),
  /** The execution that waits for the end of the request, and the token that wakes it. Never leaves the server. */
  waiting: z.object({ executionArn: z.string(), taskToken: z.string() }).optional(),
  status: z.union([z.literal("open"), RequestOutcomeSchema]),
  /** In the order in which they came; the last one of a decided request is the one that decided. */
  votes: z.array(VoteSchema),
  /** Whether the request was announced. */
  announced: z.boolean(),
  /** Every mail about this request, and what became of it. */
  notices: z.array(NoticeSchema),
  endedAt: z.iso.datetime().optional(),
  /** The operator who withdrew it; absent where the card itself no longer asked. */
  withdrawnBy: z.string().optional(),
  /** Noted before the card is given that status: from then on it may have it, also where nobody heard of it. */
  applying: z.boolean().optional(),
  /** Whether the card got the status that the end calls for; absent until that was tried. */
  applied: z.boolean().optional(),
});

export type ApprovalRequest = z.output<typeof ApprovalRequestSchema>;

const requestNamespace = "9d8f8a2c-2f63-4f0b-8a44-7b5b8e1f6d20";

/**
 * The id of the next request about a card, so that asking twice asks once.
 *
 * @param requestsEnded - How many requests about cards of this ARN were brought to an end.
 */
export function requestIdFor(
  card: Pick<Card, "modelCardArn" | "creationTime" | "version" | "lastModifiedTime">,
  requestsEnded: number,
): string {
  const { modelCardArn, creationTime, version, lastModifiedTime } = card;
  const question = [modelCardArn, creationTime, version, lastModifiedTime, requestsEnded];
  return uuidV5(JSON.stringify(question), requestNamespace);
}

export function newApprovalRequest(
  card: Card,
  terms: {
    lifecycle: string | null;
    riskRating: z.output<typeof RiskRatingSchema>;
    policyVersion: string;
    policy: ApprovalPolicy;
    approvers: { id: string; name: string; roles: string[] }[];
    deputies: { id: string; name: string; roles: string[] }[];
    authors: { id: string; name: string }[];
    keyArn: string;
    now: Date;
    requestsEnded: number;
  },
): ApprovalRequest {
  const {
    editors: _editors,
    creator: _creator,
    lastEditor: _lastEditor,
    riskRating: _riskRating,
    ...reading
  } = card;
  const { lifecycle, riskRating, policyVersion, policy, keyArn, now } = terms;
  return {
    requestId: requestIdFor(card, terms.requestsEnded),
    card: reading,
    lifecycle,
    riskRating,
    policyVersion,
    policy,
    approvers: terms.approvers.map(({ id, name, roles }) => ({
      approverId: id,
      name,
      roles,
      deputy: false,
    })),
    deputies: terms.deputies.map(({ id, name, roles }) => ({ approverId: id, name, roles })),
    authors: terms.authors.map(({ id, name }) => ({ authorId: id, name })),
    requestedAt: now.toISOString(),
    expiresAt: after(now, policy.expiresAfterHours).toISOString(),
    remindersGiven: 0,
    keyArn,
    status: "open",
    votes: [],
    announced: false,
    notices: withNotices(
      [],
      { kind: "question" },
      terms.approvers.map(({ id }) => id),
    ),
  };
}

/** Asks more people about an open request: those who may decide by now, and were not asked yet. */
export function alsoAsking(
  request: ApprovalRequest,
  approvers: { id: string; name: string; roles: string[] }[],
): ApprovalRequest {
  const asked = new Set(request.approvers.map(({ approverId }) => approverId));
  const more = approvers.filter(({ id }) => !asked.has(id));
  return more.length === 0
    ? request
    : {
        ...request,
        approvers: [
          ...request.approvers,
          ...more.map(({ id, name, roles }) => ({ approverId: id, name, roles, deputy: false })),
        ],
        deputies: request.deputies.filter(({ approverId }) => !more.some(({ id }) => id === approverId)),
        notices: withNotices(
          request.notices,
          { kind: "question" },
          more.map(({ id }) => id),
        ),
      };
}

/** Why a request takes no vote. */
export type Refusal = "already-ended" | "expired" | "card-moved" | "own-card" | "already-voted";

/**
 * Takes one approver's vote, if the request still can, and ends the request where that decides it.
 *
 * @param vote.card - The card as it was read just now.
 * @param vote.eligible - Everybody who may decide about this card as things stand now, asked or not: votes of others do not
 *   count.
 * @returns the request to keep, or why it stays as it is.
 */
export function withVote(
  request: ApprovalRequest,
  vote: Omit<Vote, "at"> & { now: Date; card: Card; eligible: Eligible[] },
): { request: ApprovalRequest } | { refusal: Refusal } {
  const { now, card, eligible, ...answer } = vote;
  if (request.status !== "open") return { refusal: "already-ended" };
  if (isExpired(request, now)) return { refusal: "expired" };
  if (!isAbout(request, card)) return { refusal: "card-moved" };
  if (!eligible.some(({ id }) => id === answer.approverId)) return { refusal: "own-card" };
  if (voteOf(request, answer.approverId) !== undefined) return { refusal: "already-voted" };
  const at = now.toISOString();
  const votes = [...request.votes, { ...answer, at }];
  return { request: counted({ ...request, votes }, eligible, now, answer) };
}

/** Somebody who may decide about a card. */
interface Eligible {
  id: string;
  roles: string[];
}

/**
 * Counts an open request's votes and ends it where they decide it: those of who may decide as things stand now. They are
 * counted with every vote, and again when the request is looked at, because the settings may have changed in between.
 *
 * @param newest - The vote that was cast just now.
 */
export function counted(
  request: ApprovalRequest,
  eligible: Eligible[],
  now: Date,
  newest?: Pick<Vote, "approve">,
): ApprovalRequest {
  const { status, votes, policy } = request;
  const counting = votes.filter(({ approverId }) => eligible.some(({ id }) => id === approverId));
  if (status !== "open" || counting.length === 0) return request;
  const others = eligible.filter(({ id }) => voteOf(request, id) === undefined);
  const outcome = outcomeOf(policy, counting, others, newest);
  return outcome === "open" ? request : { ...request, status: outcome, endedAt: now.toISOString() };
}

export function voteOf({ votes }: Pick<ApprovalRequest, "votes">, approverId: string): Vote | undefined {
  return votes.find((vote) => vote.approverId === approverId);
}

/** The vote that decided; `undefined` where nobody's did. */
export function decidingVote({ status, votes }: ApprovalRequest): Vote | undefined {
  if (status !== "approved" && status !== "rejected") return undefined;
  return votes.findLast(({ approve }) => approve === (status === "approved"));
}

/** The status that the end of a request gives to its card; `undefined` where it stays as it is. */
export function statusAfter({
  status,
  policy,
}: Pick<ApprovalRequest, "status" | "policy">): "Approved" | "Draft" | undefined {
  if (status === "approved") return "Approved";
  const refused = status === "rejected" || (status === "expired" && policy.onExpiry === "return-to-draft");
  return refused ? "Draft" : undefined;
}

/** Whether a request has ended in a way that has to be carried out: by a decision, or by running out of time. */
export function isToBeApplied({ status }: Pick<ApprovalRequest, "status">): boolean {
  return status === "approved" || status === "rejected" || status === "expired";
}

export function isExpired({ expiresAt }: Pick<ApprovalRequest, "expiresAt">, now: Date): boolean {
  return now.getTime() >= Date.parse(expiresAt);
}

/** Whether the card still is, and still waits in, the very reading that the request is about. */
export function isAbout({ card: asked }: Pick<ApprovalRequest, "card">, card: Card): boolean {
  return sameState(asked, card);
}

/** Ends an open request without a decision. One that has ended stays as it is. */
export function endedWithoutDecision(
  request: ApprovalRequest,
  status: "superseded" | "withdrawn" | "expired",
  now: Date,
): ApprovalRequest {
  return request.status === "open" ? { ...request, status, endedAt: now.toISOString() } : request;
}

/**
 * Does what has fallen due on an open request by now: the newest reminder that was not given, to those who have not voted;
 * the deputies, where it is time to escalate; the end, where the time is up.
 *
 * @param mayDecide - Whether somebody may still decide, by approver id: nobody else is reminded or asked.
 */
export function withDueReminders(
  request: ApprovalRequest,
  now: Date,
  mayDecide: (approverId: string) => boolean,
): ApprovalRequest {
  if (request.status !== "open") return request;
  if (isExpired(request, now)) return endedWithoutDecision(request, "expired", now);
  const { policy, requestedAt } = request;
  const passed = (hours: number): boolean => after(new Date(requestedAt), hours).getTime() <= now.getTime();
  const round = policy.remindAfterHours.filter(passed).length;
  const waitedFor = request.approvers
    .map(({ approverId }) => approverId)
    .filter((approverId) => voteOf(request, approverId) === undefined && mayDecide(approverId));
  const reminded: ApprovalRequest =
    round > request.remindersGiven
      ? {
          ...request,
          remindersGiven: round,
          notices: withNotices(request.notices, { kind: "reminder", round }, waitedFor),
        }
      : request;
  return policy.escalation !== undefined && passed(policy.escalation.afterHours)
    ? escalated(reminded, now, mayDecide)
    : reminded;
}

/** Puts one more reminder down for everybody who has not answered, because an operator asked for it. */
export function remindedByHand(request: ApprovalRequest, now: Date): ApprovalRequest {
  if (request.status !== "open" || isExpired(request, now)) return request;
  const remindersByHand = (request.remindersByHand ?? 0) + 1;
  // The rounds of the policy come first, whether or not they have passed.
  const round = request.policy.remindAfterHours.length + remindersByHand;
  const waitedFor = request.approvers
    .map(({ approverId }) => approverId)
    .filter((approverId) => voteOf(request, approverId) === undefined);
  return {
    ...request,
    remindersByHand,
    notices: withNotices(request.notices, { kind: "reminder", round }, waitedFor),
  };
}

/** Ends an open request because an operator withdrew it. */
export function withdrawnBy(request: ApprovalRequest, operator: string, now: Date): ApprovalRequest {
  const ended = endedWithoutDecision(request, "withdrawn", now);
  return ended === request ? request : { ...ended, withdrawnBy: operator };
}

function escalated(
  request: ApprovalRequest,
  now: Date,
  mayDecide: (approverId: string) => boolean,
): ApprovalRequest {
  if (request.escalatedAt !== undefined) return request;
  const deputies = request.deputies.filter(({ approverId }) => mayDecide(approverId));
  return {
    ...request,
    escalatedAt: now.toISOString(),
    deputies: [],
    approvers: [...request.approvers, ...deputies.map((deputy) => ({ ...deputy, deputy: true }))],
    notices: withNotices(
      request.notices,
      { kind: "question" },
      deputies.map(({ approverId }) => approverId),
    ),
  };
}

/** How long a wait lasts at most, in hours: its end also finds what no event and no vote has woken it for. */
const longestWaitHours = 6;

/** A request of a year must fit into an execution's history of 25,000 events. */
const mostWaits = 1_000;

/** When an open request is to be looked at next: for a reminder, the escalation, its end, or to see that all is well. */
export function nextDeadline(
  request: Pick<ApprovalRequest, "policy" | "requestedAt" | "expiresAt" | "remindersGiven" | "escalatedAt">,
  now: Date,
): Date {
  const { policy, remindersGiven, escalatedAt } = request;
  const start = new Date(request.requestedAt);
  const hours = [
    ...policy.remindAfterHours.slice(remindersGiven),
    ...(policy.escalation !== undefined && escalatedAt === undefined ? [policy.escalation.afterHours] : []),
  ];
  const longest = Math.max(longestWaitHours, policy.expiresAfterHours / mostWaits);
  const moments = [
    ...hours.map((hour) => after(start, hour)),
    new Date(request.expiresAt),
    after(now, longest),
  ];
  return new Date(Math.min(...moments.map((moment) => moment.getTime())));
}

/** The first deadline of a request that is made now. */
export function firstDeadline(policy: ApprovalPolicy, now: Date): Date {
  const expiresAt = after(now, policy.expiresAfterHours).toISOString();
  return nextDeadline({ policy, requestedAt: now.toISOString(), expiresAt, remindersGiven: 0 }, now);
}

function after(moment: Date, hours: number): Date {
  return new Date(moment.getTime() + hours * 3_600_000);
}
