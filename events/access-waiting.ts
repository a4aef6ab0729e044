import * as z from "zod";
import { AccessWaitStateSchema, AudienceSchema } from "./access.ts";
import { defineCardwayEvent } from "./cardway-event.ts";

/**
 * Access of a stage to a card is not yet as the card's status calls for, and the promotion has gone on without it. Told once
 * for every state that the wait comes to and for every new invitation; its end is told by `AccessGranted` or `AccessRevoked`.
 */
export const AccessWaiting = defineCardwayEvent({
  detailType: "AccessWaiting",
  members: {
    audience: AudienceSchema,
    state: AccessWaitStateSchema,
    /** Since when it is in this state, ISO 8601 UTC. */
    since: z.iso.datetime(),
    /** What is waited for, and what to do. */
    message: z.string(),
    /** How often the stage's account was invited while the card waited. */
    invitations: z.int().min(0),
  },
  sample: {
    audience: { lifecycle: "default", stage: "test", accountId: "333333333333", access: "read-write" },
    state: "InvitationPending",
    since: "2026-11-22T09:29:00.000Z",
    message:
      "account 333333333333 of default/test/333333333333/read-write lies outside the organisation and has not accepted its invitation. Deploy cardway-invitation-accepter there, or accept it there in AWS RAM.",
    invitations: 1,
  },
});
