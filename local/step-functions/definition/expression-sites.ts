import type { StateDefinition } from "./state-machine-definition.ts";

/** A field of a state that may hold expressions, at any depth. */
export interface ExpressionSite {
  path: PropertyKey[];
  value: unknown;
  /** Fields of `$states` that exist here besides `input` and `context`. */
  extraStates: readonly ("result" | "errorOutput")[];
}

/** Every field of a state that is evaluated, except those of its nested workflows. */
export function expressionSites(state: StateDefinition): ExpressionSite[] {
  const sites: ExpressionSite[] = [];
  const add = (
    path: PropertyKey[],
    value: unknown,
    extraStates: ExpressionSite["extraStates"] = [],
  ): void => {
    if (value !== undefined) sites.push({ path, value, extraStates });
  };
  const ownResult = state.Type === "Task" || state.Type === "Parallel" || state.Type === "Map";
  if ("Output" in state) add(["Output"], state.Output, ownResult ? ["result"] : []);
  if ("Assign" in state) add(["Assign"], state.Assign, ownResult ? ["result"] : []);
  if ("Catch" in state) {
    state.Catch?.forEach(({ Output, Assign }, index) => {
      add(["Catch", index, "Output"], Output, ["errorOutput"]);
      add(["Catch", index, "Assign"], Assign, ["errorOutput"]);
    });
  }
  switch (state.Type) {
    case "Task":
      add(["Arguments"], state.Arguments);
      add(["TimeoutSeconds"], state.TimeoutSeconds);
      add(["HeartbeatSeconds"], state.HeartbeatSeconds);
      break;
    case "Choice":
      state.Choices.forEach(({ Condition, Output, Assign }, index) => {
        add(["Choices", index, "Condition"], Condition);
        add(["Choices", index, "Output"], Output);
        add(["Choices", index, "Assign"], Assign);
      });
      break;
    case "Wait":
      add(["Seconds"], state.Seconds);
      add(["Timestamp"], state.Timestamp);
      break;
    case "Fail":
      add(["Error"], state.Error);
      add(["Cause"], state.Cause);
      break;
    case "Parallel":
      add(["Arguments"], state.Arguments);
      break;
    case "Map":
      add(["Items"], state.Items);
      add(["ItemSelector"], state.ItemSelector);
      add(["MaxConcurrency"], state.MaxConcurrency);
      break;
    case "Pass":
    case "Succeed":
      break;
  }
  return sites;
}
