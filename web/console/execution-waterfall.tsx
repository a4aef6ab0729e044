import type { JSX } from "hono/jsx/jsx-runtime";
import type { ExecutionHistory } from "../../queries/execution-history.ts";
import type { StateVisit } from "../../queries/state-visit.ts";
import { counted } from "../charts/chart-text.ts";
import { durationText } from "../duration.ts";
import { Time } from "../time.tsx";
import { retriesText } from "./state-summary.ts";
import { type TimeScale, timeScale } from "./time-scale.ts";
import { OutcomeImage, linkTo, outcomeWords, shownOutcome, visitId } from "./visit-outcome.tsx";
import { Breaks, TimeAxis, VisitBars } from "./visit-bars.tsx";

/** More rows than anybody reads; the first and the last of a longer execution are shown. */
const mostRows = 300;
const firstRows = 100;

/** In pixels, without and with a second line. The styles have the same. */
const rowHeight = 34;
const tallRowHeight = 46;

/**
 * When an execution was in which state, one row for each stay. The name links to {@link visitId}, which the page has to have.
 *
 * @param now - Up to when what is under way is drawn.
 */
export function ExecutionWaterfall({ history, now }: { history: ExecutionHistory; now: Date }): JSX.Element {
  const { visits, execution } = history;
  if (visits.length === 0) return <p class="absent">It has entered no state yet.</p>;
  const scale = timeScale(history, now);
  const isLong = visits.length > mostRows;
  const first = isLong ? visits.slice(0, firstRows) : visits;
  const last = isLong ? visits.slice(firstRows - mostRows) : [];
  const rows = (shown: readonly StateVisit[]) =>
    shown.map((visit) => <VisitRow visit={visit} startedAt={execution.startedAt} scale={scale} now={now} />);
  return (
    <figure class="waterfall">
      <div class="scroll" role="group" aria-label="States in the order of time" tabindex={0}>
        <div class="stage">
          <Breaks scale={scale} />
          <table>
            <caption class="visually-hidden">States in the order of time</caption>
            <thead>
              <tr>
                <th scope="col">State</th>
                <th scope="col" class="number start">
                  Start
                </th>
                <th scope="col" class="number">
                  Duration
                </th>
                <th scope="col" class="timing">
                  <span class="visually-hidden">Timing</span>
                  <TimeAxis scale={scale} />
                </th>
              </tr>
            </thead>
            <tbody>
              {rows(first)}
              {isLong && (
                <tr class="left-out">
                  <td colspan={4}>{counted(visits.length - mostRows, "more state")}</td>
                </tr>
              )}
              {rows(last)}
            </tbody>
          </table>
        </div>
      </div>
      <p class="small">
        A bar is one attempt; a thin one waits for an answer, a line for the next attempt.
        {scale.bands.some(({ isShortened }) => isShortened) &&
          " Shaded waits are drawn much shorter than they were."}
      </p>
    </figure>
  );
}

function VisitRow({
  visit,
  startedAt,
  scale,
  now,
}: {
  visit: StateVisit;
  startedAt: string;
  scale: TimeScale;
  now: Date;
}): JSX.Element {
  const { name, enteredAt, durationMs, redrive } = visit;
  const outcome = shownOutcome(visit);
  const offsetMs = Date.parse(enteredAt) - Date.parse(startedAt);
  const lastedMs = durationMs ?? now.getTime() - Date.parse(enteredAt);
  const remark = remarkOn(visit);
  return (
    <>
      {redrive !== undefined && (
        <tr class="redrive">
          <td colspan={4}>
            {redrive === 1 ? "Redriven" : `Redriven for the ${ordinal(redrive)} time`},{" "}
            <Time at={enteredAt} />
          </td>
        </tr>
      )}
      <tr class={remark === "" ? outcome : `tall ${outcome}`}>
        <th scope="row">
          <OutcomeImage outcome={outcome} />
          <span class="visually-hidden">{outcomeWords[outcome]}: </span>
          <a href={linkTo(visitId(visit))}>{name}</a>
          {remark !== "" && (
            <span class="remark" title={remark}>
              {remark}
            </span>
          )}
        </th>
        <td class="number start">
          <time datetime={enteredAt} title={enteredAt}>
            +{durationText(Math.max(0, offsetMs))}
          </time>
        </td>
        <td class="number">{durationText(Math.max(0, lastedMs))}</td>
        <td class="timing">
          <VisitBars
            visit={visit}
            scale={scale}
            now={now}
            height={remark === "" ? rowHeight : tallRowHeight}
          />
        </td>
      </tr>
    </>
  );
}

/** What is special about a stay: its error, and how often it was tried again. */
function remarkOn(visit: StateVisit): string {
  const { attempts, error } = visit;
  const outcome = shownOutcome(visit);
  const shownError = error ?? attempts.findLast((attempt) => attempt.error !== undefined)?.error;
  return [
    ...(outcome === "waiting" || outcome === "due" ? [outcomeWords[outcome]] : []),
    ...(attempts.length > 1 ? [retriesText(attempts.length - 1)] : []),
    ...(shownError === undefined || outcome === "due" ? [] : [shownError]),
  ].join(", ");
}

function ordinal(count: number): string {
  const ends = ["th", "st", "nd", "rd"];
  const isTeen = count % 100 > 10 && count % 100 < 14;
  return `${count}${(isTeen ? undefined : ends[count % 10]) ?? "th"}`;
}
