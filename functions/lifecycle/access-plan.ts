import * as z from "zod";
import { type Audience, AudienceSchema } from "../../events/access.ts";
import type { ModelCardStatus } from "../../events/model-card.ts";
import type { Lifecycle } from "./settings.ts";

/** One of Cardway's resource shares that holds a card, and how far RAM has got with it. */
export const LiveAccessSchema = z.object({
  audience: AudienceSchema,
  resourceShareArn: z.string(),
  /** `granting` and `revoking` are on their way; `failed` gives no access. */
  state: z.enum(["granting", "granted", "revoking", "failed"]),
  /** What RAM says about a failure. */
  statusMessage: z.string().optional(),
  /** When it failed, ISO 8601 UTC. */
  failedAt: z.string().optional(),
});

export type LiveAccess = z.output<typeof LiveAccessSchema>;

/** The difference between wanted and live access. Revokes are carried out before grants. */
export const AccessPlanSchema = z.object({
  revoke: z.array(LiveAccessSchema),
  grant: z.array(AudienceSchema),
});

export type AccessPlan = z.output<typeof AccessPlanSchema>;

/** Names an audience; the same audience has the same key, in tags and records too. */
export function audienceKey({ lifecycle, stage, accountId, access }: Audience): string {
  return [lifecycle, stage, accountId, access].join("/");
}

/**
 * The audiences that a card's status calls for.
 *
 * @param status - `undefined` for a card that is deleted or belongs to no lifecycle: nobody.
 */
export function wantedAudiences(
  lifecycle: Lifecycle | undefined,
  status: ModelCardStatus | undefined,
): Audience[] {
  if (lifecycle === undefined || status === undefined) return [];
  return lifecycle.stages.flatMap((stage) => {
    const access = stage.access[status];
    return access === "none"
      ? []
      : [{ lifecycle: lifecycle.name, stage: stage.name, accountId: stage.accountId, access }];
  });
}

/**
 * What to revoke and to grant so that exactly the wanted audiences have access.
 *
 * Access that is being revoked counts as absent and access that is being granted as present, so planning again after
 * carrying a plan out gives an empty one.
 */
export function planAccess(wanted: Audience[], live: LiveAccess[]): AccessPlan {
  const wantedKeys = new Set(wanted.map(audienceKey));
  const presentKeys = new Set(live.filter(isPresent).map(({ audience }) => audienceKey(audience)));
  return {
    revoke: live.filter((access) => isPresent(access) && !wantedKeys.has(audienceKey(access.audience))),
    grant: wanted.filter((audience) => !presentKeys.has(audienceKey(audience))),
  };
}

/** Whether an association gives access, or is on its way to. */
export function isPresent({ state }: Pick<LiveAccess, "state">): boolean {
  return state === "granting" || state === "granted";
}
