import * as z from "zod";
import { cardwaySource } from "./cardway-event.ts";
import { defineEvent } from "./define-event.ts";
import { sweepCounts } from "./sweep-counts.ts";

/** Every card was compared with what it should be, and what differs is at work. About no one card. */
export const SweepCompleted = defineEvent({
  source: cardwaySource,
  detailType: "SweepCompleted",
  detail: z.object({
    /** When the last card was compared, ISO 8601 UTC. */
    at: z.iso.datetime(),
    /** ARN of the sweep's own execution. */
    executionArn: z.string(),
    /** Version of the settings that the last cards were compared under. */
    policyVersion: z.string(),
    /** How long it took, in seconds. */
    durationSeconds: z.number().min(0),
    ...sweepCounts,
    /** Promotions that run for longer than any approval can lawfully take. */
    stuckExecutions: z.int().min(0),
    /** RAM takes 5,000 cards in a share; then the next share is opened. */
    cardsInFullestShare: z.int().min(0),
  }),
  sample: {
    version: "0",
    id: "8f4a8c52-6f0b-4f6e-9a86-3b1f6f2f0c77",
    "detail-type": "SweepCompleted",
    source: cardwaySource,
    account: "111111111111",
    time: "2026-11-22T10:00:12Z",
    region: "us-east-1",
    resources: [],
    detail: {
      at: "2026-11-22T10:00:12.000Z",
      executionArn: "arn:aws:states:us-east-1:111111111111:execution:cardway-sweep:2b6d9f4e",
      policyVersion: "3f0a9c1d2b4e",
      durationSeconds: 11.4,
      scanned: 1204,
      differing: 2,
      differences: { "access-surplus": 1, "not-settled": 2 },
      started: 2,
      repaired: 0,
      failing: 0,
      stuckExecutions: 0,
      cardsInFullestShare: 1180,
    },
  },
});
