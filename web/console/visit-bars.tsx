import type { JSX } from "hono/jsx/jsx-runtime";
import type { StateVisit, TaskAttempt } from "../../queries/state-visit.ts";
import { textWidth } from "../charts/chart-text.ts";
import { percent } from "../charts/drawing.tsx";
import { axisOf } from "../charts/scale.ts";
import { durationText } from "../duration.ts";
import type { Band, TimeScale } from "./time-scale.ts";
import { shownOutcome } from "./visit-outcome.tsx";

const axisHeight = 30;
const barHeight = 14;
const waitHeight = 6;

/** More shaded waits than have lines beside them: these would hide the bars. */
const mostEdged = 4;

/** About how wide the drawing is, for texts that have to fit in. */
const usualWidth = 520;

/** One stay in a state: a bar for each attempt, and thin lines for what it waited. Drawn as wide as its place. */
export function VisitBars({
  visit,
  scale,
  now,
  height,
}: {
  visit: StateVisit;
  scale: TimeScale;
  now: Date;
  /** Of the row, in pixels. */
  height: number;
}): JSX.Element {
  const middle = height / 2;
  const { enteredAt, leftAt, attempts, type } = visit;
  const at = (moment: string | undefined): number =>
    scale.at(moment === undefined ? now.getTime() : Date.parse(moment));
  const outcome = shownOutcome(visit);
  return (
    <svg class="bars" width="100%" height={height} aria-hidden="true">
      <line class="stay" x1={percent(at(enteredAt))} x2={percent(at(leftAt))} y1={middle} y2={middle} />
      {attempts.length === 0 && (
        <Bar
          middle={middle}
          start={at(enteredAt)}
          end={at(leftAt)}
          kind={type === "Wait" ? "waits" : outcome}
        />
      )}
      {attempts.map((attempt) => (
        <>
          {attempt.submittedAt !== undefined && (
            <Bar middle={middle} start={at(attempt.submittedAt)} end={at(attempt.endedAt)} kind="waits" />
          )}
          <Bar
            middle={middle}
            start={at(attempt.startedAt)}
            end={at(attempt.submittedAt ?? attempt.endedAt)}
            kind={kindOf(attempt, visit)}
          />
        </>
      ))}
    </svg>
  );
}

/** An attempt that failed without ending the execution looks like what was caught. */
function kindOf({ outcome }: TaskAttempt, visit: StateVisit): string {
  if (outcome !== "failed" && outcome !== "timed-out") return outcome;
  if (visit.outcome === "failed") return "failed";
  const shown = shownOutcome(visit);
  return shown === "due" ? shown : "caught";
}

/** However short, its border is seen. */
function Bar({
  middle,
  start,
  end,
  kind,
}: {
  middle: number;
  start: number;
  end: number;
  kind: string;
}): JSX.Element {
  const height = kind === "waits" ? waitHeight : barHeight;
  return (
    <rect
      class={`bar ${kind}`}
      x={percent(start)}
      y={middle - height / 2}
      width={percent(Math.max(0, end - start))}
      height={height}
      rx="2"
    />
  );
}

/** The shortened waits, behind all rows at once. */
export function Breaks({ scale }: { scale: TimeScale }): JSX.Element {
  const breaks = scale.bands.filter(({ isShortened }) => isShortened);
  const edges = breaks.length > mostEdged ? [] : breaks.flatMap(({ start, end }) => [start, end]);
  return (
    <svg class="bars breaks" width="100%" height="100%" aria-hidden="true">
      {breaks.map(({ start, end }) => (
        <rect class="break" x={percent(start)} width={percent(end - start)} height="100%" />
      ))}
      {edges.map((place) => (
        <line class="break-edge" x1={percent(place)} x2={percent(place)} y2="100%" />
      ))}
    </svg>
  );
}

/** How long the stretches of the scale are; where it has no breaks, moments since the start. */
export function TimeAxis({ scale }: { scale: TimeScale }): JSX.Element {
  const { bands } = scale;
  const [only] = bands;
  return (
    <svg class="bars axis" width="100%" height={axisHeight} aria-hidden="true">
      {bands.length === 1 && only !== undefined ? <Ticks band={only} /> : <Lengths bands={bands} />}
    </svg>
  );
}

function Lengths({ bands }: { bands: readonly Band[] }): JSX.Element {
  return (
    <>
      {bands.map(({ start, end, fromMs, toMs, isShortened }) => {
        const text = durationText(toMs - fromMs);
        const fits = textWidth(text) <= (end - start) * usualWidth;
        return (
          fits &&
          toMs > fromMs && (
            <text
              class={isShortened ? "wait" : undefined}
              x={percent((start + end) / 2)}
              y="19"
              text-anchor="middle"
            >
              {text}
            </text>
          )
        );
      })}
    </>
  );
}

function Ticks({ band: { fromMs, toMs } }: { band: Band }): JSX.Element {
  const wholeMs = toMs - fromMs;
  if (wholeMs === 0) return <></>;
  const ticks = axisOf({ low: 0, high: wholeMs }, 4).ticks.filter((tick) => tick <= wholeMs);
  return (
    <>
      {ticks.map((tick) => {
        const part = tick / wholeMs;
        const anchor = part < 0.05 ? "start" : part > 0.95 ? "end" : "middle";
        return (
          <>
            <line class="tick" x1={percent(part)} x2={percent(part)} y1="24" y2={axisHeight} />
            <text x={percent(part)} y="19" text-anchor={anchor}>
              {durationText(tick)}
            </text>
          </>
        );
      })}
    </>
  );
}
