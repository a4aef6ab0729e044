import type { DurableMap } from "../journal/durable-map.ts";
import type { ManagedPermission } from "./managed-permission.ts";

export type AssociationType = "PRINCIPAL" | "RESOURCE";

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/API_ResourceShareAssociation.html */
export const associationStatuses = [
  "ASSOCIATING",
  "ASSOCIATED",
  "FAILED",
  "DISASSOCIATING",
  "DISASSOCIATED",
] as const;

export type AssociationStatus = (typeof associationStatuses)[number];

/** A principal or resource of a share, also for some time after it has left. */
export interface Association {
  type: AssociationType;
  /** Account id or ARN. */
  entity: string;
  external: boolean;
  status: AssociationStatus;
  statusMessage: string | undefined;
  /** Whether it has its effect: since it was associated, until it is disassociated. */
  effective: boolean;
  /** Where it is on its way to, and when it gets there. */
  next: { status: AssociationStatus; statusMessage?: string; time: Date } | undefined;
  /** The invitation that a principal waits for. */
  invitationArn: string | undefined;
  creationTime: Date;
  lastUpdatedTime: Date;
  /** Counts up with every association of every share. */
  sequence: number;
}

export interface ResourceShare {
  arn: string;
  name: string;
  /** Owner. */
  accountId: string;
  region: string;
  allowExternalPrincipals: boolean;
  /** Whether accounts of the organisation get an invitation too. */
  retainSharingOnAccountLeaveOrganization: boolean | undefined;
  tags: Map<string, string>;
  /** Attached with the first resource at the latest. */
  permission: ManagedPermission | undefined;
  permissionTime: Date;
  creationTime: Date;
  lastUpdatedTime: Date;
  /** When a deletion that was asked for is complete. */
  deletionTime: Date | undefined;
  status: "ACTIVE" | "DELETING" | "DELETED";
  /** By entity. */
  associations: Record<AssociationType, DurableMap<Association>>;
  /** How many associations are neither failed nor ended. */
  liveCount: Record<AssociationType, number>;
  /** Associations that are on their way or wait for an invitation. */
  unsettled: Set<Association>;
  /** Associations that have left, in the order in which they did. */
  ended: Set<Association>;
  sequence: number;
}

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/API_ResourceShareInvitation.html */
export interface Invitation {
  arn: string;
  resourceShareArn: string;
  principalId: string;
  senderAccountId: string;
  receiverAccountId: string;
  /** The role or user that is invited; absent where it is the whole account. */
  receiverArn: string | undefined;
  region: string;
  invitationTime: Date;
  status: "PENDING" | "ACCEPTED" | "REJECTED" | "EXPIRED";
  /** When it was accepted, rejected or expired. */
  endTime: Date | undefined;
  sequence: number;
}

/** Whether a status counts for quotas and stands in the way of associating again. */
export function isLive(status: AssociationStatus): boolean {
  return status !== "FAILED" && status !== "DISASSOCIATED";
}
