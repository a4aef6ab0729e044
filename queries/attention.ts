import type { AccessWaitState } from "../events/access.ts";
import { nameOf } from "../functions/aws/sagemaker.ts";
import { type Attention, AttentionSchema } from "../functions/records/attention.ts";
import type { QuerySources } from "./sources.ts";

/** The most urgent first. */
export const matterKinds = [
  "read-only-broken",
  "failed",
  "update-kept",
  "access-waiting",
  "mail-undelivered",
  "approval-overdue",
  "approval-waiting",
  "approved-outside",
] as const;

/** Something that a person may have to see to. */
export interface Matter {
  kind: (typeof matterKinds)[number];
  /** `urgent` means that somebody may write who must not, or that nothing goes on by itself; `wait` that it may. */
  urgency: "urgent" | "act" | "wait" | "know";
  modelCardArn: string;
  modelCardName: string;
  /** ISO 8601 UTC; absent where the moment is not known. */
  since?: string | undefined;
  /** What it is, in a sentence without a full stop. */
  what: string;
  /** What to do about it, in a sentence. */
  advice: string;
  requestId?: string;
}

/** All that calls for a person, the most urgent first and of one kind the oldest. */
export async function readMatters({
  tableQueries,
  now,
}: Pick<QuerySources, "tableQueries" | "now">): Promise<Matter[]> {
  const texts = await tableQueries.attention();
  return mostUrgentFirst(texts.flatMap((text) => mattersOf(AttentionSchema.parse(JSON.parse(text)), now())));
}

/** In the order in which somebody sees to them. */
export function mostUrgentFirst(matters: readonly Matter[]): Matter[] {
  return matters.toSorted(
    (one, other) =>
      matterKinds.indexOf(one.kind) - matterKinds.indexOf(other.kind) ||
      (one.since ?? "").localeCompare(other.since ?? "") ||
      one.modelCardName.localeCompare(other.modelCardName),
  );
}

/** What one card's or one request's entry calls for. */
export function mattersOf(attention: Attention, now: Date): Matter[] {
  const { modelCardArn } = attention;
  const card = { modelCardArn, modelCardName: nameOf(modelCardArn) };
  return "requestId" in attention ? mattersOfRequest(attention, card, now) : mattersOfCard(attention, card);
}

type AboutCard = Pick<Matter, "modelCardArn" | "modelCardName">;

function mattersOfRequest(
  { requestId, requestedAt, expiresAt, escalatedAt, undelivered }: Extract<Attention, { requestId: string }>,
  card: AboutCard,
  now: Date,
): Matter[] {
  const about = { ...card, requestId, since: requestedAt };
  const isOverdue = now.getTime() >= Date.parse(expiresAt);
  return [
    ...(undelivered === undefined
      ? []
      : [
          {
            ...about,
            kind: "mail-undelivered" as const,
            urgency: "act" as const,
            what: `${undelivered} of its mails could not be sent`,
            advice: "See who in the request's mails, mend the address or SES, and remind.",
          },
        ]),
    isOverdue
      ? {
          ...about,
          kind: "approval-overdue" as const,
          urgency: "act" as const,
          what: `its time ended at ${expiresAt}, and nothing came of it yet`,
          advice: "Sweep: the next sweep ends it.",
        }
      : {
          ...about,
          kind: "approval-waiting" as const,
          urgency: "wait" as const,
          what: `waits for approval until ${expiresAt}${escalatedAt === undefined ? "" : ", deputies were asked"}`,
          advice: "Remind those who have not answered, or withdraw the question.",
        },
  ];
}

function mattersOfCard(
  {
    failedAt,
    waits = {},
    handMadeShareSince,
    approvedOutside,
    updateKept,
  }: Exclude<Attention, { requestId: string }>,
  card: AboutCard,
): Matter[] {
  const broken: Matter[] =
    handMadeShareSince === undefined
      ? []
      : [
          {
            ...card,
            kind: "read-only-broken",
            urgency: "urgent",
            since: handMadeShareSince,
            what: "a share made by hand lets a read-only stage write",
            advice:
              "Take the card out of that share, or the stage's account out of its principals; then look at the card.",
          },
        ];
  const failed: Matter[] =
    failedAt === undefined
      ? []
      : [
          {
            ...card,
            kind: "failed",
            urgency: "act",
            since: failedAt,
            what: "its promotion failed",
            advice: "See the failed execution for the cause; once that is gone, redrive it.",
          },
        ];
  const waiting = Object.entries(waits).map(([key, { state, since }]): Matter => {
    const [, stage = key, accountId = ""] = key.split("/");
    const { urgency, what, advice } = waitWords[state];
    return {
      ...card,
      kind: state === "ReadOnlyBroken" ? "read-only-broken" : "access-waiting",
      urgency,
      since,
      what: `${stage} (${accountId}): ${what}`,
      advice,
    };
  });
  const kept: Matter[] =
    updateKept === true
      ? [
          {
            ...card,
            kind: "update-kept",
            urgency: "act",
            what: "an update from a read-only stage could not be set back",
            advice: "Review the card as it is, or set its content back by hand.",
          },
        ]
      : [];
  const outside: Matter[] =
    approvedOutside === true
      ? [
          {
            ...card,
            kind: "approved-outside",
            urgency: "know",
            what: "was approved outside Cardway",
            advice:
              "See in CloudTrail (UpdateModelCard) who set it. To have it decided here, set it to PendingReview; to forbid it, set requireRecordedApproval.",
          },
        ]
      : [];
  return [...broken, ...failed, ...waiting, ...kept, ...outside];
}

type WaitWords = Pick<Matter, "urgency" | "what" | "advice">;

const mendRole = "Deploy that account's roles again, then sweep, or look at the card.";

/** What each state of waiting means, and what to do. */
export const waitWords: Record<AccessWaitState, WaitWords> = {
  Associating: {
    urgency: "wait",
    what: "AWS RAM is still at work on its access",
    advice: "Nothing: the next sweep looks again.",
  },
  Disassociating: {
    urgency: "wait",
    what: "AWS RAM is still taking its access away",
    advice: "Nothing: the next sweep looks again.",
  },
  AssociationFailed: {
    urgency: "act",
    what: "AWS RAM could not give it access",
    advice: "See why on the card, remove the cause, and look at the card.",
  },
  InvitationPending: {
    urgency: "act",
    what: "has not accepted its invitation",
    advice: "Accept it there in AWS RAM, or deploy cardway-invitation-accepter there; then look at the card.",
  },
  InvitationExpired: {
    urgency: "act",
    what: "let its invitation expire, or rejected it",
    advice: "Deploy cardway-invitation-accepter there, then look at the card: another invitation is sent.",
  },
  ReaderRoleMissing: { urgency: "act", what: "has no usable reader role", advice: mendRole },
  ReadOnlyBroken: {
    urgency: "urgent",
    what: "somebody in it could update the card, so its access was taken away",
    advice: `Take the update away from its reader role. ${mendRole}`,
  },
  Refused: {
    urgency: "act",
    what: "AWS refuses a call for its access",
    advice: "See on the card which, allow it, and look at the card.",
  },
  Throttled: { urgency: "wait", what: "AWS throttles", advice: "Nothing: the next sweep tries again." },
  QuotaReached: {
    urgency: "act",
    what: "a quota of AWS RAM is used up",
    advice: "Ask for more in Service Quotas, then look at the card.",
  },
  ShareNotReady: {
    urgency: "wait",
    what: "AWS RAM does not know the share yet, or it is busy",
    advice: "Nothing: the next sweep tries again.",
  },
  OutsideOrganizationRefused: {
    urgency: "act",
    what: "lies outside the organisation, which AWS RAM does not allow",
    advice:
      "Move the account into the organisation, or set shareOutsideOrganization and deploy; then look at the card.",
  },
};
