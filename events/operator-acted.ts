import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";
import { CardReferenceSchema } from "./model-card.ts";

/** What an operator can do beside looking. */
export const OperatorActSchema = z.enum([
  "redrive",
  "stop",
  "look",
  "sweep",
  "redrive-dead-letters",
  "discard-dead-letters",
  "remind",
  "withdraw",
  "collect-evidence",
]);

/** An operator has set something going by hand. It is on record before it is done. */
export const OperatorActed = defineCardwayEvent({
  detailType: "OperatorActed",
  members: {
    /** Absent where it is about no card in particular. */
    card: CardReferenceSchema.optional(),
    act: OperatorActSchema,
    /** Who: the ARN that AWS knows the caller by, or whom the console's issuer signed in. */
    operator: z.string(),
    through: z.enum(["command-line", "console"]),
    /** The approval request that it is about. */
    requestId: z.uuid().optional(),
    /** For a sweep, whether it only looks. */
    dryRun: z.boolean().optional(),
    /** For dead letters, how many. */
    messages: z.int().optional(),
  },
  sample: {
    act: "redrive",
    operator: "arn:aws:sts::111111111111:assumed-role/cardway-operator/ada",
    through: "command-line",
  },
});
