import type { ModelCardStatus } from "../../events/model-card.ts";
import { type Card, type CardState, sameVersion } from "./card.ts";
import type { Settings } from "./settings.ts";

/** What is on record about a card before this reading. */
export interface CardHistory {
  /** The last state that an execution brought to an end. */
  lastSettled?: CardState | undefined;
  /** Whether a recorded decision approved the version that the card has now. */
  approvedHere: boolean;
  /** Whether a recorded approval may have given this version its `Approved` without being about it in its lifecycle. */
  approvalMayHaveStrayed?: boolean;
  /** Whether the version was made in the place of what a read-only stage had written, with the content of the one before. */
  restored?: boolean;
  /** Whether a read-only stage has written this version, or may have given it its status, and that was not set back. */
  writtenByReadOnly?: boolean;
  /** Status that the version before this one was left in, where it was looked up. */
  previousVersionStatus?: ModelCardStatus | undefined;
}

/** How a card's status is to be understood. */
export interface Review {
  /** The status whose access the card gets; `undefined` for a deleted card. */
  accessStatus: ModelCardStatus | undefined;
  /** Whether approvers are to be asked about this version. */
  approvalNeeded: boolean;
  /** Whether the card has to be set back to `PendingReview`, because it was edited after its approval. */
  returnToReview: boolean;
  /** Whether somebody set `Approved` without a decision recorded here, and the settings accept that. */
  approvedOutside: boolean;
}

/** Decides what a card's status means under the settings: an unreviewed `Approved` does not open production. */
export function reviewOf(
  card: Card,
  history: CardHistory,
  settings: Pick<Settings, "onApprovedEdit" | "requireRecordedApproval">,
): Review {
  const plain = { approvalNeeded: false, returnToReview: false, approvedOutside: false };
  if (card.status === "Deleted") return { ...plain, accessStatus: undefined };
  if (card.status === "PendingReview")
    return { ...plain, accessStatus: "PendingReview", approvalNeeded: true };
  if (card.status !== "Approved" || history.approvedHere) return { ...plain, accessStatus: card.status };
  const edited = settings.onApprovedEdit === "review-again" && editedWhileApproved(card, history);
  if (edited || history.approvalMayHaveStrayed === true || history.writtenByReadOnly === true) {
    return { ...plain, accessStatus: "PendingReview", returnToReview: true };
  }
  if (settings.requireRecordedApproval)
    return { ...plain, accessStatus: "PendingReview", approvalNeeded: true };
  return { ...plain, accessStatus: "Approved", approvedOutside: true };
}

/**
 * A version that came from editing an `Approved` one and that was never seen in another status. A version's status stays
 * what it was when the next one was made, so the version before tells. A card that Cardway never settled is taken as found.
 */
function editedWhileApproved(card: Card, history: CardHistory): boolean {
  return needsPreviousVersion(card, history) && history.previousVersionStatus === "Approved";
}

/** Whether `reviewOf` depends on the status of the version before this one; reading it costs a call. */
export function needsPreviousVersion(
  card: Card,
  { lastSettled, approvedHere, restored }: Omit<CardHistory, "previousVersionStatus">,
): boolean {
  return (
    card.status === "Approved" &&
    !approvedHere &&
    restored !== true &&
    lastSettled !== undefined &&
    lastSettled.creationTime === card.creationTime &&
    !sameVersion(lastSettled, card)
  );
}
