import * as z from "zod";
import { AccessWaitStateSchema } from "../../events/access.ts";
import { sameVersion } from "../lifecycle/card.ts";
import type { ApprovalRequest } from "./approval-request.ts";
import { type CardRecord, approvedHere } from "./card-record.ts";

/** What a person may have to see to, as one card's record or one request tells. In the table's index while it lasts, and short. */
export const AttentionSchema = z.union([
  z.object({
    requestId: z.string(),
    modelCardArn: z.string(),
    requestedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    escalatedAt: z.iso.datetime().optional(),
    /** How many mails could not be sent. */
    undelivered: z.int().positive().optional(),
  }),
  z.object({
    modelCardArn: z.string(),
    /** When what failed last and was not mended since did. */
    failedAt: z.iso.datetime().optional(),
    /** Since when access of an audience is not what the status calls for, and in which state, by the audience's key. */
    waits: z
      .record(z.string(), z.object({ state: AccessWaitStateSchema, since: z.iso.datetime() }))
      .optional(),
    /** Since when a share made by hand has let a read-only stage write. */
    handMadeShareSince: z.iso.datetime().optional(),
    /** The card has a version that somebody approved outside Cardway. */
    approvedOutside: z.literal(true).optional(),
    /** The card has a version of a read-only stage that could not be set back. */
    updateKept: z.literal(true).optional(),
  }),
]);

export type Attention = z.output<typeof AttentionSchema>;

/** What a card's record calls for; `undefined` where it is as it should be. */
export function attentionOfCard(record: CardRecord): Attention | undefined {
  const { modelCardArn, failure, settled, approvedLast, foreignUpdates, foreignShares } = record;
  const waits = Object.fromEntries(
    Object.entries(record.waiting).map(([key, { state, since }]) => [key, { state, since }]),
  );
  const [handMade] = foreignShares ?? [];
  const isApprovedOutside =
    settled?.status === "Approved" &&
    approvedLast !== undefined &&
    sameVersion(approvedLast, settled) &&
    !approvedHere(record, settled);
  const kept = foreignUpdates?.kept;
  const attention = {
    ...(failure !== undefined && failure.tries > 0 && { failedAt: failure.lastAt }),
    ...(Object.keys(waits).length > 0 && { waits }),
    ...(handMade !== undefined && { handMadeShareSince: handMade.since }),
    ...(isApprovedOutside && { approvedOutside: true as const }),
    ...(kept !== undefined &&
      settled !== undefined &&
      sameVersion(kept, settled) && { updateKept: true as const }),
  };
  return Object.keys(attention).length === 0 ? undefined : { modelCardArn, ...attention };
}

/** The same of a request, while it is open. */
export function attentionOfRequest(request: ApprovalRequest): Attention | undefined {
  const { requestId, status, requestedAt, expiresAt, escalatedAt, card, notices } = request;
  if (status !== "open") return undefined;
  const undelivered = notices.filter(({ failedAt }) => failedAt !== undefined).length;
  return {
    requestId,
    modelCardArn: card.modelCardArn,
    requestedAt,
    expiresAt,
    ...(escalatedAt !== undefined && { escalatedAt }),
    ...(undelivered > 0 && { undelivered }),
  };
}
