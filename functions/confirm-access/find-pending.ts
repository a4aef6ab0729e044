import type { Audience } from "../../events/access.ts";
import type { Invitations } from "../aws/invitations.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import { AssociationFailedError, CardMovedError } from "../errors.ts";
import { type LiveAccess, audienceKey } from "../lifecycle/access-plan.ts";
import { invitationAccepterRoleName } from "../lifecycle/invitation-accepter-role.ts";
import type { PrincipalState } from "../lifecycle/principals.ts";
import { audiencePrincipals } from "../lifecycle/read-only.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";

/** What RAM has not finished yet. */
export interface Pending {
  /** In words, as part of a sentence. */
  message: string;
  /** Whether somebody is being taken out. */
  leaving: boolean;
  /** Whether an account has to accept an invitation that Cardway cannot accept for it. */
  invited: boolean;
}

interface Dependencies {
  resourceSharing: ResourceSharing;
  invitations: Invitations;
  settings: Pick<Settings, "shareOutsideOrganization">;
}

/**
 * What is still on its way until exactly the wanted audiences have access. Accepts invitations to accounts outside the
 * organisation, of every audience, because each lasts 12 hours only.
 *
 * @returns nothing where all is done; otherwise what an operator has to see to comes first.
 * @throws {AssociationFailedError} RAM gave an association up (permanent).
 * @throws {CardMovedError} RAM is letting others into a share than the settings name.
 */
export async function findPending(
  wanted: Audience[],
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  dependencies: Dependencies,
): Promise<Pending | undefined> {
  const unwanted = live.find(
    (access) => access.state !== "failed" && !wanted.some((audience) => isFor(access, audience)),
  );
  if (unwanted !== undefined)
    return waitFor(`access of ${audienceKey(unwanted.audience)} is not revoked yet`, { leaving: true });
  const found: Pending[] = [];
  for (const audience of wanted) {
    const pending = await pendingOf(audience, live, lifecycle, dependencies);
    if (pending !== undefined) found.push(pending);
  }
  const first = found.find(({ invited }) => invited) ?? found[0];
  return first && { ...first, leaving: found.some(({ leaving }) => leaving) };
}

async function pendingOf(
  audience: Audience,
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  dependencies: Dependencies,
): Promise<Pending | undefined> {
  const key = audienceKey(audience);
  const candidates = live.filter((access) => isFor(access, audience));
  const access = candidates.find(({ state }) => state === "granted") ?? candidates[0];
  if (access?.state === "failed") throw associationFailed(key, access.statusMessage);
  if (access === undefined) return waitFor(`access of ${key} is not granted yet`);

  const states = await dependencies.resourceSharing.principalStates(access.resourceShareArn);
  if (states.some(({ state }) => state === "revoking"))
    return waitFor(`a principal is still in the share of ${key}`, { leaving: true });
  const named = audiencePrincipals(audience, lifecycle);
  assertNobodyElse(states, named, key);
  const found = named.map((principal) => states.find((other) => other.principal === principal));
  const failed = found.find((state) => state?.state === "failed");
  if (failed !== undefined) throw associationFailed(key, failed.statusMessage);
  if (found.some((state) => state?.state !== "granted")) {
    return await pendingPrincipal({ audience, named, found, access }, dependencies);
  }
  return access.state === "granted" ? undefined : waitFor(`access of ${key} is not granted yet`);
}

async function pendingPrincipal(
  {
    audience,
    named,
    found,
    access: { resourceShareArn },
  }: { audience: Audience; named: string[]; found: (PrincipalState | undefined)[]; access: LiveAccess },
  { resourceSharing, invitations, settings }: Dependencies,
): Promise<Pending> {
  const key = audienceKey(audience);
  const waiting = waitFor(`the principal of ${key} is not associated yet`);
  const invited = found.some((state) => state?.state === "granting" && state.external === true);
  if (!invited || !settings.shareOutsideOrganization) return waiting;
  const { accountId } = audience;
  const outcome = await invitations.accept(accountId, resourceShareArn, async () =>
    assertNobodyElse(await resourceSharing.principalStates(resourceShareArn), named, key),
  );
  if (outcome === "accepted") return waitFor(`the invitation of ${key} has just been accepted`);
  if (outcome === "nothing-open") return waiting;
  return waitFor(
    `account ${accountId} of ${key} lies outside the organisation and has not accepted its invitation to ${resourceShareArn}. ` +
      `Deploy ${invitationAccepterRoleName} there, or accept it there in AWS RAM; after 12 hours it ends, and redriving this execution sends another`,
    { invited: true },
  );
}

/** Whom somebody puts in, or invites, after the card was read is to be taken out by a new plan before RAM lets them in. */
function assertNobodyElse(states: PrincipalState[], named: string[], key: string): void {
  if (states.every(({ principal, state }) => state !== "granting" || named.includes(principal))) return;
  throw new CardMovedError(`The share of ${key} is letting others in. The card is read again.`);
}

function waitFor(message: string, { leaving = false, invited = false } = {}): Pending {
  return { message, leaving, invited };
}

export function isFor({ audience }: LiveAccess, wanted: Audience): boolean {
  return audienceKey(audience) === audienceKey(wanted);
}

function associationFailed(audience: string, statusMessage: string | undefined): AssociationFailedError {
  return new AssociationFailedError(
    `RAM could not associate ${audience}: ${statusMessage ?? "it gave no reason"}. Remove the cause, then redrive this execution.`,
  );
}
