import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";
import { RiskRatingSchema } from "./risk-rating.ts";

/** Approvers have been asked about exactly one version of a card. Names them by id, never by address. */
export const ApprovalRequested = defineCardwayEvent({
  detailType: "ApprovalRequested",
  members: {
    requestId: z.uuid(),
    riskRating: RiskRatingSchema,
    /** How many people have to approve, and the roles that must be among them. */
    approvals: z.int().positive(),
    roles: z.array(z.string()),
    approverIds: z.array(z.string()),
    expiresAt: z.iso.datetime(),
  },
  sample: {
    requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a",
    riskRating: "Medium",
    approvals: 1,
    roles: ["model-approver"],
    approverIds: ["model-approver"],
    expiresAt: "2026-12-06T09:30:00.000Z",
  },
});
