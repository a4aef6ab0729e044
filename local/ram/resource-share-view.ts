import { modelCardResourceType } from "./managed-permission.ts";
import type { Association, Invitation, ResourceShare } from "./resource-share.ts";

/** A share as the calls that change it show it. */
export function describeShare(share: ResourceShare) {
  const retain = share.retainSharingOnAccountLeaveOrganization;
  return {
    resourceShareArn: share.arn,
    name: share.name,
    owningAccountId: share.accountId,
    allowExternalPrincipals: share.allowExternalPrincipals,
    status: share.status,
    tags: share.tags.size === 0 ? undefined : [...share.tags].map(([key, value]) => ({ key, value })),
    creationTime: share.creationTime,
    lastUpdatedTime: share.lastUpdatedTime,
    resourceShareConfiguration:
      retain === undefined ? undefined : { retainSharingOnAccountLeaveOrganization: retain },
  };
}

/** An association as the calls that change it show it. */
export function describeChange(share: ResourceShare, association: Association) {
  return {
    resourceShareArn: share.arn,
    associatedEntity: association.entity,
    associationType: association.type,
    status: association.status,
    statusMessage: association.statusMessage,
    external: association.external,
  };
}

export function describeAssociation(share: ResourceShare, association: Association) {
  return {
    ...describeChange(share, association),
    resourceShareName: share.name,
    creationTime: association.creationTime,
    lastUpdatedTime: association.lastUpdatedTime,
  };
}

export function describeResource(share: ResourceShare, association: Association) {
  return {
    arn: association.entity,
    type: modelCardResourceType,
    resourceShareArn: share.arn,
    status: resourceStatus(association),
    statusMessage: association.statusMessage,
    creationTime: association.creationTime,
    lastUpdatedTime: association.lastUpdatedTime,
    resourceRegionScope: "REGIONAL",
  };
}

function resourceStatus({ status, effective }: Association): string {
  if (effective) return "AVAILABLE";
  return status === "ASSOCIATING" ? "PENDING" : "UNAVAILABLE";
}

/** @param share - Where it is still known; its name is shown. */
export function describeInvitation(invitation: Invitation, share: ResourceShare | undefined) {
  return {
    resourceShareInvitationArn: invitation.arn,
    resourceShareName: share?.name,
    resourceShareArn: invitation.resourceShareArn,
    senderAccountId: invitation.senderAccountId,
    receiverAccountId: invitation.receiverAccountId,
    receiverArn: invitation.receiverArn,
    invitationTimestamp: invitation.invitationTime,
    status: invitation.status,
  };
}
