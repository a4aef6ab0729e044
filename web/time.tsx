import type { JSX } from "hono/jsx/jsx-runtime";

// By hand: the first Intl.DateTimeFormat of a process takes as long as all of this page's modules together.
const months = "January February March April May June July August September October November December".split(
  " ",
);

/**
 * A time for people: `21 November 2026, 14:05 UTC`.
 *
 * @param at - ISO 8601.
 */
export function timeText(at: string): string {
  const date = new Date(at);
  const day = `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
  return `${day}, ${date.toISOString().slice(11, 16)} UTC`;
}

/** A time for people and machines. */
export function Time({ at }: { at: string }): JSX.Element {
  return <time datetime={at}>{timeText(at)}</time>;
}

/** A sentence with its moments as people read them. */
export function withTimes(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, (at) => timeText(at));
}

/** How long it is until then: `14 days`, `5 hours`, `12 minutes`, rounded to what is nearest. */
export function timeLeft(until: string, now: Date): string {
  const minutes = (Date.parse(until) - now.getTime()) / 60_000;
  if (minutes < 1) return "less than a minute";
  if (minutes < 59.5) return counted(Math.round(minutes), "minute");
  const hours = minutes / 60;
  return hours < 47.5 ? counted(Math.round(hours), "hour") : counted(Math.round(hours / 24), "day");
}

function counted(count: number, unit: string): string {
  return `${count} ${unit}${count === 1 ? "" : "s"}`;
}
