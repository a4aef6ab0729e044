/**
 * Answers to what AWS does not document of RAM, and what RAM does on a bad day. Each can be switched, also while the service
 * runs.
 */
export interface RamBehaviour {
  /** Associating what is already associated. */
  reassociate: "no-op" | "error";
  /** Disassociating what is not associated. */
  disassociateAbsent: "no-op" | "error";
  /** How long deleted shares and ended associations stay listed, in milliseconds. */
  deletedSharesListedMs: number;
  /** How long an invitation can be accepted, in milliseconds. */
  invitationExpiryMs: number;
  /** Whether sharing within the organisation is switched off: accounts inside are invited too, and are not external for that. */
  invitesInside: boolean;
  /** How associating a card or a principal ends: with RAM's message of failure, or well. Asked when RAM begins with it. */
  associationOutcome: (entity: string) => string | undefined;
  /** Whether RAM throttles a call, by the name of its operation, for example `AssociateResourceShare`. */
  throttle: (operation: string) => boolean;
  /** How long a new share is not known to calls that name it, in milliseconds. */
  unknownAfterCreationMs: number;
  /** Whether every list begins with an empty page that has a successor. */
  emptyPages: boolean;
  /** How old the state is that lists show, in milliseconds: RAM is eventually consistent. Access itself is up to date. */
  listLagMs: number;
  /** Quotas of an account in a Region. */
  limits: {
    /** Cards that a share holds, and principals. */
    associationsPerShare: number;
    /** Cards in all shares, and principals. */
    associationsPerRegion: number;
    sharesPerRegion: number;
    pendingInvitations: number;
  };
}

const hourMs = 3_600_000;

/** The likeliest answers, the times and quotas that AWS states for model cards, and a good day. */
export const defaultRamBehaviour: RamBehaviour = {
  reassociate: "no-op",
  disassociateAbsent: "error",
  deletedSharesListedMs: 2 * hourMs,
  invitationExpiryMs: 12 * hourMs,
  invitesInside: false,
  associationOutcome: () => undefined,
  throttle: () => false,
  unknownAfterCreationMs: 0,
  emptyPages: false,
  listLagMs: 0,
  limits: {
    associationsPerShare: 5_000,
    associationsPerRegion: 25_000,
    sharesPerRegion: 25_000,
    pendingInvitations: 250,
  },
};
