import type { Call, Caller } from "../wire/caller.ts";
import { parsePrincipal } from "./principal.ts";
import {
  invalidStateTransition,
  malformedArn,
  operationNotPermitted,
  unknownResourceShare,
} from "./ram-error.ts";
import type { ResourceShare } from "./resource-share.ts";
import type { ResourceShareStore } from "./resource-share-store.ts";

const shareArnPattern = /^arn:aws:ram:[a-z0-9-]+:[0-9]{12}:resource-share\/.+$/;

/** What a receiver of an invitation may do with it; the same as a resource policy of AWS's own. */
const receiverActions = [
  "ram:AcceptResourceShareInvitation",
  "ram:RejectResourceShareInvitation",
  "ram:ListPendingInvitationResources",
];

/** @throws {AwsError} `MalformedArnException` */
export function checkShareArn(resourceShareArn: string): void {
  if (!shareArnPattern.test(resourceShareArn)) throw malformedArn("resource share");
}

/**
 * A share that the caller owns.
 *
 * @throws {AwsError} `MalformedArnException`, `UnknownResourceException` also for a deleted share,
 *   `OperationNotPermittedException` for another account's, `InvalidStateTransitionException` while it is being deleted.
 */
export function ownedShare(
  store: ResourceShareStore,
  resourceShareArn: string,
  { caller, region }: Call,
): ResourceShare {
  checkShareArn(resourceShareArn);
  const share = store.find(resourceShareArn);
  if (share === undefined || share.region !== region || share.status === "DELETED" || !store.isKnown(share)) {
    throw unknownResourceShare(resourceShareArn);
  }
  if (share.accountId !== caller.accountId) {
    throw operationNotPermitted(`You do not own the resource share ${resourceShareArn}.`);
  }
  if (share.status === "DELETING") throw invalidStateTransition("DISASSOCIATING");
  return share;
}

/** What IAM is asked about; another account's share stands for nothing that the caller could be allowed. */
export function ownShareResource(resourceShareArn: string, { caller }: Call): string {
  return resourceShareArn.split(":")[4] === caller.accountId ? resourceShareArn : "*";
}

/** The shares of others that an account takes part in: as a principal, or through a role or user. */
export function sharedWith(store: ResourceShareStore, { caller, region }: Call): ResourceShare[] {
  const { accountId } = caller;
  return store
    .listed(store.naming({ accountId, region }))
    .filter(
      (share) =>
        share.accountId !== accountId &&
        [...share.associations.PRINCIPAL.values()].some(
          ({ entity, effective }) => effective && parsePrincipal(entity).accountId === accountId,
        ),
    );
}

/**
 * The shares that a list is about.
 *
 * @param resourceShareArns - Narrows the list; every one must be there.
 * @throws {AwsError} `MalformedArnException`, `UnknownResourceException`.
 */
export function listedShares(
  store: ResourceShareStore,
  owner: "SELF" | "OTHER-ACCOUNTS",
  resourceShareArns: string[] | undefined,
  call: Call,
): ResourceShare[] {
  for (const arn of resourceShareArns ?? []) checkShareArn(arn);
  const { accountId } = call.caller;
  const shares =
    owner === "SELF"
      ? store.listed(store.ownedBy({ accountId, region: call.region }))
      : sharedWith(store, call);
  if (resourceShareArns === undefined || resourceShareArns.length === 0) return shares;
  const wanted = new Set(resourceShareArns);
  const found = shares.filter((share) => store.isKnown(share) && wanted.delete(share.arn));
  for (const missing of wanted) throw unknownResourceShare(missing);
  return found;
}

/** Whether a share gives this caller this action on this resource now. */
export function sharesAllow(
  store: ResourceShareStore,
  resourceArn: string,
  action: string,
  caller: Caller,
): boolean {
  if (receiverActions.includes(action)) {
    // An invitation that nobody knows is refused by the operation, with an error of its own.
    const invitation = store.findInvitation(resourceArn);
    return invitation === undefined || invitation.receiverAccountId === caller.accountId;
  }
  return store
    .holding(resourceArn)
    .some(
      ({ permission, associations }) =>
        permission?.actions.includes(action) === true &&
        associations.RESOURCE.get(resourceArn)?.effective === true &&
        (associations.PRINCIPAL.get(caller.accountId)?.effective === true ||
          associations.PRINCIPAL.get(caller.principalArn)?.effective === true),
    );
}
