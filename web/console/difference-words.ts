import { type CardDifference, CardDifferenceSchema } from "../../events/card-difference.ts";

const words: Record<CardDifference, string> = {
  "access-missing": "a stage lacks access that the status calls for",
  "access-surplus": "a stage has access that the status does not call for",
  "access-unannounced": "access is right, and not as it was announced",
  "association-failed": "AWS RAM gave up on access that the status calls for",
  "principal-missing": "a share lacks a principal of the settings",
  "principal-invited": "an account has not accepted its invitation",
  "wait-over": "what was waited for has come, or another look may end the wait",
  "principal-surplus": "a share has a principal that the settings do not name",
  "read-only-broken": "somebody in a read-only stage could write the card",
  "not-settled": "the card has changed, and nobody has dealt with that",
  "settings-changed": "it was dealt with under other settings",
  "lifecycle-changed": "it was approved for another lifecycle",
  "request-missing": "it is in review, and nobody was asked",
  "request-left-behind": "a request is not about the card as it is",
  "request-overdue": "the time of its request is over, and nothing came of it",
  "waiter-dead": "nobody waits for the end of its request",
  "decision-not-applied": "a decision was not carried out",
  "outcome-untold": "somebody is still to be told how a request ended",
  "holder-dead": "an execution that has ended still holds it",
  "gone-but-shared": "it is deleted and still shared",
  "gone-but-recorded": "it is deleted, and its record does not say so",
};

/** In what a card differs from what it should be, for people. */
export function differenceWords(difference: string): string {
  const known = CardDifferenceSchema.safeParse(difference);
  return known.success ? words[known.data] : difference;
}
