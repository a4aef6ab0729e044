import type { Audience } from "../../events/access.ts";
import type { Lifecycle } from "./settings.ts";

/** The one principal of every read-only share: a role in the stage account that cannot update. */
export const readerRoleName = "cardway-card-reader";

export function readerRoleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/${readerRoleName}`;
}

/** Who a share for this audience names. RAM's permissions always allow an update, so read-only names no account. */
export function audiencePrincipals(audience: Audience, lifecycle: Lifecycle | undefined): string[] {
  if (audience.access === "read-only") return [readerRoleArn(audience.accountId)];
  const stage = lifecycle?.stages.find(({ name }) => name === audience.stage);
  return stage?.writerRoleArns ?? [audience.accountId];
}

/** A principal that RAM lets at a card, whoever made the share. */
export interface LivePrincipal {
  /** Account id, or ARN of a role or user. */
  principal: string;
  resourceShareArn: string;
}

export interface ReadOnlyViolation {
  kind: "principal-of-cardway-share" | "principal-of-foreign-share" | "reader-role";
  principal: string;
  resourceShareArn?: string;
}

/** Accounts that may only read the cards of a lifecycle. */
export function readOnlyStages(lifecycle: Lifecycle | undefined): { stage: string; accountId: string }[] {
  return (lifecycle?.stages ?? [])
    .filter(({ access }) => Object.values(access).includes("read-only"))
    .map(({ name, accountId }) => ({ stage: name, accountId }));
}

/**
 * Every principal of a read-only account other than the reader role: each of them could update the card, because both
 * RAM permissions for model cards include `UpdateModelCard`.
 */
export function readOnlyViolations(
  accountId: string,
  principals: LivePrincipal[],
  ownShareArns: string[],
): ReadOnlyViolation[] {
  return principals
    .filter(({ principal }) => accountOf(principal) === accountId && principal !== readerRoleArn(accountId))
    .map(({ principal, resourceShareArn }) => ({
      kind: ownShareArns.includes(resourceShareArn)
        ? "principal-of-cardway-share"
        : "principal-of-foreign-share",
      principal,
      resourceShareArn,
    }));
}

function accountOf(principal: string): string {
  return principal.startsWith("arn:") ? (principal.split(":")[4] ?? "") : principal;
}
