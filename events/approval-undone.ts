import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";
import { ModelCardStatusSchema } from "./model-card.ts";

/**
 * A decided status fell on a version that nobody reviewed, because somebody edited the card in the same moment. It was taken
 * back, and the new version is asked about.
 */
export const ApprovalUndone = defineCardwayEvent({
  detailType: "ApprovalUndone",
  members: {
    requestId: z.uuid(),
    /** The status that was taken back. */
    status: ModelCardStatusSchema,
    /** The version that it had fallen on. */
    version: z.int().positive().optional(),
  },
  sample: { requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a", status: "Approved", version: 3 },
});
