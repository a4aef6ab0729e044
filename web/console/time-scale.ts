import type { ExecutionHistory } from "../../queries/execution-history.ts";
import type { StateVisit } from "../../queries/state-visit.ts";

/** A stretch of time between two moments, in milliseconds since 1970. */
export interface Span {
  fromMs: number;
  toMs: number;
}

/** A stretch of the scale, which reaches from 0 to 1. */
export interface Band extends Span {
  start: number;
  end: number;
  /** A wait that is drawn much shorter than it was. */
  isShortened: boolean;
}

export interface TimeScale {
  bands: Band[];
  /** Where a moment stands, from 0 to 1. */
  at(ms: number): number;
}

/** Waits together take at most so many times the room of all work; the longest are shortened until they do. */
const waitsPerWork = 2;

/** Room of a shortened wait, and the most that all of them take. */
const shortenedWidth = 0.15;
const mostShortened = 0.5;

/**
 * A scale on which the work of an execution can be seen, however long it waited in between: for answers, for another try, for a
 * redrive. Outside of shortened waits a second has the same length everywhere.
 */
export function timeScale(history: ExecutionHistory, now: Date): TimeScale {
  const { fromMs, toMs } = wholeSpan(history, now);
  const waits = waitsOf(history.visits, now);
  const shortened = longest(waits, toMs - fromMs);
  const width = shortened.length === 0 ? 0 : Math.min(shortenedWidth, mostShortened / shortened.length);
  const linearMs = toMs - fromMs - total(shortened);
  const linearBands = shortened.length + 1;
  const room = 1 - width * shortened.length;
  const widthOf = (ms: number): number => (linearMs === 0 ? room / linearBands : (room * ms) / linearMs);

  const bands: Band[] = [];
  const add = (span: Span, isShortened: boolean): void => {
    const start = bands.at(-1)?.end ?? 0;
    const end = start + (isShortened ? width : widthOf(span.toMs - span.fromMs));
    bands.push({ ...span, start, end: Math.min(1, end), isShortened });
  };
  let doneMs = fromMs;
  for (const wait of shortened) {
    add({ fromMs: doneMs, toMs: wait.fromMs }, false);
    add(wait, true);
    doneMs = wait.toMs;
  }
  add({ fromMs: doneMs, toMs }, false);
  return { bands, at: (ms) => placeOf(ms, bands) };
}

function placeOf(ms: number, bands: readonly Band[]): number {
  const band = bands.find(({ toMs }) => ms <= toMs) ?? bands.at(-1);
  if (band === undefined) return 0;
  const { fromMs, toMs, start, end } = band;
  const part = toMs === fromMs ? 0 : Math.min(1, Math.max(0, (ms - fromMs) / (toMs - fromMs)));
  return start + part * (end - start);
}

function wholeSpan({ execution, visits }: ExecutionHistory, now: Date): Span {
  const fromMs = Date.parse(execution.startedAt);
  const ends = [execution.stoppedAt, visits.at(-1)?.leftAt, visits.at(-1)?.enteredAt].map((at) =>
    at === undefined ? fromMs : Date.parse(at),
  );
  const isUnderWay = execution.stoppedAt === undefined;
  return { fromMs, toMs: Math.max(...ends, isUnderWay ? now.getTime() : fromMs) };
}

/** When nothing was at work, in the order of time. */
function waitsOf(visits: readonly StateVisit[], now: Date): Span[] {
  const waits = visits.flatMap((visit, index) => {
    const before = visits[index - 1];
    const isRedriven = visit.redrive !== undefined && before !== undefined;
    return [
      ...(isRedriven ? [span(before.leftAt, visit.enteredAt, now)] : []),
      ...(visit.type === "Wait" ? [span(visit.enteredAt, visit.leftAt, now)] : waitsInside(visit, now)),
    ];
  });
  return waits.filter(({ fromMs, toMs }) => toMs > fromMs);
}

/** For callbacks, and between an attempt and the next. */
function waitsInside({ attempts, leftAt }: StateVisit, now: Date): Span[] {
  return attempts.flatMap(({ submittedAt, endedAt, outcome }, index) => {
    const next = attempts[index + 1]?.startedAt ?? (outcome === "succeeded" ? endedAt : leftAt);
    return [
      ...(submittedAt === undefined ? [] : [span(submittedAt, endedAt, now)]),
      ...(endedAt === undefined ? [] : [span(endedAt, next, now)]),
    ];
  });
}

function span(from: string | undefined, to: string | undefined, now: Date): Span {
  const toMs = to === undefined ? now.getTime() : Date.parse(to);
  return { fromMs: from === undefined ? toMs : Date.parse(from), toMs };
}

/** The waits to shorten, in the order of time: the longest, until the others leave enough room. */
function longest(waits: readonly Span[], wholeMs: number): Span[] {
  const byLength = waits.toSorted((one, other) => lengthOf(other) - lengthOf(one));
  const workMs = wholeMs - total(waits);
  let leftMs = total(waits);
  const chosen: Span[] = [];
  for (const wait of byLength) {
    if (leftMs <= waitsPerWork * workMs) break;
    chosen.push(wait);
    leftMs -= lengthOf(wait);
  }
  return chosen.sort((one, other) => one.fromMs - other.fromMs);
}

function lengthOf({ fromMs, toMs }: Span): number {
  return toMs - fromMs;
}

function total(spans: readonly Span[]): number {
  return spans.reduce((sum, one) => sum + lengthOf(one), 0);
}
