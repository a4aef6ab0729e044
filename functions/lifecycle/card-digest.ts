import { createHash } from "node:crypto";
import * as z from "zod";
import { AccessWaitStateSchema } from "../../events/access.ts";
import { CardSchema } from "./card.ts";

const StateSchema = CardSchema.pick({ status: true, creationTime: true, lastModifiedTime: true });

/**
 * What the sweep has to know of a card's record, and all that it knows without reading it. Short: a page of digests is a
 * megabyte. So executions go by their names.
 */
export const CardDigestSchema = z.object({
  /** Execution that is at work on the card. */
  claim: z.string().optional(),
  settled: StateSchema.extend({
    policyVersion: z.string(),
    approvedHere: z.literal(true).optional(),
    /** Execution that brought it to an end. */
    by: z.string(),
  }).optional(),
  /** The lifecycle that a recorded decision approved the settled version for; absent where there is none. */
  approvedFor: z.string().nullable().optional(),
  /** Id of the request that has not been brought to an end. */
  request: z.string().optional(),
  /** How many requests have ended whose people are still to be told. */
  untold: z.int().min(0).optional(),
  /** Who has access as far as was announced, as `hashOfAudiences` has it; absent where nobody has. */
  announced: z.string().optional(),
  /** Whether somebody was interrupted at announcing who has access. */
  announcing: z.literal(true).optional(),
  /** In which state an audience's access is waited for, by the audience's key. */
  waits: z.record(z.string(), AccessWaitStateSchema).optional(),
});

export type CardDigest = z.output<typeof CardDigestSchema>;

/** The same of an approval request that is open, or has ended in a way that is still to be carried out. */
export const RequestDigestSchema = z.object({
  status: z.enum(["open", "approved", "rejected", "expired"]),
  /** The reading of the card that it is about. */
  card: StateSchema,
  lifecycle: z.string().nullable(),
  expiresAt: z.iso.datetime(),
  /** Execution that waits for its end. */
  waiter: z.string().optional(),
});

export type RequestDigest = z.output<typeof RequestDigestSchema>;

/** Tells two sets of audiences apart in few characters; `undefined` for none. */
export function hashOfAudiences(keys: string[]): string | undefined {
  if (keys.length === 0) return undefined;
  const text = JSON.stringify([...keys].sort());
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}
