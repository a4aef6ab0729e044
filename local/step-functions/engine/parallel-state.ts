import { exceedsPayloadLimit, type Json, toJson } from "../json.ts";
import { evaluateTemplate } from "../jsonata/template.ts";
import { runChildWorkflows } from "./child-workflows.ts";
import { withErrorHandling } from "./error-handling.ts";
import { dataLimitExceeded, type StateVisit, type Transition } from "./state-visit.ts";
import type { ParallelState } from "./workflow.ts";

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html */
export function runParallel(visit: StateVisit<ParallelState>): Promise<Transition> {
  const { scope, state } = visit;
  return withErrorHandling(visit, async () => {
    let input = visit.input;
    if (state.arguments !== undefined) {
      input = toJson(await evaluateTemplate(state.arguments, visit.bindings()));
      if (exceedsPayloadLimit(input.text)) throw dataLimitExceeded(state.name);
    }
    scope.emit("ParallelStateStarted");
    const outputs = await runChildWorkflows(scope, {
      children: state.branches.map((workflow) => ({ workflow, input })),
      concurrency: state.branches.length,
    });
    scope.note("ParallelStateSucceeded");
    const result = jsonList(outputs);
    return visit.leave(state, { result: result.value }, result, state.next);
  });
}

/** Several values as one list, without writing them out again. */
export function jsonList(members: readonly Json[]): Json {
  return {
    value: members.map(({ value }) => value),
    text: `[${members.map(({ text }) => text).join(",")}]`,
  };
}
