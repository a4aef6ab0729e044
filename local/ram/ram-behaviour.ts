/** Answers to what AWS does not document of RAM. Each can be switched, also while the service runs. */
export interface RamBehaviour {
  /** Associating what is already associated. */
  reassociate: "no-op" | "error";
  /** Disassociating what is not associated. */
  disassociateAbsent: "no-op" | "error";
  /** How long deleted shares and ended associations stay listed, in milliseconds. */
  deletedSharesListedMs: number;
  /** How long an invitation can be accepted, in milliseconds. */
  invitationExpiryMs: number;
}

const hourMs = 3_600_000;

/** The likeliest answers, and the times that AWS states for model cards. */
export const defaultRamBehaviour: RamBehaviour = {
  reassociate: "no-op",
  disassociateAbsent: "error",
  deletedSharesListedMs: 2 * hourMs,
  invitationExpiryMs: 12 * hourMs,
};
