import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";

/** Somebody could not be told, after several tries. Always an alarm. */
export const NotificationFailed = defineCardwayEvent({
  detailType: "NotificationFailed",
  members: {
    requestId: z.uuid(),
    /** `question` and `reminder` carry the approver's link; `outcome` tells how the request ended. */
    kind: z.enum(["question", "reminder", "outcome"]),
    /** Id of an approver or author of the settings; absent where the settings name nobody to be told. */
    recipientId: z.string().optional(),
    /** What happened and what to do; never an address. */
    message: z.string(),
  },
  sample: {
    requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a",
    kind: "question",
    recipientId: "risk-officer",
    message: "SES did not take the mail for risk-officer: MessageRejected.",
  },
});
