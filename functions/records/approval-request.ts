import { v5 as uuidV5 } from "uuid";
import * as z from "zod";
import { RequestOutcomeSchema } from "../../events/approval-decided.ts";
import { CardReferenceSchema } from "../../events/model-card.ts";
import { type Card, cardReference, sameVersion } from "../lifecycle/card.ts";

/** A question to approvers about exactly one version of one card. It ends once, and stays ended. */
export const ApprovalRequestSchema = z.object({
  requestId: z.uuid(),
  card: CardReferenceSchema,
  modelCardName: z.string(),
  policyVersion: z.string(),
  /** Who was asked, and when their mail was taken. The address stays in the settings. */
  approvers: z.array(
    z.object({ approverId: z.string(), name: z.string(), notifiedAt: z.iso.datetime().optional() }),
  ),
  requestedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  /** KMS key that signed the links. */
  keyId: z.string(),
  /** The execution that waits for the end of the request, and the token that wakes it. Never leaves the server. */
  waiting: z.object({ executionArn: z.string(), taskToken: z.string() }).optional(),
  status: z.union([z.literal("open"), RequestOutcomeSchema]),
  /** A person's decision. `comment` is untrusted text. */
  decision: z
    .object({
      approverId: z.string(),
      approve: z.boolean(),
      comment: z.string(),
      at: z.iso.datetime(),
      /** The reading of the card that it was about: it is not applied to a card that asked again since. */
      lastModifiedTime: z.iso.datetime().optional(),
    })
    .optional(),
  endedAt: z.iso.datetime().optional(),
});

export type ApprovalRequest = z.output<typeof ApprovalRequestSchema>;

const requestNamespace = "9d8f8a2c-2f63-4f0b-8a44-7b5b8e1f6d20";

/**
 * The id of the next request about a card, so that asking twice asks once.
 *
 * @param requestsEnded - How many requests about cards of this ARN were brought to an end.
 */
export function requestIdFor(card: Card, requestsEnded: number): string {
  const { modelCardArn, creationTime, version, lastModifiedTime } = card;
  const question = [modelCardArn, creationTime, version, lastModifiedTime, requestsEnded];
  return uuidV5(JSON.stringify(question), requestNamespace);
}

export function newApprovalRequest(
  card: Card,
  terms: {
    policyVersion: string;
    approvers: { id: string; name: string }[];
    keyId: string;
    now: Date;
    expiresAfterHours: number;
    requestsEnded: number;
  },
): ApprovalRequest {
  return {
    requestId: requestIdFor(card, terms.requestsEnded),
    card: cardReference(card),
    modelCardName: card.modelCardName,
    policyVersion: terms.policyVersion,
    approvers: terms.approvers.map(({ id, name }) => ({ approverId: id, name })),
    requestedAt: terms.now.toISOString(),
    expiresAt: new Date(terms.now.getTime() + terms.expiresAfterHours * 3_600_000).toISOString(),
    keyId: terms.keyId,
    status: "open",
  };
}

/** Why a request takes no decision. */
export type Refusal = "already-ended" | "expired" | "card-moved" | "own-card";

/**
 * Takes one approver's decision, if the request still can.
 *
 * @param decision.card - The card as it was read just now.
 * @returns the request to keep, or why it stays as it is.
 */
export function decided(
  request: ApprovalRequest,
  decision: {
    approverId: string;
    approve: boolean;
    comment: string;
    now: Date;
    card: Card;
    ownCard: boolean;
  },
): { request: ApprovalRequest } | { refusal: Refusal } {
  if (request.status !== "open") return { refusal: "already-ended" };
  if (isExpired(request, decision.now)) return { refusal: "expired" };
  if (!isAbout(request, decision.card)) return { refusal: "card-moved" };
  if (decision.ownCard) return { refusal: "own-card" };
  const at = decision.now.toISOString();
  return {
    request: {
      ...request,
      status: decision.approve ? "approved" : "rejected",
      decision: {
        approverId: decision.approverId,
        approve: decision.approve,
        comment: decision.comment,
        at,
        ...(decision.card.lastModifiedTime !== undefined && {
          lastModifiedTime: decision.card.lastModifiedTime,
        }),
      },
      endedAt: at,
    },
  };
}

export function isExpired({ expiresAt }: ApprovalRequest, now: Date): boolean {
  return now.getTime() >= Date.parse(expiresAt);
}

/** Whether the card still is, and still waits in, the version that the request is about. */
export function isAbout(request: ApprovalRequest, card: Card): boolean {
  return sameVersion(request.card, card) && card.status === request.card.status;
}

/** Ends an open request without a decision. One that has ended stays as it is. */
export function endedWithoutDecision(
  request: ApprovalRequest,
  status: "superseded" | "withdrawn" | "expired",
  now: Date,
): ApprovalRequest {
  return request.status === "open" ? { ...request, status, endedAt: now.toISOString() } : request;
}
