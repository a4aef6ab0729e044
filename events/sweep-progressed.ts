import * as z from "zod";
import { cardwaySource } from "./cardway-event.ts";
import { defineEvent } from "./define-event.ts";
import { sweepCounts } from "./sweep-counts.ts";

/** A sweep has come so far, and goes on. At least every 10,000 cards. About no one card. */
export const SweepProgressed = defineEvent({
  source: cardwaySource,
  detailType: "SweepProgressed",
  detail: z.object({
    /** ISO 8601 UTC. */
    at: z.iso.datetime(),
    /** ARN of the sweep's own execution. */
    executionArn: z.string(),
    ...sweepCounts,
  }),
  sample: {
    version: "0",
    id: "b0f6a1de-64c1-4a0e-9a11-7c1d90f3c2aa",
    "detail-type": "SweepProgressed",
    source: cardwaySource,
    account: "111111111111",
    time: "2026-11-22T10:01:30Z",
    region: "us-east-1",
    resources: [],
    detail: {
      at: "2026-11-22T10:01:30.000Z",
      executionArn: "arn:aws:states:us-east-1:111111111111:execution:cardway-sweep:2b6d9f4e",
      scanned: 10000,
      differing: 3,
      differences: { "access-missing": 2, "not-settled": 3 },
      started: 3,
      repaired: 1,
      failing: 0,
    },
  },
});
