import type { DescribeExecutionOutput, ExecutionStatus, HistoryEvent } from "@aws-sdk/client-sfn";
import { causeMessage } from "../functions/failure.ts";
import { type HiddenTokens, hiddenTokens } from "./hidden-tokens.ts";

/** One try of a state's task. */
export interface TaskAttempt {
  /** ISO 8601 UTC, like all moments here. */
  startedAt: string;
  /** Since when it waits for its callback; absent for a task that ends with its call. */
  submittedAt?: string;
  endedAt?: string;
  outcome: "succeeded" | "failed" | "timed-out" | "aborted" | "running";
  error?: string;
  /** The message alone. */
  cause?: string;
}

/**
 * One stay in a state, over all its attempts. It ends when the state is left or the execution ends; a redrive that takes the
 * state up again begins another one.
 */
export interface StateVisit {
  /** Its place in the execution, from 1. */
  number: number;
  name: string;
  /** `Task`, `Choice`, `Succeed`, … */
  type: string;
  enteredAt: string;
  leftAt?: string;
  durationMs?: number;
  /** `caught`: the state failed, and the workflow went on as its `Catch` says. */
  outcome: "succeeded" | "failed" | "running" | "caught" | "aborted" | "timed-out";
  /** JSON text without task tokens, as the state was entered and left with; never what its task was called with. */
  input?: string;
  output?: string;
  attempts: TaskAttempt[];
  /** Whether the task was called and now waits for somebody to call back. */
  waitingForCallback: boolean;
  /** What failed last, if nothing was tried since; of a visit under way, what it will be tried again for. */
  error?: string;
  cause?: string;
  /** The redrive that began it, from 1; absent for a state that was entered by the workflow itself. */
  redrive?: number;
}

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

/** Notes what one event says about the visits. */
function follow(
  visits: StateVisit[],
  event: HistoryEvent,
  at: string,
  redrives: number,
  hide: HiddenTokens,
): void {
  const type = event.type ?? "";
  const visit = visits.at(-1);
  const [, stateType = "", change] = /^(\w+)State(Entered|Exited|Aborted)$/.exec(type) ?? [];
  if (change === "Entered") {
    const { name = "", input } = event.stateEnteredEventDetails ?? {};
    enter(visits, { name, type: stateType, input: hide.inJson(input) }, at, redrives);
  } else if (visit === undefined) {
    return;
  } else if (change === "Exited") {
    const { name, output } = event.stateExitedEventDetails ?? {};
    const left = visits.findLast((one) => one.name === name && one.leftAt === undefined);
    if (left === undefined) return;
    const shown = hide.inJson(output);
    if (shown !== undefined) left.output = shown;
    leave(left, left.error === undefined ? "succeeded" : "caught", at);
  } else if (change === "Aborted") {
    leave(visit, "aborted", at);
  } else if (type === "ExecutionRedriven") {
    // A Fail state is entered again; any other one is taken up where it was.
    const { name, type: taken, input } = visit;
    if (taken !== "Fail") enter(visits, { name, type: taken, input }, at, redrives);
  } else if (visit.leftAt === undefined) {
    if (type === "EvaluationFailed") Object.assign(visit, failureOf(event, hide));
    else if (type.startsWith("Execution")) endWith(visit, event, at, hide);
    else attempt(visit, event, at, hide);
  }
}

function enter(
  visits: StateVisit[],
  { name, type, input }: { name: string; type: string; input: string | undefined },
  at: string,
  redrives: number,
): void {
  const last = visits.at(-1);
  // Where the history does enter a state that a redrive takes up, that is one visit all the same.
  const isTakenUp = last?.redrive === redrives && last.leftAt === undefined && last.attempts.length === 0;
  if (isTakenUp) visits.pop();
  const isRedriven = redrives > 0 && !visits.some(({ redrive }) => redrive === redrives);
  visits.push({
    number: visits.length + 1,
    name,
    type,
    enteredAt: at,
    ...(input !== undefined && { input }),
    outcome: "running",
    attempts: [],
    waitingForCallback: false,
    ...(isRedriven && { redrive: redrives }),
  });
}

function leave(visit: StateVisit, outcome: Exclude<StateVisit["outcome"], "running">, at: string): void {
  endAttempt(visit, "aborted", at);
  visit.leftAt = at;
  visit.durationMs = Date.parse(at) - Date.parse(visit.enteredAt);
  visit.outcome = outcome;
}

const ends: Record<string, Exclude<StateVisit["outcome"], "running">> = {
  ExecutionFailed: "failed",
  ExecutionAborted: "aborted",
  ExecutionTimedOut: "timed-out",
  ExecutionSucceeded: "succeeded",
};

/** Where the execution has ended, its last state has ended with it. */
function endWith(visit: StateVisit, event: HistoryEvent, at: string, hide: HiddenTokens): void {
  const outcome = ends[event.type ?? ""];
  if (outcome === undefined) return;
  Object.assign(visit, failureOf(event, hide));
  leave(visit, outcome, at);
}

/** Steps of a task in whatever way it is integrated: `TaskSucceeded`, `LambdaFunctionFailed`, `ActivityTimedOut`, … */
const taskStep = /^(?:Activity|LambdaFunction|Task)(Scheduled|Submitted|Succeeded|TimedOut|(?:\w+)?Failed)$/;

function attempt(visit: StateVisit, event: HistoryEvent, at: string, hide: HiddenTokens): void {
  const step = taskStep.exec(event.type ?? "")?.[1];
  if (step === undefined) return;
  if (step === "Scheduled") {
    delete visit.error;
    delete visit.cause;
    visit.attempts.push({ startedAt: at, outcome: "running" });
  } else if (step === "Submitted") {
    const { resource = "" } = event.taskSubmittedEventDetails ?? {};
    const last = visit.attempts.at(-1);
    if (last === undefined || !resource.endsWith(".waitForTaskToken")) return;
    last.submittedAt = at;
    visit.waitingForCallback = true;
  } else if (step === "Succeeded") {
    endAttempt(visit, "succeeded", at);
  } else {
    const failure = failureOf(event, hide);
    endAttempt(visit, step === "TimedOut" ? "timed-out" : "failed", at, failure);
    Object.assign(visit, failure);
  }
}

/** Ends the attempt that is under way, if there is one. */
function endAttempt(
  visit: StateVisit,
  outcome: Exclude<TaskAttempt["outcome"], "running">,
  at: string,
  failure: Failure = {},
): void {
  visit.waitingForCallback = false;
  const last = visit.attempts.at(-1);
  if (last?.outcome === "running") Object.assign(last, { endedAt: at, outcome, ...failure });
}

type Failure = Pick<TaskAttempt, "error" | "cause">;

/** Error and cause that an event of a failure carries, whatever failed. */
function failureOf(event: HistoryEvent, hide: HiddenTokens): Failure {
  const details =
    event.taskFailedEventDetails ??
    event.taskTimedOutEventDetails ??
    event.taskStartFailedEventDetails ??
    event.taskSubmitFailedEventDetails ??
    event.lambdaFunctionFailedEventDetails ??
    event.lambdaFunctionTimedOutEventDetails ??
    event.lambdaFunctionScheduleFailedEventDetails ??
    event.lambdaFunctionStartFailedEventDetails ??
    event.activityFailedEventDetails ??
    event.activityTimedOutEventDetails ??
    event.activityScheduleFailedEventDetails ??
    event.evaluationFailedEventDetails ??
    event.executionFailedEventDetails ??
    event.executionAbortedEventDetails ??
    event.executionTimedOutEventDetails;
  return failure(details, hide);
}

function failure(
  { error, cause }: { error?: string | undefined; cause?: string | undefined } = {},
  hide: HiddenTokens,
): Failure {
  return {
    ...(error !== undefined && { error }),
    ...(cause !== undefined && { cause: hide.inText(causeMessage(cause)) }),
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
    ...failure({ error, cause }, hide),
  };
}
