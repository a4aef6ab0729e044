import type { DescribeExecutionOutput, ExecutionStatus, HistoryEvent } from "@aws-sdk/client-sfn";
import { follow } from "./follow-event.ts";
import { type HiddenTokens, hiddenTokens } from "./hidden-tokens.ts";
import { shownFailure } from "./history-failure.ts";
import type { StateVisit } from "./state-visit.ts";

export interface ExecutionSummary {
  executionArn: string;
  name: string;
  status: ExecutionStatus;
  startedAt: string;
  stoppedAt?: string;
  durationMs?: number;
  /** JSON text without task tokens. */
  input?: string;
  output?: string;
  error?: string;
  /** The message alone. */
  cause?: string;
}

export interface ExecutionHistory {
  execution: ExecutionSummary;
  /** In the order of time. */
  visits: StateVisit[];
  /** Attempts beyond the first of each visit. */
  retries: number;
  redrives: { number: number; at: string }[];
}

/** What `DescribeExecution` answers. */
export type DescribedExecution = Pick<
  DescribeExecutionOutput,
  "executionArn" | "name" | "status" | "startDate" | "stopDate" | "input" | "output" | "error" | "cause"
>;

/**
 * What an execution did, state by state. For workflows whose states follow each other: what runs inside a `Parallel` or `Map`
 * state is not told apart.
 *
 * @param described - Read before the history, which is then never older.
 * @param events - All of `GetExecutionHistory` with `includeExecutionData`, oldest first.
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html
 */
export function executionHistory(
  described: DescribedExecution,
  events: readonly HistoryEvent[],
): ExecutionHistory {
  const hide = hiddenTokens(events);
  const visits: StateVisit[] = [];
  const redrives: ExecutionHistory["redrives"] = [];
  for (const event of events) {
    const at = event.timestamp?.toISOString() ?? "";
    if (event.type === "ExecutionRedriven") redrives.push({ number: redrives.length + 1, at });
    follow(visits, event, at, redrives.length, hide);
  }
  return {
    execution: summaryOf(described, events, hide),
    visits,
    retries: visits.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
    redrives,
  };
}

function summaryOf(
  described: DescribedExecution,
  events: readonly HistoryEvent[],
  hide: HiddenTokens,
): ExecutionSummary {
  const { executionArn = "", name = "", status = "RUNNING", startDate, stopDate } = described;
  const stoppedAt = status === "RUNNING" ? undefined : stopDate;
  // Of an execution that timed out, only the event names the error.
  const end = events.findLast(({ type }) => type === "ExecutionTimedOut");
  const input = hide.inJson(described.input);
  const output = hide.inJson(described.output);
  const { error = status === "TIMED_OUT" ? end?.executionTimedOutEventDetails?.error : undefined, cause } =
    described;
  return {
    executionArn,
    name,
    status,
    startedAt: startDate?.toISOString() ?? "",
    ...(stoppedAt !== undefined && { stoppedAt: stoppedAt.toISOString() }),
    ...(stoppedAt !== undefined &&
      startDate !== undefined && { durationMs: stoppedAt.getTime() - startDate.getTime() }),
    ...(input !== undefined && { input }),
    ...(output !== undefined && { output }),
    ...shownFailure({ error, cause }, hide),
  };
}
