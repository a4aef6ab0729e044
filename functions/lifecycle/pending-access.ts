import type { AccessWaitState, Audience } from "../../events/access.ts";
import { type LiveAccess, audienceKey } from "./access-plan.ts";
import { invitationAccepterRoleName } from "./invitation-accepter-role.ts";
import type { PrincipalState } from "./principals.ts";
import { audiencePrincipals } from "./read-only.ts";
import type { Lifecycle } from "./settings.ts";

/** The states that can be told from RAM's associations alone. */
export type PendingState = Extract<
  AccessWaitState,
  "Associating" | "Disassociating" | "AssociationFailed" | "InvitationPending" | "InvitationExpired"
>;

/**
 * The most urgent first. A failure: RAM will not go on with it. An invitation comes last: it may take a person, RAM minutes.
 */
export const pendingStates: readonly PendingState[] = [
  "AssociationFailed",
  "Disassociating",
  "Associating",
  "InvitationExpired",
  "InvitationPending",
];

/** Whether GrantAccess was refused, so that RAM shows nothing of it. */
export function isRefusal({ state }: { state: AccessWaitState }): boolean {
  return !pendingStates.some((pending) => pending === state);
}

/** What is still on its way between an audience and a card. */
export interface PendingAccess {
  audience: Audience;
  state: PendingState;
  /** The share that it is about, where RAM shows one. */
  resourceShareArn?: string | undefined;
  /** What RAM says about a failure. */
  statusMessage?: string | undefined;
}

/** What RAM shows of a card. */
export interface ShownAccess {
  live: LiveAccess[];
  /** The principals of the shares in `live`, by the share's ARN. */
  principals: ReadonlyMap<string, PrincipalState[]>;
}

/**
 * What keeps exactly the wanted audiences from having access, by audience; empty where all is done.
 *
 * @param settings.shareOutsideOrganization - Without it nobody is ever invited.
 * @param wasInvited - Whether the audience was seen waiting for its invitation: then a principal that is gone has let it end.
 */
export function pendingAccess(
  wanted: Audience[],
  { live, principals }: ShownAccess,
  lifecycle: Lifecycle | undefined,
  settings: { shareOutsideOrganization: boolean },
  wasInvited: (audience: Audience) => boolean,
): PendingAccess[] {
  const wantedKeys = new Set(wanted.map(audienceKey));
  const leaving = live
    .filter(({ audience, state }) => state !== "failed" && !wantedKeys.has(audienceKey(audience)))
    .map(({ audience, resourceShareArn }): PendingAccess => {
      return { audience, state: "Disassociating", resourceShareArn };
    });
  const coming = wanted.flatMap((audience) => {
    const access = furthestAccess(audience, live);
    const { resourceShareArn } = access ?? {};
    const pending = (state: PendingState, statusMessage?: string): PendingAccess[] => [
      { audience, state, resourceShareArn, statusMessage },
    ];
    if (access === undefined) return pending("Associating");
    if (access.state === "failed") return pending("AssociationFailed", access.statusMessage);
    const states = principals.get(access.resourceShareArn) ?? [];
    if (states.some(({ state }) => state === "revoking")) return pending("Disassociating");
    const found = audiencePrincipals(audience, lifecycle).map((principal) =>
      states.find((other) => other.principal === principal),
    );
    const failed = found.find((state) => state?.state === "failed");
    if (failed !== undefined) return pending("AssociationFailed", failed.statusMessage);
    if (found.includes(undefined)) {
      return pending(wasInvited(audience) ? "InvitationExpired" : "Associating");
    }
    const coming = found.filter((state) => state?.state !== "granted");
    const isInvited = settings.shareOutsideOrganization && coming.some((state) => state?.external === true);
    if (isInvited) return pending("InvitationPending");
    return coming.length > 0 || access.state !== "granted" ? pending("Associating") : [];
  });
  return [...leaving, ...coming];
}

const order: LiveAccess["state"][] = ["granted", "granting", "revoking", "failed"];

/** Of several shares of one audience that hold the card, the one that RAM has got furthest with. */
export function furthestAccess(audience: Audience, live: LiveAccess[]): LiveAccess | undefined {
  const key = audienceKey(audience);
  return live
    .filter((access) => audienceKey(access.audience) === key)
    .toSorted((one, other) => order.indexOf(one.state) - order.indexOf(other.state))[0];
}

/** In words, for whoever looks at the card: what is waited for, and what to do. */
export function pendingMessage({ audience, state, resourceShareArn, statusMessage }: PendingAccess): string {
  const key = audienceKey(audience);
  const { accountId } = audience;
  switch (state) {
    case "Associating":
      return `access of ${key} is not granted yet, AWS RAM is at work`;
    case "Disassociating":
      return `access of ${key} is not revoked yet, or a principal is still in its share; AWS RAM is at work`;
    case "AssociationFailed":
      return `RAM could not associate ${key}: ${statusMessage ?? "it gave no reason"}. Remove the cause; the next look at the card associates it again`;
    case "InvitationPending":
      return (
        `account ${accountId} of ${key} lies outside the organisation and has not accepted its invitation to ${resourceShareArn}. ` +
        `Deploy ${invitationAccepterRoleName} there, or accept it there in AWS RAM; after 12 hours it ends, and the next look at the card sends another`
      );
    case "InvitationExpired":
      return (
        `the invitation of account ${accountId} of ${key} to ${resourceShareArn} has ended, or was rejected. ` +
        `The next look at the card sends another; deploy ${invitationAccepterRoleName} there so that it is accepted`
      );
    default:
      return state satisfies never;
  }
}

/**
 * Whether the sweep has to look at a card again because of one of its waits: RAM has moved on, or another try may end what RAM
 * shows nothing of, such as a quota, a throttle or a failure.
 *
 * An open invitation and an association that RAM is at work on are not over. Whether the account of an open invitation has
 * got the accepter role meanwhile only a look tells, and one a share is enough for all its cards. What a reader role keeps back
 * is missing, and the sweep asks about the role: no look ends that before the role is mended.
 *
 * @param now - What RAM shows of the audience now, from `pendingAccess`; `undefined` where nothing is pending.
 */
export function waitIsOver(wait: { state: AccessWaitState }, now: PendingState | undefined): boolean {
  const lasts: AccessWaitState[] = ["Associating", "Disassociating", "InvitationPending"];
  if (wait.state === "ReaderRoleMissing" || wait.state === "ReadOnlyBroken") return now === undefined;
  return !(lasts.includes(wait.state) && wait.state === now);
}
