import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";

/** It was time to remind those who have not voted yet. */
export const ApproversReminded = defineCardwayEvent({
  detailType: "ApproversReminded",
  members: {
    requestId: z.uuid(),
    /** Counts the reminders of the request, from 1. */
    round: z.int().positive(),
    approverIds: z.array(z.string()),
  },
  sample: {
    requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a",
    round: 1,
    approverIds: ["model-approver"],
  },
});
