import * as z from "zod";
import { AccessWaitStateSchema, AudienceSchema } from "./access.ts";
import { defineCardwayEvent } from "./cardway-event.ts";

/** A card's live access equals what its status calls for, but for whom it waits, or the card belongs to no lifecycle. */
export const PromotionCompleted = defineCardwayEvent({
  detailType: "PromotionCompleted",
  members: {
    /**
     * `NoRouteMatched`: no route of the settings names a lifecycle for this card, so nobody was given access.
     * `ApprovedOutsideCardway`: somebody set `Approved` without a decision recorded here.
     * `AccessWaiting`: access of somebody is not yet what the status calls for; `waiting` says whose and why.
     */
    outcome: z.enum([
      "AccessSettled",
      "ApprovedOutsideCardway",
      "AccessWaiting",
      "NoRouteMatched",
      "CardDeleted",
    ]),
    /** Who is to have access. */
    access: z.array(AudienceSchema),
    /** Whose access is waited for, by `lifecycle/stage/account/access`. */
    waiting: z.record(z.string(), AccessWaitStateSchema),
  },
  sample: {
    outcome: "AccessSettled",
    access: [{ lifecycle: "default", stage: "dev", accountId: "222222222222", access: "read-write" }],
    waiting: {},
  },
});
