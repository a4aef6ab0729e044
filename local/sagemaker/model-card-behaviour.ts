/**
 * Answers to what AWS does not document of model cards. Each can be switched, also while the service runs, so that
 * what is built on model cards can be tried under both.
 */
export interface ModelCardBehaviour {
  /** Status of the version that a content edit makes. */
  statusOfNewVersion: "kept" | "Draft";
  /** Whether creating a card sends `SageMaker Model Card State Change`. */
  emitsOnCreate: boolean;
  /** Whether a content edit sends it. */
  emitsOnContentUpdate: boolean;
  /** Whether deleting a card sends it. */
  emitsOnDelete: boolean;
  /** `CreatedBy` and `LastModifiedBy` of a caller that is no Studio user. */
  userContext: "empty" | "iam-identity";
  /** Whether the content of an archived card is refused. */
  archivedRefusesContent: boolean;
  /** Whether a status update may take a card out of `Archived`. */
  statusMayLeaveArchived: boolean;
  /** How many native events one change sends; AWS says that it can be several. */
  eventCopies: number;
  /** How long a deletion takes, in milliseconds. Until then the card is listed, and describing it is refused. */
  deletingMs: number;
  /** How far `Search` is behind, in milliseconds. */
  searchLagMs: number;
  /** Versions that one card can have. */
  versionsPerCard: number;
  /** How long an export takes, in milliseconds. Until then its job is `InProgress`. */
  exportingMs: number;
  /** Export jobs of an account that can be under way at once. */
  exportJobsAtOnce: number;
}

/** The likeliest answers. */
export const defaultModelCardBehaviour: ModelCardBehaviour = {
  statusOfNewVersion: "kept",
  emitsOnCreate: true,
  emitsOnContentUpdate: true,
  emitsOnDelete: false,
  userContext: "empty",
  archivedRefusesContent: true,
  statusMayLeaveArchived: true,
  eventCopies: 1,
  deletingMs: 0,
  searchLagMs: 0,
  versionsPerCard: 100,
  exportingMs: 0,
  exportJobsAtOnce: 20,
};
