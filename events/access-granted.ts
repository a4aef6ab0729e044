import * as z from "zod";
import { AudienceSchema } from "./access.ts";
import { defineCardwayEvent } from "./cardway-event.ts";

/** A stage can use a card: RAM has confirmed the association of card and principals, and for a read-only stage that it cannot update. */
export const AccessGranted = defineCardwayEvent({
  detailType: "AccessGranted",
  members: {
    audience: AudienceSchema,
    resourceShareArn: z.string(),
    /** How long after the change of the card that called for it, in seconds; absent where something else did. */
    durationSeconds: z.number().min(0).optional(),
  },
  sample: {
    audience: { lifecycle: "default", stage: "test", accountId: "333333333333", access: "read-write" },
    resourceShareArn:
      "arn:aws:ram:us-east-1:111111111111:resource-share/1d9c2f5e-7a3b-4c58-9a56-0f2f6f1f2c11",
    durationSeconds: 42.5,
  },
});
