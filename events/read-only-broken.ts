import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";

/** Somebody in a read-only stage could update a card, or did. Always an alarm. */
export const ReadOnlyBroken = defineCardwayEvent({
  detailType: "ReadOnlyBroken",
  members: {
    stage: z.string(),
    accountId: z.string(),
    /** What gives the permission: a principal of a share, or the reader role itself. `update`: who has used one. */
    violations: z.array(
      z.object({
        kind: z.enum(["principal-of-cardway-share", "principal-of-foreign-share", "reader-role", "update"]),
        principal: z.string(),
        resourceShareArn: z.string().optional(),
      }),
    ),
    /** Whether Cardway took the access away: its own share, or the card out of a share made by hand. */
    accessRemoved: z.boolean(),
    /** Why an update could not be set back, in words; the card is in review then, where it was approved. */
    notReverted: z.string().optional(),
  },
  sample: {
    stage: "prod",
    accountId: "444444444444",
    violations: [
      {
        kind: "principal-of-foreign-share",
        principal: "444444444444",
        resourceShareArn:
          "arn:aws:ram:us-east-1:111111111111:resource-share/8f0e3a0e-3c5b-4b7e-8a53-6c1f2c9f4c55",
      },
    ],
    accessRemoved: true,
  },
});
