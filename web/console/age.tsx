import type { JSX } from "hono/jsx/jsx-runtime";
import { timeLeft, timeText } from "../time.tsx";

/** How long ago something was: `3 days`; the moment itself for machines, and where somebody points at it. */
export function Age({ at, now }: { at: string; now: Date }): JSX.Element {
  return (
    <time datetime={at} title={timeText(at)}>
      {timeLeft(now.toISOString(), new Date(at))}
    </time>
  );
}

/** How long something took: `840 ms`, `12.4 s`, `3 min 20 s`, `2 h 5 min`, `3 days 4 h`. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  const [minutes, hours, days] = [60, 3_600, 86_400].map((unit) => Math.floor(seconds / unit));
  if (days !== undefined && days > 0) return `${days} d ${(hours ?? 0) - days * 24} h`;
  if (hours !== undefined && hours > 0) return `${hours} h ${(minutes ?? 0) - hours * 60} min`;
  return `${minutes} min ${seconds - (minutes ?? 0) * 60} s`;
}

/** The time of day, where the day is known: `14:05:33`. */
export function timeOfDay(at: string): string {
  return new Date(at).toISOString().slice(11, 19);
}
