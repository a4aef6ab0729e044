import type { JSX } from "hono/jsx/jsx-runtime";

const format = new Intl.DateTimeFormat("en-GB", {
  day: "numeric",
  month: "long",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  timeZone: "UTC",
  hourCycle: "h23",
});

/**
 * A time for people: `21 November 2026, 14:05 UTC`.
 *
 * @param at - ISO 8601.
 */
export function timeText(at: string): string {
  const part = Object.fromEntries(format.formatToParts(new Date(at)).map(({ type, value }) => [type, value]));
  return `${part["day"]} ${part["month"]} ${part["year"]}, ${part["hour"]}:${part["minute"]} UTC`;
}

/** A time for people and machines. */
export function Time({ at }: { at: string }): JSX.Element {
  return <time datetime={at}>{timeText(at)}</time>;
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
