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

/** The time of day, where the day is known: `14:05:33`. */
export function timeOfDay(at: string): string {
  return new Date(at).toISOString().slice(11, 19);
}
