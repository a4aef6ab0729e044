import type { Json } from "../json.ts";
import type { Progress } from "../records.ts";
import { runMap } from "./map-state.ts";
import { runParallel } from "./parallel-state.ts";
import type { Scope } from "./scope.ts";
import { runChoice, runFail, runPass, runSucceed, runWait } from "./simple-states.ts";
import { RuntimeFailure, type StateFailure } from "./state-failure.ts";
import { StateVisit, type Transition } from "./state-visit.ts";
import { runTask } from "./task-state.ts";
import type { State, Workflow } from "./workflow.ts";

/** A state that was entered before. */
export interface ResumedState {
  enteredEventId: number;
  /** How far it had come; it begins anew where this is left out. */
  progress?: Progress | undefined;
}

/** Where a workflow is taken up: at its start, or at a state that was entered before. */
export interface WorkflowStart {
  stateName: string;
  /** A state that is taken up again is not entered again. */
  resumed?: ResumedState;
}

/**
 * Runs the states of a workflow one after the other.
 *
 * @returns the output of the last one.
 * @throws {StateFailure} a state failed for good; its cause is complete.
 * @throws {CancelledError} the scope was ended from outside.
 */
export async function runWorkflow(
  scope: Scope,
  workflow: Workflow,
  firstInput: Json,
  start: WorkflowStart = { stateName: workflow.startAt },
): Promise<Json> {
  let { stateName, resumed } = start;
  let input = firstInput;
  for (;;) {
    const state = workflow.states.get(stateName);
    if (state === undefined) throw new RuntimeFailure(`The state '${stateName}' does not exist.`);
    scope.enter(state, input, resumed);
    const transition = await runState(scope, state, input, resumed?.progress);
    resumed = undefined;
    if (transition.next === undefined) return transition.output;
    stateName = transition.next;
    input = transition.output;
  }
}

async function runState(
  scope: Scope,
  state: State,
  input: Json,
  progress: Progress | undefined,
): Promise<Transition> {
  if (state.type === "Task") return runTask(new StateVisit(scope, state, input, progress));
  if (state.type === "Parallel") return runParallel(new StateVisit(scope, state, input, progress));
  if (state.type === "Map") return runMap(new StateVisit(scope, state, input, progress));
  if (state.type === "Pass") return recordingFailure(new StateVisit(scope, state, input, progress), runPass);
  if (state.type === "Choice")
    return recordingFailure(new StateVisit(scope, state, input, progress), runChoice);
  if (state.type === "Wait") return recordingFailure(new StateVisit(scope, state, input, progress), runWait);
  if (state.type === "Succeed")
    return recordingFailure(new StateVisit(scope, state, input, progress), runSucceed);
  return recordingFailure(new StateVisit(scope, state, input, progress), runFail);
}

/** States without `Retry` and `Catch`: a failure is recorded and ends the workflow. */
async function recordingFailure<Kind extends State>(
  visit: StateVisit<Kind>,
  run: (visit: StateVisit<Kind>) => Promise<Transition>,
): Promise<Transition> {
  try {
    return await run(visit);
  } catch (error) {
    const failure: StateFailure = visit.recordFailure(error);
    throw failure;
  }
}
