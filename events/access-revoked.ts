import { AudienceSchema } from "./access.ts";
import { defineCardwayEvent } from "./cardway-event.ts";

/** A stage has lost a card: reading back, RAM no longer lists the association of the card, or of the principals. */
export const AccessRevoked = defineCardwayEvent({
  detailType: "AccessRevoked",
  members: { audience: AudienceSchema },
  sample: {
    audience: { lifecycle: "default", stage: "prod", accountId: "444444444444", access: "read-only" },
  },
});
