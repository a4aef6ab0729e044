import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";
import { ModelCardStatusSchema } from "./model-card.ts";

/** Somebody in a read-only stage has updated a card, and it was set back. `ReadOnlyBroken` tells who it was. */
export const UpdateReverted = defineCardwayEvent({
  detailType: "UpdateReverted",
  members: {
    stage: z.string(),
    accountId: z.string(),
    /** What was set back. */
    changed: z.array(z.enum(["content", "status"])),
    /** The version that the stage left, the one that it is set back to, and the new one that has the same content as that. */
    fromVersion: z.int().positive(),
    toVersion: z.int().positive(),
    restoredVersion: z.int().positive(),
    /** The status that the card was found in, and the one that it has now. */
    fromStatus: ModelCardStatusSchema,
    toStatus: ModelCardStatusSchema,
    /** The approval of `toVersion` that counts for `restoredVersion` too, because their content is the same. */
    approvalRequestId: z.uuid().optional(),
  },
  sample: {
    stage: "prod",
    accountId: "444444444444",
    changed: ["content"],
    fromVersion: 3,
    toVersion: 2,
    restoredVersion: 4,
    fromStatus: "Approved",
    toStatus: "Approved",
    approvalRequestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a",
  },
});
