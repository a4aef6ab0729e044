import type { JSX } from "hono/jsx/jsx-runtime";
import type { StateVisit } from "../../queries/state-visit.ts";

/** How a stay in a state is shown; also the name of its style. */
export type ShownOutcome = StateVisit["outcome"] | "waiting" | "due";

export function shownOutcome({ outcome, waitingForCallback, attempts }: StateVisit): ShownOutcome {
  const last = attempts.at(-1);
  // That nobody answers is no failure where the workflow goes on: it then does what is due.
  const isDue = outcome === "caught" && last?.outcome === "timed-out" && last.submittedAt !== undefined;
  return waitingForCallback ? "waiting" : isDue ? "due" : outcome;
}

/** In the order of a legend. */
export const outcomeWords: Record<ShownOutcome, string> = {
  succeeded: "succeeded",
  due: "no answer in its time, and went on",
  caught: "failed, and went on another way",
  running: "at work",
  waiting: "waits for an answer",
  failed: "failed",
  "timed-out": "timed out",
  aborted: "stopped",
};

/** Lines in a circle of 16 pixels, so that nothing depends on colours or on a font. */
const signs: Record<ShownOutcome, string> = {
  succeeded: "M4.6 8.4l2.4 2.4 4.5-5",
  caught: "M8 4v4.6M8 11.4v.2",
  running: "M6.6 5.2l4.2 2.8-4.2 2.8z",
  waiting: "M8 4.2V8.2l2.5 1.7",
  due: "M5.4 4.6h5.2L5.4 11.4h5.2z",
  failed: "M5.4 5.4l5.2 5.2M10.6 5.4l-5.2 5.2",
  "timed-out": "M5.4 4.6h5.2L5.4 11.4h5.2z",
  aborted: "M5.8 5.8h4.4v4.4H5.8z",
};

/** The sign of an outcome, 16 pixels wide and high. What it means stands beside it in words. */
export function OutcomeSign({
  outcome,
  x = 0,
  y = 0,
}: {
  outcome: ShownOutcome;
  x?: number;
  y?: number;
}): JSX.Element {
  return (
    <g class={`sign ${outcome}`} transform={`translate(${x} ${y})`}>
      <circle cx="8" cy="8" r="8" />
      <path d={signs[outcome]} />
    </g>
  );
}

/** The same as an image of its own. */
export function OutcomeImage({ outcome }: { outcome: ShownOutcome }): JSX.Element {
  return (
    <svg class="outcome" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
      <OutcomeSign outcome={outcome} />
    </svg>
  );
}

/** Id of the place that tells about a stay in a state. */
export function visitId({ number }: Pick<StateVisit, "number">): string {
  return `visit-${number}`;
}

/** Id of the place that tells about a state. */
export function stateId(name: string): string {
  return `state-${name}`;
}

/** A link to such a place on the same page. */
export function linkTo(id: string): string {
  return `#${encodeURIComponent(id)}`;
}
