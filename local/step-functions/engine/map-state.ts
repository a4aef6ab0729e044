import { exceedsPayloadLimit, type Json, toJson } from "../json.ts";
import { evaluateTemplate } from "../jsonata/template.ts";
import { runChildWorkflows } from "./child-workflows.ts";
import { withErrorHandling } from "./error-handling.ts";
import { jsonList } from "./parallel-state.ts";
import type { MapItem } from "./scope.ts";
import { RuntimeFailure } from "./state-failure.ts";
import { dataLimitExceeded, type StateVisit, type Transition } from "./state-visit.ts";
import { evaluateArray, evaluateWholeNumber } from "./typed-field.ts";
import type { MapState } from "./workflow.ts";

/** Iterations that AWS runs at the same time where `MaxConcurrency` is 0 or left out. */
const inlineConcurrency = 40;

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html */
export function runMap(visit: StateVisit<MapState>): Promise<Transition> {
  const { scope, state } = visit;
  return withErrorHandling(visit, async () => {
    const items = await itemsOf(visit);
    const asked =
      state.maxConcurrency === undefined
        ? 0
        : await evaluateWholeNumber(state.maxConcurrency, visit.bindings(), 0);
    const children = [];
    for (const [Index, Value] of items.entries()) {
      const mapItem = { Index, Value };
      children.push({
        workflow: state.itemProcessor,
        mapItem,
        input: await iterationInput(visit, mapItem),
      });
    }
    scope.emit("MapStateStarted", { length: items.length });
    const outputs = await runChildWorkflows(scope, {
      children,
      concurrency: asked === 0 ? inlineConcurrency : Math.min(asked, inlineConcurrency),
      iterationName: state.name,
    });
    scope.note("MapStateSucceeded");
    const result = jsonList(outputs);
    return visit.leave(state, { result: result.value }, result, state.next);
  });
}

async function itemsOf(visit: StateVisit<MapState>): Promise<unknown[]> {
  const { state, input } = visit;
  if (state.items !== undefined) return evaluateArray(state.items, visit.bindings());
  if (Array.isArray(input.value)) return input.value;
  throw new RuntimeFailure("The state has no 'Items' and its input is not an array.");
}

async function iterationInput(visit: StateVisit<MapState>, mapItem: MapItem): Promise<Json> {
  const { itemSelector, name } = visit.state;
  const input = toJson(
    itemSelector === undefined
      ? mapItem.Value
      : await evaluateTemplate(itemSelector, visit.bindings({}, mapItem)),
  );
  if (exceedsPayloadLimit(input.text)) throw dataLimitExceeded(name);
  return input;
}
