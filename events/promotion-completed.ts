import * as z from "zod";
import { AudienceSchema } from "./access.ts";
import { defineCardwayEvent } from "./cardway-event.ts";

/** A card's live access equals what its status calls for, or the card belongs to no lifecycle. */
export const PromotionCompleted = defineCardwayEvent({
  detailType: "PromotionCompleted",
  members: {
    /**
     * `NoRouteMatched`: no route of the settings names a lifecycle for this card, so nobody was given access.
     * `ApprovedOutsideCardway`: somebody set `Approved` without a decision recorded here.
     */
    outcome: z.enum(["AccessSettled", "ApprovedOutsideCardway", "NoRouteMatched", "CardDeleted"]),
    access: z.array(AudienceSchema),
  },
  sample: {
    outcome: "AccessSettled",
    access: [{ lifecycle: "default", stage: "dev", accountId: "222222222222", access: "read-write" }],
  },
});
