import type { Audience } from "../../events/access.ts";
import { modelCardStatuses } from "../../events/model-card.ts";
import { audienceKey, wantedAudiences } from "./access-plan.ts";
import type { Settings } from "./settings.ts";

/**
 * The shares of audiences that the settings never call for, whatever a card's status: their stage or its access is gone, or
 * the stage is in another account now, or outside the organisation where the settings share nothing. An audience that is there at
 * some status keeps its share, cards or not.
 *
 * @param settings - `undefined` where Cardway itself is removed: then every share.
 */
export function sharesToRetire<Share extends { audience: Audience; isOutside?: boolean }>(
  shares: Share[],
  settings: Pick<Settings, "lifecycles" | "shareOutsideOrganization"> | undefined,
): Share[] {
  const known = new Set(
    settings?.lifecycles.flatMap((lifecycle) =>
      modelCardStatuses.flatMap((status) => wantedAudiences(lifecycle, status).map(audienceKey)),
    ),
  );
  return shares.filter(
    ({ audience, isOutside = false }) =>
      (isOutside && settings?.shareOutsideOrganization === false) || !known.has(audienceKey(audience)),
  );
}
