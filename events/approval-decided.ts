import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";
import { RiskRatingSchema } from "./risk-rating.ts";

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
    riskRating: RiskRatingSchema,
    /** How long it was open, in seconds. */
    ageSeconds: z.number().min(0),
    /** Whose vote decided; absent where nobody's did. */
    approverId: z.string().optional(),
    /** What that approver wrote; untrusted text. */
    comment: z.string().optional(),
    /** Every vote, in order. Those of a request that ended without a decision are void. */
    votes: z.array(
      z.object({
        approverId: z.string(),
        roles: z.array(z.string()),
        approve: z.boolean(),
        comment: z.string(),
        at: z.iso.datetime(),
      }),
    ),
  },
  sample: {
    requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a",
    outcome: "approved",
    applied: true,
    riskRating: "Medium",
    ageSeconds: 5_398,
    approverId: "model-approver",
    comment: "Reviewed with the validation report.",
    votes: [
      {
        approverId: "model-approver",
        roles: ["model-approver"],
        approve: true,
        comment: "Reviewed with the validation report.",
        at: "2026-11-22T09:29:58.000Z",
      },
    ],
  },
});
