import * as z from "zod";
import { AccessWaitStateSchema, AudienceSchema } from "../../events/access.ts";
import { audienceKey } from "../lifecycle/access-plan.ts";

/** Why an audience does not have the access yet that a card's status calls for, or still has what it does not. */
export const AccessWaitSchema = z.object({
  audience: AudienceSchema,
  state: AccessWaitStateSchema,
  /** Since when it is in this state, ISO 8601 UTC. */
  since: z.iso.datetime(),
  /** What is waited for, and what to do. */
  message: z.string(),
  /** How often the audience's account was invited while this card waited. */
  invitations: z.int(),
  /** Whether the last invitation has not been seen to end. */
  invitationOpen: z.boolean(),
  /** What was announced last. */
  told: z.object({ state: AccessWaitStateSchema, invitations: z.int() }).optional(),
});

export type AccessWait = z.output<typeof AccessWaitSchema>;

/** A card's waits, by the key of the audience. */
export const AccessWaitsSchema = z.record(z.string(), AccessWaitSchema);

export type AccessWaits = z.output<typeof AccessWaitsSchema>;

/** What one look at an audience's access found. */
export type FoundWait = Pick<AccessWait, "audience" | "state" | "message">;

/** Notes what was found of some audiences; of others it stays as it was. */
export function withFound(waits: AccessWaits, found: FoundWait[], now: Date): AccessWaits {
  return { ...waits, ...onlyFound(waits, found, now) };
}

/** The waits after a look at all audiences: what was not found is over. */
export function onlyFound(waits: AccessWaits, found: FoundWait[], now: Date): AccessWaits {
  return Object.fromEntries(
    found.map((wait) => {
      const key = audienceKey(wait.audience);
      return [key, waitAfter(waits[key], wait, now)];
    }),
  );
}

function waitAfter(before: AccessWait | undefined, found: FoundWait, now: Date): AccessWait {
  const { invitations, invitationOpen, told } = before ?? { invitations: 0, invitationOpen: false };
  const invited = found.state === "InvitationPending";
  return {
    ...found,
    since: before?.state === found.state ? before.since : now.toISOString(),
    // Whoever is found invited after the last invitation had ended was invited once more.
    invitations: invitations + (invited && !invitationOpen ? 1 : 0),
    invitationOpen: invited || (invitationOpen && found.state !== "InvitationExpired"),
    ...(told && { told }),
  };
}

/** Waits that nobody was told of: each state of a wait is announced once, and each new invitation. */
export function untold(waits: AccessWaits): AccessWait[] {
  return Object.values(waits).filter(
    ({ state, invitations, told }) => told?.state !== state || told.invitations !== invitations,
  );
}

/** Notes that these waits were announced as they were then. */
export function withTold(waits: AccessWaits, announced: AccessWait[]): AccessWaits {
  const changed = announced.flatMap(({ audience, state, invitations }): [string, AccessWait][] => {
    const key = audienceKey(audience);
    const wait = waits[key];
    return wait === undefined ? [] : [[key, { ...wait, told: { state, invitations } }]];
  });
  return { ...waits, ...Object.fromEntries(changed) };
}
