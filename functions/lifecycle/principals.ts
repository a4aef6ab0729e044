import * as z from "zod";
import { AudienceSchema } from "../../events/access.ts";
import { type LiveAccess, isPresent } from "./access-plan.ts";
import { audiencePrincipals } from "./read-only.ts";
import type { Lifecycle } from "./settings.ts";

/** What is wrong with the principals of one of Cardway's shares: whom the settings name and RAM lacks, and the reverse. */
export const PrincipalChangeSchema = z.object({
  resourceShareArn: z.string(),
  audience: AudienceSchema,
  associate: z.array(z.string()),
  disassociate: z.array(z.string()),
});

export type PrincipalChange = z.output<typeof PrincipalChangeSchema>;

/** A principal of a share, and how far RAM has got with it. */
export interface PrincipalState {
  principal: string;
  state: LiveAccess["state"];
  statusMessage?: string;
  /** When it failed, ISO 8601 UTC. */
  failedAt?: string;
  /** Whether it lies outside the organisation, and so has to accept an invitation. */
  external?: boolean;
}

/** Who has a share's access, or is about to. */
export function presentPrincipals(states: PrincipalState[]): string[] {
  return states.filter(isPresent).map(({ principal }) => principal);
}

/**
 * The changes that give a share exactly the principals that the settings name for its audience; `undefined` where it has
 * them.
 */
export function principalChange(
  { audience, resourceShareArn }: Pick<LiveAccess, "audience" | "resourceShareArn">,
  states: PrincipalState[],
  lifecycle: Lifecycle | undefined,
): PrincipalChange | undefined {
  const named = audiencePrincipals(audience, lifecycle);
  const present = presentPrincipals(states);
  const associate = named.filter((principal) => !present.includes(principal));
  const disassociate = present.filter((principal) => !named.includes(principal));
  return associate.length + disassociate.length === 0
    ? undefined
    : { resourceShareArn, audience, associate, disassociate };
}
