import type { ExecutionStatus } from "@aws-sdk/client-sfn";
import type { Emphasis } from "./screen.ts";

const emphases: Record<ExecutionStatus, Emphasis> = {
  RUNNING: "strong",
  PENDING_REDRIVE: "strong",
  SUCCEEDED: "good",
  ABORTED: "warning",
  FAILED: "bad",
  TIMED_OUT: "bad",
};

export function emphasisOf(status: ExecutionStatus): Emphasis {
  return emphases[status];
}

/** The beginnings of names that tell them apart, all of one length and 8 letters at least. */
export function shortNames(names: readonly string[]): string[] {
  const longest = Math.max(0, ...names.map((name) => name.length));
  for (let length = 8; length < longest; length += 1) {
    const short = names.map((name) => name.slice(0, length));
    if (new Set(short).size === new Set(names).size) return short;
  }
  return [...names];
}
