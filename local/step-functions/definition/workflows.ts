import type { StateDefinition, WorkflowDefinition } from "./state-machine-definition.ts";

/** A workflow and where it stands in the definition. */
export interface LocatedWorkflow {
  workflow: WorkflowDefinition;
  path: PropertyKey[];
  /** The state whose branch or item processor this is; none for the machine itself. */
  parent?: LocatedWorkflow;
}

/** The machine itself and every workflow nested in it, outer ones first. */
export function workflowsOf(machine: WorkflowDefinition): LocatedWorkflow[] {
  const found: LocatedWorkflow[] = [{ workflow: machine, path: [] }];
  for (const located of found) {
    for (const [name, state] of Object.entries(located.workflow.States)) {
      for (const { workflow, path } of nestedWorkflows(state)) {
        found.push({ workflow, path: [...located.path, "States", name, ...path], parent: located });
      }
    }
  }
  return found;
}

function nestedWorkflows(state: StateDefinition): { workflow: WorkflowDefinition; path: PropertyKey[] }[] {
  if (state.Type === "Parallel") {
    return state.Branches.map((workflow, index) => ({ workflow, path: ["Branches", index] }));
  }
  if (state.Type === "Map") return [{ workflow: state.ItemProcessor, path: ["ItemProcessor"] }];
  return [];
}
