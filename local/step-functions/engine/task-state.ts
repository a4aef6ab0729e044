import { exceedsPayloadLimit, type Json, toJson } from "../json.ts";
import { evaluateTemplate } from "../jsonata/template.ts";
import { withErrorHandling } from "./error-handling.ts";
import { awaitTask } from "./await-task.ts";
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

/** Schedules the task once and waits for its end. Every attempt of a callback task has a token of its own. */
async function runAttempt(visit: StateVisit<TaskState>): Promise<Json> {
  const { scope, state } = visit;
  const { record, engine } = scope.control;
  const { resource, resourceType, waitsForTaskToken } = state.resource;
  if (waitsForTaskToken) {
    visit.taskToken = engine.tokens.issue(record);
    scope.control.keepTaskToken(scope, visit.taskToken);
  }
  const bindings = visit.bindings();
  const parameters = toJson(
    state.arguments === undefined ? {} : await evaluateTemplate(state.arguments, bindings),
  );
  if (exceedsPayloadLimit(parameters.text)) throw dataLimitExceeded(state.name);
  const timeoutSeconds =
    state.timeoutSeconds && (await evaluateWholeNumber(state.timeoutSeconds, bindings, 1));
  const heartbeatSeconds =
    state.heartbeatSeconds && (await evaluateWholeNumber(state.heartbeatSeconds, bindings, 1));

  const task: HistoryDetails = { resource, resourceType };
  scope.emit("TaskScheduled", {
    ...task,
    region: record.region,
    parameters: parameters.text,
    ...(timeoutSeconds !== undefined && { timeoutInSeconds: timeoutSeconds }),
    ...(heartbeatSeconds !== undefined && { heartbeatInSeconds: heartbeatSeconds }),
  });
  scope.emit("TaskStarted", task);

  const end = await awaitTask({
    scope,
    resource: state.resource,
    parameters: parameters.text,
    taskToken: visit.taskToken,
    timeoutSeconds,
    heartbeatSeconds,
    onSubmitted: (output) => {
      scope.emit("TaskSubmitted", { ...task, output: output.text });
    },
  });
  if (end.kind === "timed out") {
    scope.emit("TaskTimedOut", { ...task, error: StatesError.timeout });
    throw new StateFailure(StatesError.timeout, undefined, { missedHeartbeat: end.missedHeartbeat });
  }
  if (end.kind === "succeeded" && !exceedsPayloadLimit(end.output.text)) {
    scope.emit("TaskSucceeded", { ...task, output: end.output.text });
    return end.output;
  }
  const failure =
    end.kind === "failed" ? new StateFailure(end.error, end.cause) : dataLimitExceeded(resourceType);
  scope.emit("TaskFailed", { ...task, ...errorDetails(failure) });
  throw failure;
}

function errorDetails({ errorName, causeText }: StateFailure): HistoryDetails {
  return {
    ...(errorName !== undefined && { error: errorName }),
    ...(causeText !== undefined && { cause: causeText }),
  };
}
