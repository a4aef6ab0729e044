import { type Diagnostic, locationOf } from "./diagnostic.ts";
import { schemaFault } from "./schema-diagnostics.ts";
import type { CatcherDefinition, RetrierDefinition, StateDefinition } from "./state-machine-definition.ts";
import type { LocatedWorkflow } from "./workflows.ts";

/** Finds transitions that lead nowhere, states that nothing leads to, and workflows that never end. */
export function checkTransitions({ workflow, path }: LocatedWorkflow): Diagnostic[] {
  const states = Object.entries(workflow.States);
  const reached = new Set<string>();
  const diagnostics: Diagnostic[] = [];
  const follow = (target: string, at: PropertyKey[]): void => {
    reached.add(target);
    if (!Object.hasOwn(workflow.States, target)) {
      diagnostics.push({
        code: "MISSING_TRANSITION_TARGET",
        location: locationOf(at),
        message: `Missing 'Next' target: ${target}`,
      });
    }
  };

  follow(workflow.StartAt, [...path, "StartAt"]);
  for (const [name, state] of states) {
    const place = [...path, "States", name];
    for (const { target, field } of transitionsOf(state)) follow(target, [...place, ...field]);
    diagnostics.push(...checkEnd(state, place), ...checkErrorHandling(state, place));
  }
  for (const [name] of states) {
    if (reached.has(name)) continue;
    diagnostics.push({
      code: "MISSING_TRANSITION_TARGET",
      location: locationOf([...path, "States", name]),
      message: `State "${name}" is not reachable.`,
    });
  }
  if (!states.some(([, state]) => endsWorkflow(state))) {
    diagnostics.push({
      code: "MISSING_END_STATE",
      location: locationOf([...path, "States"]),
      message: "No terminal state: the workflow never ends",
    });
  }
  return diagnostics;
}

function transitionsOf(state: StateDefinition): { target: string; field: PropertyKey[] }[] {
  const transitions: { target: string; field: PropertyKey[] }[] = [];
  if ("Next" in state && state.Next !== undefined) transitions.push({ target: state.Next, field: ["Next"] });
  if (state.Type === "Choice") {
    state.Choices.forEach(({ Next }, index) =>
      transitions.push({ target: Next, field: ["Choices", index, "Next"] }),
    );
    if (state.Default !== undefined) transitions.push({ target: state.Default, field: ["Default"] });
  }
  if ("Catch" in state) {
    state.Catch?.forEach(({ Next }, index) =>
      transitions.push({ target: Next, field: ["Catch", index, "Next"] }),
    );
  }
  return transitions;
}

function endsWorkflow(state: StateDefinition): boolean {
  return state.Type === "Succeed" || state.Type === "Fail" || ("End" in state && state.End === true);
}

function checkEnd(state: StateDefinition, place: PropertyKey[]): Diagnostic[] {
  const location = locationOf(place);
  if (state.Type === "Choice" || state.Type === "Succeed" || state.Type === "Fail") return [];
  if (state.Next === undefined && state.End !== true) {
    return [schemaFault(location, "State must have either 'Next' or 'End' set to true")];
  }
  if (state.Next !== undefined && state.End === true) {
    return [schemaFault(location, "State must not have both 'Next' and 'End'")];
  }
  return [];
}

function checkErrorHandling(state: StateDefinition, place: PropertyKey[]): Diagnostic[] {
  if (!("Catch" in state) && !("Retry" in state)) return [];
  return [
    ...checkErrorNames(state.Retry ?? [], [...place, "Retry"]),
    ...checkErrorNames(state.Catch ?? [], [...place, "Catch"]),
    ...(state.Retry ?? []).flatMap(({ IntervalSeconds = 1, MaxDelaySeconds }, index) =>
      MaxDelaySeconds === undefined || MaxDelaySeconds > IntervalSeconds
        ? []
        : [
            schemaFault(
              locationOf([...place, "Retry", index, "MaxDelaySeconds"]),
              "MaxDelaySeconds must be greater than IntervalSeconds",
            ),
          ],
    ),
  ];
}

/** `States.ALL` stands alone, and last: nothing after it would ever match. */
function checkErrorNames(
  handlers: readonly (RetrierDefinition | CatcherDefinition)[],
  place: PropertyKey[],
): Diagnostic[] {
  return handlers.flatMap(({ ErrorEquals }, index) => {
    if (!ErrorEquals.includes("States.ALL")) return [];
    const location = locationOf([...place, index, "ErrorEquals"]);
    if (ErrorEquals.length > 1) return [schemaFault(location, "'States.ALL' must appear alone")];
    if (index < handlers.length - 1) return [schemaFault(location, "'States.ALL' must be in the last entry")];
    return [];
  });
}
