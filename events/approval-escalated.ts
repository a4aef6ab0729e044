import * as z from "zod";
import { defineCardwayEvent } from "./cardway-event.ts";

/** Nobody has decided in the time that the policy gives, so the named deputies are asked too. */
export const ApprovalEscalated = defineCardwayEvent({
  detailType: "ApprovalEscalated",
  members: { requestId: z.uuid(), deputyIds: z.array(z.string()) },
  sample: { requestId: "f3b9b0a4-63b5-5d53-8b34-0d0f4b1d6e5a", deputyIds: ["head-of-data-science"] },
});
