import type { Matter } from "../queries/attention.ts";
import { paragraph } from "./layout.ts";
import type { Emphasis, Screen } from "./screen.ts";
import { ageOf, withMoments } from "./times.ts";

const emphases: Record<Matter["urgency"], Emphasis> = {
  urgent: "bad",
  act: "warning",
  wait: "faint",
  know: "faint",
};

/** Whether somebody has to do something: what waits goes on by itself, and some things are only to be known. */
export function needsPerson({ urgency }: Matter): boolean {
  return urgency === "urgent" || urgency === "act";
}

/** What calls for a person, each with what to do; of several with the same advice the last one has it. */
export function matterWords(matters: readonly Matter[], screen: Screen, now: Date): string {
  return matters
    .map((matter, index) => {
      const { urgency, modelCardName, since, what, advice } = matter;
      const next = matters[index + 1];
      const age = since === undefined ? "" : ` (${ageOf(since, now)})`;
      const mark = screen.style(emphases[urgency], urgency.padEnd(8));
      const line = paragraph(`${modelCardName}: ${withMoments(what)}${age}`, screen, 8, mark);
      return next?.advice === advice ? line : `${line}${paragraph(advice, screen, 10, "→ ")}`;
    })
    .join("");
}
