import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";

/** How an approval request can end. Only the first two are a person's decision. */
export const RequestOutcomeSchema = z.enum(["approved", "rejected", "superseded", "withdrawn", "expired"]);

/** An approval request has ended, once and for all. */
export const ApprovalDecided = defineCardwayEvent({
  detailType: "ApprovalDecided",
  members: {
    requestId: z.uuid(),
    outcome: RequestOutcomeSchema,
    /** Whether the card got the status that was decided on; a decision about a card that moved in the same moment is void. */
    applied: z.boolean(),
    /** Who decided; absent where nobody did. */
    approverId: z.string().optional(),
    /** What the approver wrote; untrusted text. */
    comment: z.string().optional(),
  },
  sample: {
    requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a",
    outcome: "approved",
    applied: true,
    approverId: "model-approver",
    comment: "Reviewed with the validation report.",
  },
});
