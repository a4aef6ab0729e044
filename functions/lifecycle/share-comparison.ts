import type { Audience } from "../../events/access.ts";
import type { CardDifference } from "../../events/card-difference.ts";
import { isPresent } from "./access-plan.ts";
import { type PrincipalState, principalChange } from "./principals.ts";
import { type ReadOnlyViolation, readOnlyStages, readOnlyViolations } from "./read-only.ts";
import { sharesToRetire } from "./retirement.ts";
import { lifecycleNamed } from "./routes.ts";
import type { Lifecycle, Settings } from "./settings.ts";

/** A share and its principals; without an audience it was made by hand. */
interface ShareWithPrincipals {
  resourceShareArn: string;
  audience: Audience | undefined;
  principals: PrincipalState[];
}

/**
 * What is wrong with the principals of Cardway's own shares, by ARN. A share that the settings do not call for any more is
 * left out: each of its cards has access too much already.
 */
export function differencesOfShares(
  shares: readonly ShareWithPrincipals[],
  settings: Pick<Settings, "lifecycles" | "shareOutsideOrganization">,
): Map<string, CardDifference[]> {
  const own = shares.flatMap(({ audience, ...share }) =>
    audience === undefined ? [] : [{ audience, ...share }],
  );
  const retired = new Set(sharesToRetire(own, settings));
  const found = new Map<string, CardDifference[]>();
  for (const share of own) {
    const lifecycle = lifecycleNamed(share.audience.lifecycle, settings);
    const change = retired.has(share) ? undefined : principalChange(share, share.principals, lifecycle);
    const isInvited =
      settings.shareOutsideOrganization &&
      share.principals.some(({ state, external }) => state === "granting" && external === true);
    const differences: CardDifference[] = [
      ...((change?.associate.length ?? 0) > 0 ? ["principal-missing" as const] : []),
      ...((change?.disassociate.length ?? 0) > 0 ? ["principal-surplus" as const] : []),
      // The account may let Cardway accept it by now.
      ...(isInvited && !retired.has(share) ? ["principal-invited" as const] : []),
    ];
    if (differences.length > 0) found.set(share.resourceShareArn, differences);
  }
  return found;
}

/** Read-only stages of a lifecycle in which shares made by hand let somebody at a card, and so update it. */
export function foreignViolations(
  shares: readonly ShareWithPrincipals[],
  lifecycle: Lifecycle | undefined,
): { stage: string; accountId: string; violations: ReadOnlyViolation[] }[] {
  const principals = shares.flatMap(({ resourceShareArn, principals }) =>
    principals.filter(isPresent).map(({ principal }) => ({ principal, resourceShareArn })),
  );
  return readOnlyStages(lifecycle)
    .map((stage) => ({ ...stage, violations: readOnlyViolations(stage.accountId, principals, []) }))
    .filter(({ violations }) => violations.length > 0);
}
