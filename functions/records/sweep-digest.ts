import {
  type CardDigest,
  CardDigestSchema,
  type RequestDigest,
  RequestDigestSchema,
  hashOfAudiences,
} from "../lifecycle/card-digest.ts";
import { type ApprovalRequest, isToBeApplied } from "./approval-request.ts";
import { type CardRecord, approvedHere, isWaiting } from "./card-record.ts";

/** A card's record as the sweep knows it; `undefined` where nothing is left to see to, and the card is gone. */
export function sweepDigestOf(record: CardRecord): CardDigest | undefined {
  const { claim, settled, currentRequest, outcomesToTell, approved } = record;
  const waits = Object.fromEntries(Object.entries(record.waiting).map(([key, { state }]) => [key, state]));
  const announced = hashOfAudiences(Object.keys(record.announced));
  const digest = {
    ...(claim && { claim: executionNameOf(claim.executionArn) }),
    ...(currentRequest && { request: currentRequest.requestId }),
    ...(outcomesToTell.length > 0 && { untold: outcomesToTell.length }),
    ...(announced !== undefined && { announced }),
    ...(record.announcing !== undefined && { announcing: true as const }),
    ...(isWaiting(record) && { waits }),
  };
  if (settled === undefined || (settled.status === "Deleted" && Object.keys(digest).length === 0)) {
    return Object.keys(digest).length === 0 ? undefined : digest;
  }
  const { status, creationTime, lastModifiedTime, policyVersion, executionArn } = settled;
  const state = { status, creationTime, lastModifiedTime, policyVersion, by: executionNameOf(executionArn) };
  return {
    ...digest,
    settled: { ...state, ...(settled.approvedHere && { approvedHere: true }) },
    ...(approvedHere(record, settled) && { approvedFor: approved?.lifecycle ?? null }),
  };
}

/** The same of a request; `undefined` once its end was carried out, or calls for nothing. */
export function requestDigestOf(request: ApprovalRequest): RequestDigest | undefined {
  const { status, applied, card, lifecycle, expiresAt, waiting } = request;
  if (status !== "open" && (applied !== undefined || !isToBeApplied(request))) return undefined;
  const { creationTime, lastModifiedTime } = card;
  return RequestDigestSchema.parse({
    status,
    card: { status: card.status, creationTime, lastModifiedTime },
    lifecycle,
    expiresAt,
    waiter: waiting && executionNameOf(waiting.executionArn),
  });
}

/** Name of an execution, from its ARN. */
export function executionNameOf(executionArn: string): string {
  return executionArn.slice(executionArn.lastIndexOf(":") + 1);
}

/** A digest as the table keeps it. */
export function textOf(digest: CardDigest | RequestDigest | undefined): string | undefined {
  return digest === undefined ? undefined : JSON.stringify(digest);
}

/** A card's digest from the text that `textOf` made of it. */
export function cardDigestFrom(text: string): CardDigest {
  return CardDigestSchema.parse(JSON.parse(text));
}

/** A request's digest from the text that `textOf` made of it. */
export function requestDigestFrom(text: string): RequestDigest {
  return RequestDigestSchema.parse(JSON.parse(text));
}
