import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";
import { CardReferenceSchema } from "./model-card.ts";

/** An execution could not go on. It has stopped where an operator can redrive it. */
export const PromotionFailed = defineCardwayEvent({
  detailType: "PromotionFailed",
  members: {
    /** Absent where the failure came before any card was known, for example a malformed event. */
    card: CardReferenceSchema.optional(),
    /** Name of the error class, for example `AwsCallFailedError`. */
    error: z.string(),
    /** What happened, to what, and what to do. */
    message: z.string(),
  },
  sample: {
    error: "AwsCallFailedError",
    message: "RAM refused AssociateResourceShare: OperationNotPermittedException.",
  },
});
