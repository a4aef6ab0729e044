import { evaluateTemplate } from "../jsonata/template.ts";
import { QueryEvaluationError, RuntimeFailure, StateFailure } from "./state-failure.ts";
import type { StateVisit, Transition } from "./state-visit.ts";
import { evaluateBoolean, evaluateString, evaluateWholeNumber } from "./typed-field.ts";
import type { ChoiceState, FailState, PassState, SucceedState, WaitState } from "./workflow.ts";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-pass.html */
export function runPass(visit: StateVisit<PassState>): Promise<Transition> {
  return visit.leave(visit.state, {}, visit.input, visit.state.next);
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-succeed.html */
export function runSucceed(visit: StateVisit<SucceedState>): Promise<Transition> {
  return visit.leave(visit.state, {}, visit.input, undefined);
}

/**
 * @throws {StateFailure} always: that is what the state is for.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
 */
export async function runFail(visit: StateVisit<FailState>): Promise<never> {
  const { error, cause } = visit.state;
  const bindings = visit.bindings();
  throw new StateFailure(
    error && (await evaluateString(error, bindings)),
    cause && (await evaluateString(cause, bindings)),
  );
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html */
export async function runChoice(visit: StateVisit<ChoiceState>): Promise<Transition> {
  const { state, input } = visit;
  const bindings = visit.bindings();
  for (const rule of state.rules) {
    if (await evaluateBoolean(rule.condition, bindings)) return visit.leave(rule, {}, input, rule.next);
  }
  if (state.defaultNext !== undefined) return visit.leave(state, {}, input, state.defaultNext);
  throw new RuntimeFailure(
    "Failed to transition out of the state. The state does not point to a next state.",
  );
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html */
export async function runWait(visit: StateVisit<WaitState>): Promise<Transition> {
  if (!(await visit.resumePause())) await visit.pause(await waitMs(visit));
  return visit.leave(visit.state, {}, visit.input, visit.state.next);
}

async function waitMs(visit: StateVisit<WaitState>): Promise<number> {
  const { seconds, timestamp } = visit.state;
  const bindings = visit.bindings();
  if (seconds !== undefined) return (await evaluateWholeNumber(seconds, bindings, 0)) * 1000;
  if (timestamp === undefined)
    throw new RuntimeFailure("The state says neither how long nor until when to wait.");
  const until = await evaluateTemplate(timestamp, bindings);
  const untilMs = typeof until === "string" ? Date.parse(until) : Number.NaN;
  if (Number.isNaN(untilMs)) {
    throw new QueryEvaluationError("Timestamp", "The field 'Timestamp' is not an RFC 3339 timestamp.");
  }
  return untilMs - visit.scope.control.engine.context.clock.now().getTime();
}
