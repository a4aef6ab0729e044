import type { LocalContext } from "../context.ts";
import { DurableMap, durableMap } from "../journal/durable-map.ts";
import { ArnIndex } from "./arn-index.ts";
import { parsePrincipal } from "./principal.ts";
import type { RamBehaviour } from "./ram-behaviour.ts";
import {
  type Association,
  type AssociationStatus,
  type AssociationType,
  type Invitation,
  isLive,
  type ResourceShare,
} from "./resource-share.ts";
import { formerState, invitationAt, shareAt } from "./seen-state.ts";

/** An account in a region. */
interface Place {
  accountId: string;
  region: string;
}

/**
 * All resource shares and invitations of all accounts and regions. No timers: whatever is read is first brought up to the
 * present moment.
 */
export class ResourceShareStore {
  private readonly context: LocalContext;
  private readonly behaviour: RamBehaviour;
  private readonly shares: DurableMap<ResourceShare, StoredShare>;
  private readonly invitations: DurableMap<Invitation>;
  private readonly sharesOfOwner = new ArnIndex();
  private readonly sharesOfResource = new ArnIndex();
  /** By the accounts of the principals. */
  private readonly sharesOfConsumer = new ArnIndex();
  private readonly invitationsOfReceiver = new ArnIndex();
  private lastSequence = 0;

  constructor(context: LocalContext, behaviour: RamBehaviour) {
    this.context = context;
    this.behaviour = behaviour;
    this.invitations = durableMap(context, "ram/invitations");
    this.shares = new DurableMap(context.journal, "ram/shares", {
      write: toStored,
      read: (stored) => this.restored(stored),
    });
    for (const share of this.shares.values()) this.index(share);
    for (const invitation of this.invitations.values()) {
      this.invitationsOfReceiver.add(receiverKey(invitation), invitation.arn);
      this.lastSequence = Math.max(this.lastSequence, invitation.sequence);
    }
  }

  /** To be called after anything of a share but its associations was changed in place. */
  changed(share: ResourceShare): void {
    // A share that is still being made comes into the store with all that it has.
    if (this.shares.has(share.arn)) this.shares.touch(share.arn);
  }

  /** Likewise for an invitation. */
  changedInvitation({ arn }: Invitation): void {
    this.invitations.touch(arn);
  }

  /** Where the associations of a share are kept, each on its own: there may be thousands. */
  associationsOf(shareArn: string): ResourceShare["associations"] {
    return {
      PRINCIPAL: durableMap(this.context, `ram/principals/${shareArn}`),
      RESOURCE: durableMap(this.context, `ram/resources/${shareArn}`),
    };
  }

  nextSequence(): number {
    this.lastSequence += 1;
    return this.lastSequence;
  }

  /** The share, also for some time after its deletion. */
  find(resourceShareArn: string): ResourceShare | undefined {
    const share = this.shares.get(resourceShareArn);
    if (share === undefined) return undefined;
    this.settle(share);
    return this.shares.get(resourceShareArn);
  }

  /** In the order of creation. */
  ownedBy(place: Place): ResourceShare[] {
    return this.current(this.sharesOfOwner.get(placeKey(place)));
  }

  /** Shares that name the account, or a role or user of it, now or until lately. */
  naming(place: Place): ResourceShare[] {
    return this.current(this.sharesOfConsumer.get(placeKey(place)));
  }

  /** Shares that hold a resource, now or until lately. */
  holding(resourceArn: string): ResourceShare[] {
    return this.current(this.sharesOfResource.get(resourceArn));
  }

  /** Whether calls that name the share know it yet. */
  isKnown({ creationTime }: ResourceShare): boolean {
    const { unknownAfterCreationMs } = this.behaviour;
    return creationTime.getTime() + unknownAfterCreationMs <= this.context.clock.now().getTime();
  }

  /** The shares as lists show them, which may be some time behind. */
  listed(shares: ResourceShare[]): ResourceShare[] {
    const time = this.listedTime();
    return time === undefined ? shares : shares.flatMap((share) => shareAt(share, time) ?? []);
  }

  addShare(share: ResourceShare): void {
    this.shares.set(share.arn, share);
    this.sharesOfOwner.add(placeKey(share), share.arn);
  }

  /** Adds an association, in the place of one of the same entity that has failed or ended. */
  addAssociation(share: ResourceShare, association: Association): void {
    const { type, entity } = association;
    const former = share.associations[type].get(entity);
    if (former !== undefined) {
      association.former = formerState(former, association.creationTime);
      this.removeAssociation(share, former);
    }
    share.associations[type].set(entity, association);
    share.liveCount[type] += 1;
    share.unsettled.add(association);
    if (type === "RESOURCE") this.sharesOfResource.add(entity, share.arn);
    else this.sharesOfConsumer.add(consumerKey(share, entity), share.arn);
  }

  /** Sends an association on its way; `delayMs` from now it has the status. */
  moveTo(
    share: ResourceShare,
    association: Association,
    next: { status: AssociationStatus; statusMessage?: string; delayMs: number },
  ): void {
    const { delayMs, ...target } = next;
    association.next = { ...target, time: new Date(this.context.clock.now().getTime() + delayMs) };
    share.unsettled.add(association);
    share.associations[association.type].set(association.entity, association);
  }

  setStatus(share: ResourceShare, association: Association, status: AssociationStatus, time: Date): void {
    const change = Number(isLive(status)) - Number(isLive(association.status));
    share.liveCount[association.type] += change;
    association.former = formerState(association, time);
    association.status = status;
    association.statusMessage = undefined;
    association.lastUpdatedTime = time;
    share.associations[association.type].set(association.entity, association);
    if (status === "ASSOCIATED") association.effective = true;
    if (status === "DISASSOCIATED") {
      association.effective = false;
      share.ended.add(association);
    }
  }

  findInvitation(invitationArn: string): Invitation | undefined {
    const invitation = this.invitations.get(invitationArn);
    if (invitation === undefined) return undefined;
    this.find(invitation.resourceShareArn);
    return this.invitations.get(invitationArn);
  }

  addInvitation(invitation: Invitation): void {
    this.invitations.set(invitation.arn, invitation);
    this.invitationsOfReceiver.add(receiverKey(invitation), invitation.arn);
  }

  removeInvitation(invitationArn: string): void {
    const invitation = this.invitations.get(invitationArn);
    if (invitation === undefined) return;
    this.invitations.delete(invitationArn);
    this.invitationsOfReceiver.remove(receiverKey(invitation), invitationArn);
  }

  /** Invitations that an account is shown, oldest first; for some time also those that it has answered. */
  invitationsTo(place: Place): Invitation[] {
    const { deletedSharesListedMs } = this.behaviour;
    const now = this.context.clock.now().getTime();
    const received: Invitation[] = [];
    for (const arn of this.invitationsOfReceiver.get(placeKey(place))) {
      const invitation = this.findInvitation(arn);
      if (invitation === undefined) continue;
      const { endTime } = invitation;
      if (endTime !== undefined && endTime.getTime() + deletedSharesListedMs <= now)
        this.removeInvitation(arn);
      else received.push(invitation);
    }
    const time = this.listedTime();
    return time === undefined ? received : received.flatMap((one) => invitationAt(one, time) ?? []);
  }

  /** How many invitations to accounts an account has open. */
  countPendingInvitations(sender: Place): number {
    return this.ownedBy(sender).reduce(
      (count, { unsettled }) =>
        count + [...unsettled].filter(({ invitationArn }) => invitationArn !== undefined).length,
      0,
    );
  }

  private listedTime(): Date | undefined {
    const { listLagMs } = this.behaviour;
    return listLagMs === 0 ? undefined : new Date(this.context.clock.now().getTime() - listLagMs);
  }

  private restored(stored: StoredShare): ResourceShare {
    const associations = this.associationsOf(stored.arn);
    const share: ResourceShare = {
      ...stored,
      associations,
      liveCount: { PRINCIPAL: 0, RESOURCE: 0 },
      unsettled: new Set(),
      ended: new Set(),
    };
    const all = allAssociations(share);
    for (const association of all) {
      if (isLive(association.status)) share.liveCount[association.type] += 1;
      if (association.next !== undefined || association.invitationArn !== undefined) {
        share.unsettled.add(association);
      }
    }
    const ended = all.filter(({ status }) => status === "DISASSOCIATED");
    ended.sort((a, b) => a.lastUpdatedTime.getTime() - b.lastUpdatedTime.getTime());
    return { ...share, ended: new Set(ended) };
  }

  private index(share: ResourceShare): void {
    this.sharesOfOwner.add(placeKey(share), share.arn);
    for (const entity of share.associations.RESOURCE.keys()) this.sharesOfResource.add(entity, share.arn);
    for (const entity of share.associations.PRINCIPAL.keys()) {
      this.sharesOfConsumer.add(consumerKey(share, entity), share.arn);
    }
    const sequences = [share, ...allAssociations(share)].map(({ sequence }) => sequence);
    this.lastSequence = sequences.reduce((last, sequence) => Math.max(last, sequence), this.lastSequence);
  }

  private current(arns: ReadonlySet<string>): ResourceShare[] {
    return [...arns].flatMap((arn) => this.find(arn) ?? []);
  }

  /** Brings a share up to the present moment. */
  private settle(share: ResourceShare): void {
    const now = this.context.clock.now();
    for (const association of share.unsettled) this.settleAssociation(share, association, now);
    if (share.deletionTime !== undefined && share.deletionTime <= now && share.status === "DELETING") {
      this.completeDeletion(share, share.deletionTime);
    }
    const longAgo = now.getTime() - this.behaviour.deletedSharesListedMs;
    for (const association of share.ended) {
      if (association.lastUpdatedTime.getTime() > longAgo) break;
      this.removeAssociation(share, association);
    }
    if (share.status === "DELETED" && share.lastUpdatedTime.getTime() <= longAgo) this.removeShare(share);
  }

  private settleAssociation(share: ResourceShare, association: Association, now: Date): void {
    const invitation = this.invitations.get(association.invitationArn ?? "");
    if (invitation !== undefined) {
      const expiryTime = new Date(invitation.invitationTime.getTime() + this.behaviour.invitationExpiryMs);
      if (expiryTime > now) return;
      invitation.status = "EXPIRED";
      invitation.endTime = expiryTime;
      this.changedInvitation(invitation);
      association.invitationArn = undefined;
      association.next = { status: "DISASSOCIATED", time: expiryTime };
    }
    const { next } = association;
    if (next === undefined || next.time > now) return;
    this.setStatus(share, association, next.status, next.time);
    association.statusMessage = next.statusMessage;
    association.next = undefined;
    share.associations[association.type].set(association.entity, association);
    share.unsettled.delete(association);
  }

  private completeDeletion(share: ResourceShare, time: Date): void {
    share.status = "DELETED";
    share.lastUpdatedTime = time;
    this.changed(share);
    for (const association of allAssociations(share)) {
      if (association.invitationArn !== undefined) this.removeInvitation(association.invitationArn);
      association.invitationArn = undefined;
      association.next = undefined;
      if (association.status !== "DISASSOCIATED") this.setStatus(share, association, "DISASSOCIATED", time);
    }
    share.unsettled.clear();
  }

  private removeAssociation(share: ResourceShare, association: Association): void {
    const { type, entity } = association;
    share.associations[type].delete(entity);
    share.unsettled.delete(association);
    share.ended.delete(association);
    if (type === "RESOURCE") this.sharesOfResource.remove(entity, share.arn);
    else if (!this.namesAccount(share, entity))
      this.sharesOfConsumer.remove(consumerKey(share, entity), share.arn);
  }

  /** Whether a share still has a principal of the same account. */
  private namesAccount(share: ResourceShare, principalId: string): boolean {
    const { accountId } = parsePrincipal(principalId);
    return [...share.associations.PRINCIPAL.keys()].some((id) => parsePrincipal(id).accountId === accountId);
  }

  private removeShare(share: ResourceShare): void {
    for (const association of allAssociations(share)) this.removeAssociation(share, association);
    this.shares.delete(share.arn);
    this.sharesOfOwner.remove(placeKey(share), share.arn);
  }
}

/** What else a share has follows from its associations. */
type StoredShare = Omit<ResourceShare, "associations" | "liveCount" | "unsettled" | "ended">;

function toStored(share: ResourceShare): StoredShare {
  const { associations: _kept, liveCount: _counted, unsettled: _found, ended: _sorted, ...stored } = share;
  return stored;
}

function allAssociations({ associations }: ResourceShare): Association[] {
  return (["PRINCIPAL", "RESOURCE"] satisfies AssociationType[]).flatMap((type) => [
    ...associations[type].values(),
  ]);
}

function placeKey({ accountId, region }: Place): string {
  return `${accountId}/${region}`;
}

function consumerKey({ region }: ResourceShare, principalId: string): string {
  return placeKey({ accountId: parsePrincipal(principalId).accountId, region });
}

function receiverKey({ receiverAccountId, region }: Invitation): string {
  return placeKey({ accountId: receiverAccountId, region });
}
