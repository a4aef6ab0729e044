import { type CardDifference, CardDifferenceSchema } from "../../events/card-difference.ts";
import type { Progress } from "../../functions/sweep/progress.ts";
import type { Place } from "../place.ts";
import type { SweepRun } from "./follow-sweep.ts";

/** What each difference means, for people. */
const meanings: Record<CardDifference, string> = {
  "access-missing": "a stage lacks access that the card's status calls for",
  "access-surplus": "a stage has access that the card's status does not call for",
  "access-unannounced": "access is as it should be, but not as it was announced",
  "association-failed": "RAM gave up on access that the card's status calls for",
  "principal-missing": "a share of the card lacks a principal that the settings name",
  "principal-invited": "an account has not accepted its invitation to the share",
  "wait-over": "what the card waited for has come, or is to be tried again",
  "principal-surplus": "a share of the card has a principal that the settings do not name",
  "read-only-broken": "somebody in a read-only stage could update the card",
  "not-settled": "the card is new or has changed, and nobody has dealt with that",
  "settings-changed": "the card was dealt with under other settings",
  "lifecycle-changed": "the card was approved for another lifecycle than its own",
  "request-missing": "the card waits for approval, and nobody was asked",
  "request-left-behind": "a request is noted that is not about the card as it is",
  "request-overdue": "the time of the request is up, and nothing came of it",
  "waiter-dead": "nobody waits for the end of the request any more",
  "decision-not-applied": "a decision is on record and was not carried out",
  "outcome-untold": "somebody who was asked is still to be told how it ended",
  "holder-dead": "an execution that has ended still holds the card",
  "gone-but-shared": "the card is deleted and still in a share",
  "gone-but-recorded": "the card is deleted, and its record does not say so",
};

/** 1 where something is left to be done that this run has not begun. */
export function exitCodeOf({ status, progress }: SweepRun, dryRun: boolean): 0 | 1 {
  const differs = dryRun && (progress?.differing ?? 0) > 0;
  return status === "SUCCEEDED" && !differs ? 0 : 1;
}

/** One line of how far a sweep has come. */
export function progressLine({ scanned, differing, started, repaired, failing }: Progress): string {
  return `scanned ${scanned}, differing ${differing}, started ${started}, repaired ${repaired}, failing ${failing}\n`;
}

/** The cards that differ, what that means, and the counts at the end. */
export function reportWords(run: SweepRun, { accountId, region }: Place, dryRun: boolean): string {
  const { progress, executionArn, status, error, cause } = run;
  const head = `Cards of account ${accountId} in ${region}.${dryRun ? " Nothing is changed." : ""}\n`;
  const failure =
    status === "SUCCEEDED"
      ? []
      : [`The sweep ended as ${status}: ${[error, cause].filter((one) => one !== undefined).join(": ")}\n`];
  const body = progress === undefined ? [] : [...differing(progress), progressLine(progress)];
  return [head, ...body, ...failure, `Execution: ${executionArn}\n`].join("\n");
}

function differing({ found, differing, differences }: Progress): string[] {
  if (differing === 0) return ["No card differs.\n"];
  const width = Math.max(...found.map(({ modelCardName }) => modelCardName.length), 0);
  const cards = found.map((card) => `${card.modelCardName.padEnd(width)}  ${card.differences.join(", ")}\n`);
  const unnamed = differing - found.length;
  const more = unnamed > 0 ? [`and ${unnamed} more\n`] : [];
  const kinds = CardDifferenceSchema.options.filter((kind) => (differences[kind] ?? 0) > 0);
  const kindWidth = Math.max(...kinds.map((kind) => kind.length), 0);
  const countWidth = Math.max(...kinds.map((kind) => String(differences[kind]).length), 0);
  const legend = kinds.map(
    (kind) =>
      `${String(differences[kind]).padStart(countWidth)}  ${kind.padEnd(kindWidth)}  ${meanings[kind]}\n`,
  );
  return [[...cards, ...more].join(""), legend.join("")];
}

/** The same for machines. */
export function reportJson(run: SweepRun, place: Place, dryRun: boolean): string {
  const { progress, ...rest } = run;
  const { position: _place, seenTo: _kept, previous: _before, ...findings } = progress ?? {};
  return `${JSON.stringify({ ...place, dryRun, ...rest, ...findings }, null, 2)}\n`;
}
