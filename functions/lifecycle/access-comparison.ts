import type { ModelCardStatus } from "../../events/model-card.ts";
import { type LiveAccess, planAccess, wantedAudiences } from "./access-plan.ts";
import type { Lifecycle } from "./settings.ts";

/**
 * What a card's status and live access tell. `depends-on-record`: access is as it should be if the card has been put before
 * approvers, which only its record knows.
 */
export type Comparison = "same" | "differs" | "depends-on-record";

/**
 * Compares a card's live access with what its status calls for. Only that: an `Approved` card that has the access of one is
 * taken at its word.
 *
 * @param lifecycle - `undefined` for a card that no route matches: nobody is to have it, and nobody is asked about it.
 * @param status - `undefined` for a card that is gone.
 */
export function compareAccess(
  status: ModelCardStatus | undefined,
  lifecycle: Lifecycle | undefined,
  live: LiveAccess[],
): Comparison {
  const isAccessOf = (other: ModelCardStatus | undefined): boolean => {
    const { revoke, grant } = planAccess(wantedAudiences(lifecycle, other), live);
    return revoke.length + grant.length === 0;
  };
  const isAsked = lifecycle !== undefined && status === "PendingReview";
  if (isAccessOf(status)) return isAsked ? "depends-on-record" : "same";
  // An approval that does not count leaves the card with the access of one in review.
  const mayWait = lifecycle !== undefined && status === "Approved" && isAccessOf("PendingReview");
  return mayWait ? "depends-on-record" : "differs";
}
