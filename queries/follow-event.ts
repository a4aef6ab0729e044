import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { HiddenTokens } from "./hidden-tokens.ts";
import { type Failure, failureOf } from "./history-failure.ts";
import type { StateVisit, TaskAttempt } from "./state-visit.ts";

/** Notes what one event says about the visits. */
export function follow(
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
    leave(left, hasFailed(left) ? "caught" : "succeeded", at);
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

/** Whether what was done last failed: a callback may say so without a name for why. */
function hasFailed({ error, attempts }: StateVisit): boolean {
  const last = attempts.at(-1)?.outcome;
  return error !== undefined || last === "failed" || last === "timed-out";
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
