import * as z from "zod";

/** In what a card can differ from what it should be. */
export const CardDifferenceSchema = z.enum([
  /** A stage lacks access that the card's status calls for. */
  "access-missing",
  /** A stage has access that the card's status does not call for. */
  "access-surplus",
  /** Access is as it should be, but not as it was announced. */
  "access-unannounced",
  /** RAM gave up on access that the card's status calls for. */
  "association-failed",
  /** A share of the card lacks a principal that the settings name. */
  "principal-missing",
  /** An account outside the organisation has not accepted its invitation to a share of the card. */
  "principal-invited",
  /** What the card waited for has come, or another look may end the wait. */
  "wait-over",
  /** A share of the card has a principal that the settings do not name. */
  "principal-surplus",
  /** Somebody in a read-only stage could update the card. */
  "read-only-broken",
  /** The card is new or has changed, and nobody has dealt with that: an event was lost, or whoever dealt with it failed. */
  "not-settled",
  /** The card was dealt with under settings that are no longer those for it. */
  "settings-changed",
  /** The card was approved for another lifecycle than the one that it is in. */
  "lifecycle-changed",
  /** The card waits for approval, and nobody was asked. */
  "request-missing",
  /** A request is noted that is not about the card as it is, or was never made. */
  "request-left-behind",
  /** The time of the request is up, and nothing came of it. */
  "request-overdue",
  /** Nobody waits for the end of the request any more, to remind approvers and to carry it out. */
  "waiter-dead",
  /** A decision, or an end without one, is on record and was not carried out. */
  "decision-not-applied",
  /** Somebody who was asked is still to be told how it ended. */
  "outcome-untold",
  /** An execution that has ended still holds the card. */
  "holder-dead",
  /** The card is deleted and still in a share. */
  "gone-but-shared",
  /** The card is deleted, and its record does not say so. */
  "gone-but-recorded",
]);

export type CardDifference = z.output<typeof CardDifferenceSchema>;
