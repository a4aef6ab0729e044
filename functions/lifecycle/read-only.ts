import * as z from "zod";
import type { Audience } from "../../events/access.ts";
import type { LiveAccess } from "./access-plan.ts";
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

/** Accounts that may write the cards of a lifecycle, at some status. */
export function writingAccounts(lifecycle: Lifecycle | undefined): string[] {
  return (lifecycle?.stages ?? [])
    .filter(({ access }) => Object.values(access).includes("read-write"))
    .map(({ accountId }) => accountId);
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
    .filter(({ principal }) => letsIn(principal, accountId))
    .map(({ principal, resourceShareArn }) => ({
      kind: ownShareArns.includes(resourceShareArn)
        ? "principal-of-cardway-share"
        : "principal-of-foreign-share",
      principal,
      resourceShareArn,
    }));
}

/**
 * Whether a principal of a share lets an account write: itself, or anybody in it but its reader role. An organisation and its
 * units count as letting every account in: that one is outside cannot be seen from here.
 */
function letsIn(principal: string, accountId: string): boolean {
  if (principal.startsWith("arn:") && principal.split(":")[2] === "organizations") return true;
  const account = principal.startsWith("arn:") ? principal.split(":")[4] : principal;
  return account === accountId && principal !== readerRoleArn(accountId);
}

/** A share made by hand that lets a read-only stage write a card. */
export const ForeignShareSchema = z.object({
  stage: z.string(),
  accountId: z.string(),
  resourceShareArn: z.string(),
  principals: z.array(z.string()),
});

export type ForeignShare = z.output<typeof ForeignShareSchema>;

/** The shares made by hand that let a card's read-only stages write it. */
export function foreignShares(
  stages: { stage: string; accountId: string }[],
  principals: LivePrincipal[],
  ownShareArns: string[],
): ForeignShare[] {
  return stages.flatMap(({ stage, accountId }) => {
    const foreign = readOnlyViolations(accountId, principals, ownShareArns).filter(
      ({ kind }) => kind === "principal-of-foreign-share",
    );
    const arns = new Set(foreign.flatMap(({ resourceShareArn }) => resourceShareArn ?? []));
    return [...arns].map((resourceShareArn) => ({
      stage,
      accountId,
      resourceShareArn,
      principals: foreign
        .filter((violation) => violation.resourceShareArn === resourceShareArn)
        .map(({ principal }) => principal),
    }));
  });
}

/** A card or a principal in a share, as RAM lists them of the whole account. */
export interface ShareMember {
  resourceShareArn: string;
  /** ARN of a card, or a principal. */
  entity: string;
  state: LiveAccess["state"];
}

/** A card, and a share through which an account could write it. */
export interface WritableCard {
  modelCardArn: string;
  resourceShareArn: string;
  accountId: string;
}

/**
 * Compares all shares of the account at once, Cardway's and others: through which of them could which of these accounts write
 * which card? Takes time that grows with the lists, not with cards × shares × accounts. Whether an account may only read a
 * card is for the card's lifecycle to say.
 *
 * @param cards - All associations of the kind `RESOURCE`.
 * @param principals - All associations of the kind `PRINCIPAL`.
 * @param accountIds - Accounts of read-only stages.
 */
export function writableCards(
  cards: ShareMember[],
  principals: ShareMember[],
  accountIds: string[],
): WritableCard[] {
  const writers = new Map<string, Set<string>>();
  for (const { resourceShareArn, entity, state } of principals) {
    const letIn = gives(state) ? accountIds.filter((accountId) => letsIn(entity, accountId)) : [];
    if (letIn.length === 0) continue;
    const known = writers.get(resourceShareArn) ?? new Set();
    writers.set(resourceShareArn, new Set([...known, ...letIn]));
  }
  return cards.flatMap(({ resourceShareArn, entity: modelCardArn, state }) =>
    gives(state)
      ? [...(writers.get(resourceShareArn) ?? [])].map((accountId) => ({
          modelCardArn,
          resourceShareArn,
          accountId,
        }))
      : [],
  );
}

/** What is on its way out still gives access until RAM is done; what is on its way in will. */
function gives(state: LiveAccess["state"]): boolean {
  return state !== "failed";
}
