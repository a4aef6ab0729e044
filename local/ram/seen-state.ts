import type { Association, Invitation, ResourceShare } from "./resource-share.ts";

/** Longest lag of a list, in milliseconds: what was over before that is forgotten. */
const longestLagMs = 3_600_000;

/** The state that an association leaves now, with those before it that a list may still show. */
export function formerState(
  { status, statusMessage, effective, lastUpdatedTime, former }: Association,
  now: Date,
): NonNullable<Association["former"]> {
  const isOld = lastUpdatedTime.getTime() + longestLagMs < now.getTime();
  return { status, statusMessage, effective, lastUpdatedTime, former: isOld ? undefined : former };
}

/** A share as lists show it that are as old as `time`; `undefined` where it is too new for them. */
export function shareAt(share: ResourceShare, time: Date): ResourceShare | undefined {
  const { deletionAskedTime, deletionTime } = share;
  if (share.creationTime > time) return undefined;
  const isDeleting = deletionAskedTime !== undefined && deletionAskedTime <= time;
  const isDeleted = deletionTime !== undefined && deletionTime <= time;
  const associations = {
    PRINCIPAL: associationsAt(share.associations.PRINCIPAL, time),
    RESOURCE: associationsAt(share.associations.RESOURCE, time),
  };
  const status = isDeleted ? "DELETED" : isDeleting ? "DELETING" : "ACTIVE";
  return { ...share, status, associations };
}

function associationsAt(all: Map<string, Association>, time: Date): Map<string, Association> {
  return new Map(
    [...all].flatMap(([entity, association]): [string, Association][] => {
      let state: Association["former"] = association;
      while (state !== undefined && state.lastUpdatedTime > time) state = state.former;
      return state === undefined ? [] : [[entity, { ...association, ...state }]];
    }),
  );
}

/** The same of an invitation. */
export function invitationAt(invitation: Invitation, time: Date): Invitation | undefined {
  const { invitationTime, endTime } = invitation;
  if (invitationTime > time) return undefined;
  return endTime !== undefined && endTime > time ? { ...invitation, status: "PENDING" } : invitation;
}
