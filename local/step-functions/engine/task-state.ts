import { exceedsPayloadLimit, type Json, toJson } from "../json.ts";
import { evaluateTemplate } from "../jsonata/template.ts";
import { withErrorHandling } from "./error-handling.ts";
import type { TaskAttempt } from "../records.ts";
import { awaitTask, type TaskEnd } from "./await-task.ts";
import type { HistoryDetails } from "./history.ts";
import { StateFailure, StatesError } from "./state-failure.ts";
import { dataLimitExceeded, type StateVisit, type Transition } from "./state-visit.ts";
import { evaluateWholeNumber } from "./typed-field.ts";
import type { TaskState } from "./workflow.ts";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html */
export function runTask(visit: StateVisit<TaskState>): Promise<Transition> {
  const { state } = visit;
  return withErrorHandling(visit, async () => {
    const result = await runAttempt(visit);
    return visit.leave(state, { result: result.value }, result, state.next);
  });
}

/** Has the task done once. */
async function runAttempt(visit: StateVisit<TaskState>): Promise<Json> {
  const end = await endOf(visit);
  const { resourceType } = visit.state.resource;
  if (end.kind === "timed out") {
    throw new StateFailure(StatesError.timeout, undefined, { missedHeartbeat: end.missedHeartbeat });
  }
  if (end.kind === "failed") throw new StateFailure(end.error, end.cause);
  if (exceedsPayloadLimit(end.output)) throw dataLimitExceeded(resourceType);
  return { value: JSON.parse(end.output), text: end.output };
}

/**
 * Schedules the task and waits for its end. After a restart, a callback task whose call had returned goes on waiting;
 * any other call died with the process that made it, and is made again as the same attempt.
 */
async function endOf(visit: StateVisit<TaskState>): Promise<TaskEnd> {
  const { scope, state } = visit;
  const { stage } = visit.progress;
  if (stage?.kind === "ended") return stage.end;
  const isResumed = stage?.kind === "attempting";
  let attempt = isResumed ? stage.attempt : await schedule(visit);
  visit.taskToken = attempt.taskToken;
  const change = (changes: Partial<TaskAttempt>): void => {
    attempt = { ...attempt, ...changes };
    visit.reach({ kind: "attempting", attempt });
  };
  const { clock } = scope.control.engine.context;
  const task: HistoryDetails = taskOf(state);
  const end = await awaitTask({
    scope,
    resource: state.resource,
    attempt,
    isResumed,
    onSubmitted: (output) => {
      change({ isSubmitted: true });
      scope.emit("TaskSubmitted", { ...task, output: output.text });
    },
    onHeartbeat: () => change({ lastHeartbeatAt: clock.now() }),
  });
  if (end.kind === "timed out") {
    scope.emit("TaskTimedOut", { ...task, error: StatesError.timeout });
  } else if (end.kind === "failed") {
    scope.emit("TaskFailed", { ...task, ...errorDetails(new StateFailure(end.error, end.cause)) });
  } else if (exceedsPayloadLimit(end.output)) {
    const failure = dataLimitExceeded(state.resource.resourceType);
    scope.emit("TaskFailed", { ...task, ...errorDetails(failure) });
  } else {
    scope.emit("TaskSucceeded", { ...task, output: end.output });
  }
  visit.reach({ kind: "ended", end });
  return end;
}

/** Every attempt of a callback task has a token of its own. */
async function schedule(visit: StateVisit<TaskState>): Promise<TaskAttempt> {
  const { scope, state } = visit;
  const { record, engine } = scope.control;
  if (state.resource.waitsForTaskToken) visit.taskToken = engine.tokens.issue(record);
  const bindings = visit.bindings();
  const parameters = toJson(
    state.arguments === undefined ? {} : await evaluateTemplate(state.arguments, bindings),
  );
  if (exceedsPayloadLimit(parameters.text)) throw dataLimitExceeded(state.name);
  const timeoutSeconds =
    state.timeoutSeconds && (await evaluateWholeNumber(state.timeoutSeconds, bindings, 1));
  const heartbeatSeconds =
    state.heartbeatSeconds && (await evaluateWholeNumber(state.heartbeatSeconds, bindings, 1));
  scope.emit("TaskScheduled", {
    ...taskOf(state),
    region: record.region,
    parameters: parameters.text,
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
  });
  scope.emit("TaskStarted", taskOf(state));
  const attempt: TaskAttempt = {
    parameters: parameters.text,
    scheduledAt: engine.context.clock.now(),
    timeoutSeconds,
    heartbeatSeconds,
    taskToken: visit.taskToken,
    isSubmitted: false,
    lastHeartbeatAt: undefined,
  };
  visit.reach({ kind: "attempting", attempt });
  return attempt;
}

function taskOf({ resource: { resource, resourceType } }: TaskState): HistoryDetails {
  return { resource, resourceType };
}

function errorDetails({ errorName, causeText }: StateFailure): HistoryDetails {
  return {
    ...(errorName !== undefined && { error: errorName }),
    ...(causeText !== undefined && { cause: causeText }),
  };
}
