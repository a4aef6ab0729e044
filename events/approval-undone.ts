import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";
import { ModelCardStatusSchema } from "./model-card.ts";

/**
 * Somebody edited the card, or set another status, in the very moment in which a decided status was set. It was taken back:
 * a new version is asked about, and a status that somebody set is theirs.
 */
export const ApprovalUndone = defineCardwayEvent({
  detailType: "ApprovalUndone",
  members: {
    requestId: z.uuid(),
    /** The status that was taken back, and the one that the card has instead. */
    status: ModelCardStatusSchema,
    restored: ModelCardStatusSchema,
    /** The version that it had fallen on. */
    version: z.int().positive().optional(),
  },
  sample: {
    requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a",
    status: "Approved",
    restored: "PendingReview",
    version: 3,
  },
});
