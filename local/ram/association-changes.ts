import type { LocalContext } from "../context.ts";
import type { Call } from "../wire/caller.ts";
import { defaultPermission } from "./managed-permission.ts";
import { parsePrincipal, type Principal } from "./principal.ts";
import type { RamBehaviour } from "./ram-behaviour.ts";
import { invalidParameter, invalidStateTransition, limitExceeded, unknownAssociation } from "./ram-error.ts";
import {
  type Association,
  type AssociationStatus,
  type AssociationType,
  isLive,
  type ResourceShare,
} from "./resource-share.ts";
import type { ResourceShareStore } from "./resource-share-store.ts";
import { checkSharedResource } from "./shared-resource.ts";

export interface AssociationDependencies {
  context: LocalContext;
  store: ResourceShareStore;
  behaviour: RamBehaviour;
  resourceExists: (arn: string) => boolean;
  organizationAccountIds: () => readonly string[];
  /** How long an association takes, and its end, in milliseconds. */
  associationDelayMs: () => number;
}

/** What a call wants to associate or disassociate. */
interface AssociatedEntities {
  resourceArns?: string[] | undefined;
  principals?: string[] | undefined;
  sources?: string[] | undefined;
}

const resourcesPerCall = 100;

/** Adds principals and resources to shares and takes them away. */
export class AssociationChanges {
  private readonly dependencies: AssociationDependencies;

  constructor(dependencies: AssociationDependencies) {
    this.dependencies = dependencies;
  }

  /**
   * Checks everything; the function that it returns then associates it all and gives the associations asked for.
   *
   * @param share - May be a share that is not in the store yet.
   * @throws {AwsError} Where anything of it cannot be associated.
   */
  prepareAssociation(share: ResourceShare, entities: AssociatedEntities, call: Call): () => Association[] {
    const { resourceArns, principals } = this.read(entities);
    for (const arn of resourceArns) checkSharedResource(arn, call, this.dependencies.context.log);
    const newResources = resourceArns.filter((arn) => this.isNew(share, "RESOURCE", arn));
    const newPrincipals = principals.filter(({ id }) => this.isNew(share, "PRINCIPAL", id));
    const invited = newPrincipals.filter((principal) => this.needsInvitation(share, principal));
    for (const principal of newPrincipals) this.checkExternal(share, principal);
    this.checkLimits(
      share,
      { RESOURCE: newResources.length, PRINCIPAL: newPrincipals.length },
      invited.length,
    );
    return () => {
      for (const arn of newResources) this.addResource(share, arn);
      for (const principal of newPrincipals) this.addPrincipal(share, principal, invited.includes(principal));
      return [
        ...resourceArns.flatMap((arn) => share.associations.RESOURCE.get(arn) ?? []),
        ...principals.flatMap(({ id }) => share.associations.PRINCIPAL.get(id) ?? []),
      ];
    };
  }

  /**
   * Begins to take principals and resources away. Access lasts until that is done.
   *
   * @throws {AwsError} `InvalidStateTransitionException` for what is still on its way, `UnknownResourceException` for
   *   what is not associated, where that is an error.
   */
  disassociate(share: ResourceShare, entities: AssociatedEntities): Association[] {
    const { resourceArns, principals } = this.read(entities);
    const leaving = [
      ...resourceArns.flatMap((arn) => this.disassociable(share, "RESOURCE", arn)),
      ...principals.flatMap(({ id }) => this.disassociable(share, "PRINCIPAL", id)),
    ];
    for (const association of leaving) this.beginDisassociation(share, association);
    return leaving;
  }

  /** Ends the wait of a principal: it is on its way to the share, or out of it. */
  answerInvitation(share: ResourceShare, association: Association, answer: "ACCEPTED" | "REJECTED"): void {
    association.invitationArn = undefined;
    const { store, associationDelayMs } = this.dependencies;
    const end =
      answer === "ACCEPTED" ? this.outcomeOf(association.entity) : { status: "DISASSOCIATED" as const };
    store.moveTo(share, association, { ...end, delayMs: associationDelayMs() });
  }

  private read({ resourceArns = [], principals = [], sources = [] }: AssociatedEntities): {
    resourceArns: string[];
    principals: Principal[];
  } {
    if (sources.length > 0) {
      this.dependencies.context.log("ram: sources of service principals are not built in the local endpoint");
      throw invalidParameter("Model cards cannot be shared with service principals.");
    }
    if (resourceArns.length > resourcesPerCall) {
      throw limitExceeded(`You can associate up to ${resourcesPerCall} resources per call.`);
    }
    return {
      resourceArns: [...new Set(resourceArns)],
      principals: [...new Set(principals)].map(parsePrincipal),
    };
  }

  /** @throws {AwsError} Where it is associated already and that is an error, or is just leaving. */
  private isNew(share: ResourceShare, type: AssociationType, entity: string): boolean {
    const status = share.associations[type].get(entity)?.status;
    if (status === undefined || !isLive(status)) return true;
    if (status === "DISASSOCIATING") throw invalidStateTransition(status);
    if (this.dependencies.behaviour.reassociate === "error") {
      throw invalidParameter(`${entity} is already associated with the resource share.`);
    }
    return false;
  }

  private isExternal(share: ResourceShare, { accountId }: Principal): boolean {
    if (accountId === share.accountId) return false;
    const members = this.dependencies.organizationAccountIds();
    return !(members.includes(accountId) && members.includes(share.accountId));
  }

  private needsInvitation(share: ResourceShare, principal: Principal): boolean {
    const { invitesInside } = this.dependencies.behaviour;
    const isInvited = invitesInside || share.retainSharingOnAccountLeaveOrganization === true;
    return this.isExternal(share, principal) || (isInvited && principal.accountId !== share.accountId);
  }

  private checkExternal(share: ResourceShare, principal: Principal): void {
    const isOutside = this.dependencies.behaviour.invitesInside || this.isExternal(share, principal);
    if (share.allowExternalPrincipals || !isOutside) return;
    throw invalidParameter(
      `Principal ${principal.id} is not in your AWS organization. You do not have permission to add external AWS accounts to a resource share.`,
    );
  }

  private checkLimits(share: ResourceShare, added: ResourceShare["liveCount"], invitations: number): void {
    const { store, behaviour } = this.dependencies;
    const { limits } = behaviour;
    const owned = store.ownedBy(share);
    for (const type of ["RESOURCE", "PRINCIPAL"] satisfies AssociationType[]) {
      const kind = `${type.toLowerCase()} associations`;
      if (share.liveCount[type] + added[type] > limits.associationsPerShare) {
        throw limitExceeded(
          `The limit of ${limits.associationsPerShare} ${kind} per resource share would be exceeded.`,
        );
      }
      const total = owned.reduce((sum, { liveCount }) => sum + liveCount[type], added[type]);
      if (total > limits.associationsPerRegion) {
        throw limitExceeded(
          `The limit of ${limits.associationsPerRegion} ${kind} per Region would be exceeded.`,
        );
      }
    }
    if (invitations > 0 && store.countPendingInvitations(share) + invitations > limits.pendingInvitations) {
      throw limitExceeded(`The limit of ${limits.pendingInvitations} pending invitations would be exceeded.`);
    }
  }

  private addResource(share: ResourceShare, resourceArn: string): void {
    const { context, store, resourceExists, associationDelayMs } = this.dependencies;
    share.permission ??= defaultPermission();
    store.changed(share);
    const association = this.newAssociation("RESOURCE", resourceArn, false);
    store.addAssociation(share, association);
    // RAM takes the call and finds out afterwards.
    store.moveTo(share, association, {
      ...(resourceExists(resourceArn)
        ? this.outcomeOf(resourceArn)
        : {
            status: "FAILED",
            statusMessage: "The specified resource could not be found in your AWS account",
          }),
      delayMs: associationDelayMs(),
    });
    if (association.next?.status === "FAILED") context.log(`ram: ${resourceArn} does not exist`);
  }

  private addPrincipal(share: ResourceShare, principal: Principal, isInvited: boolean): void {
    const { context, store, associationDelayMs } = this.dependencies;
    const association = this.newAssociation("PRINCIPAL", principal.id, this.isExternal(share, principal));
    if (isInvited) {
      association.invitationArn = `arn:aws:ram:${share.region}:${share.accountId}:resource-share-invitation/${context.newId()}`;
      store.addInvitation({
        arn: association.invitationArn,
        resourceShareArn: share.arn,
        principalId: principal.id,
        senderAccountId: share.accountId,
        receiverAccountId: principal.accountId,
        receiverArn: principal.arn,
        region: share.region,
        invitationTime: context.clock.now(),
        status: "PENDING",
        endTime: undefined,
        sequence: store.nextSequence(),
      });
    }
    store.addAssociation(share, association);
    if (!isInvited) {
      store.moveTo(share, association, { ...this.outcomeOf(principal.id), delayMs: associationDelayMs() });
    }
  }

  private outcomeOf(entity: string): { status: AssociationStatus; statusMessage?: string } {
    const statusMessage = this.dependencies.behaviour.associationOutcome(entity);
    return statusMessage === undefined ? { status: "ASSOCIATED" } : { status: "FAILED", statusMessage };
  }

  private newAssociation(type: AssociationType, entity: string, external: boolean): Association {
    const { context, store } = this.dependencies;
    return {
      type,
      entity,
      external,
      status: "ASSOCIATING",
      statusMessage: undefined,
      effective: false,
      next: undefined,
      invitationArn: undefined,
      creationTime: context.clock.now(),
      lastUpdatedTime: context.clock.now(),
      former: undefined,
      sequence: store.nextSequence(),
    };
  }

  private disassociable(share: ResourceShare, type: AssociationType, entity: string): Association[] {
    const association = share.associations[type].get(entity);
    const isTolerant = this.dependencies.behaviour.disassociateAbsent === "no-op";
    if (association === undefined || association.status === "DISASSOCIATED") {
      if (isTolerant) return [];
      throw unknownAssociation(entity);
    }
    const isOnItsWay = association.next !== undefined;
    if (isOnItsWay && !(association.status === "DISASSOCIATING" && isTolerant)) {
      throw invalidStateTransition(association.status);
    }
    return [association];
  }

  private beginDisassociation(share: ResourceShare, association: Association): void {
    if (association.status === "DISASSOCIATING") return;
    const { context, store, associationDelayMs } = this.dependencies;
    if (association.invitationArn !== undefined) store.removeInvitation(association.invitationArn);
    association.invitationArn = undefined;
    store.setStatus(share, association, "DISASSOCIATING", context.clock.now());
    store.moveTo(share, association, { status: "DISASSOCIATED", delayMs: associationDelayMs() });
  }
}
