import type { Audience } from "../../events/access.ts";
import { type ReaderRoles, unprovedReaderRole } from "../aws/iam.ts";
import type { Invitations } from "../aws/invitations.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import { CardMovedError } from "../errors.ts";
import { type LiveAccess, audienceKey } from "../lifecycle/access-plan.ts";
import { pastFailure } from "../lifecycle/known-failures.ts";
import { type PendingAccess, furthestAccess, pendingAccess } from "../lifecycle/pending-access.ts";
import type { PrincipalState } from "../lifecycle/principals.ts";
import { audiencePrincipals } from "../lifecycle/read-only.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import type { AccessWaits } from "../records/access-wait.ts";

interface Dependencies {
  resourceSharing: ResourceSharing;
  invitations: Invitations;
  readerRoles: ReaderRoles;
  settings: Pick<Settings, "shareOutsideOrganization">;
}

/**
 * What is still on its way until exactly the wanted audiences have access. Accepts invitations to accounts outside the
 * organisation, of every audience, because each lasts 12 hours only; not of a read-only one whose role could update by now.
 *
 * @param waiting - What was found the last time.
 * @throws {CardMovedError} RAM is letting others into a share than the settings name.
 */
export async function findPending(
  { card, wanted, failures }: Pick<Promotion, "card" | "wanted" | "failures">,
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  waiting: AccessWaits,
  dependencies: Dependencies,
): Promise<PendingAccess[]> {
  const { resourceSharing, settings } = dependencies;
  const present = wanted.flatMap((audience) => {
    const access = furthestAccess(audience, live);
    return access === undefined || access.state === "failed" ? [] : [access];
  });
  const listed = await resourceSharing.principalsOfShares(
    present.map(({ resourceShareArn }) => resourceShareArn),
  );
  const principals = new Map(
    [...listed].map(([arn, states]): [string, PrincipalState[]] => [
      arn,
      states.map((state) => pastFailure(failures, arn, state.principal, state)),
    ]),
  );
  for (const { audience, resourceShareArn } of present) {
    assertNobodyElse(principals.get(resourceShareArn) ?? [], audience, lifecycle);
  }
  const wasInvited = (audience: Audience): boolean => {
    const state = waiting[audienceKey(audience)]?.state;
    return state === "InvitationPending" || state === "InvitationExpired";
  };
  const found = pendingAccess(wanted, { live, principals }, lifecycle, settings, wasInvited);
  // Where RAM's sharing within the organisation is off, accounts inside are invited too, and nothing but the invitation shows it.
  const mayBeInvited = ({ state, resourceShareArn = "" }: PendingAccess): boolean =>
    state === "InvitationPending" ||
    (state === "Associating" &&
      settings.shareOutsideOrganization &&
      (principals.get(resourceShareArn) ?? []).some((principal) => principal.state === "granting"));
  const isProved = async ({ access, stage, accountId }: Audience): Promise<boolean> =>
    access !== "read-only" ||
    (await unprovedReaderRole({ stage, accountId }, card.modelCardArn, dependencies.readerRoles)) ===
      undefined;
  const pending: PendingAccess[] = [];
  for (const one of found) {
    pending.push(
      mayBeInvited(one) && (await isProved(one.audience)) && (await mayComeIn(one, lifecycle, dependencies))
        ? { ...one, state: "Associating" }
        : one,
    );
  }
  return pending;
}

/** Whether an invitation has just been accepted, or is not the account's to accept: not there yet, or answered already. */
async function mayComeIn(
  { audience, resourceShareArn }: PendingAccess,
  lifecycle: Lifecycle | undefined,
  { resourceSharing, invitations }: Dependencies,
): Promise<boolean> {
  if (resourceShareArn === undefined) return false;
  const outcome = await invitations.accept(audience.accountId, resourceShareArn, async () =>
    assertNobodyElse(await resourceSharing.principalStates(resourceShareArn), audience, lifecycle),
  );
  return outcome !== "no-accepter";
}

/** Whom somebody puts in, or invites, after the card was read is to be taken out by a new plan before RAM lets them in. */
function assertNobodyElse(
  states: PrincipalState[],
  audience: Audience,
  lifecycle: Lifecycle | undefined,
): void {
  const named = audiencePrincipals(audience, lifecycle);
  if (states.every(({ principal, state }) => state !== "granting" || named.includes(principal))) return;
  throw new CardMovedError(
    `The share of ${audienceKey(audience)} is letting others in. The card is read again.`,
  );
}
