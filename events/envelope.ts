import * as z from "zod";

/**
 * An event as EventBridge delivers it to a target.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html
 */
export const EventEnvelopeSchema = z.object({
  version: z.string(),
  id: z.string(),
  "detail-type": z.string(),
  source: z.string(),
  /** 12-digit account id of the event's origin. */
  account: z.string(),
  /** ISO 8601 UTC, whole seconds. */
  time: z.string(),
  region: z.string(),
  resources: z.array(z.string()),
  detail: z.record(z.string(), z.unknown()),
});

export type EventEnvelope = z.output<typeof EventEnvelopeSchema>;
