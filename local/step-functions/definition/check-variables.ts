import { type Diagnostic, locationOf } from "./diagnostic.ts";
import { schemaFault } from "./schema-diagnostics.ts";
import type { StateDefinition } from "./state-machine-definition.ts";
import type { LocatedWorkflow } from "./workflows.ts";

/**
 * Finds assignments in a branch or an iteration to a variable of an enclosing workflow: inner states may read outer
 * variables and never assign them.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
 */
export function checkVariables({ workflow, path, parent }: LocatedWorkflow): Diagnostic[] {
  const outer = new Set<string>();
  for (let enclosing = parent; enclosing !== undefined; enclosing = enclosing.parent) {
    for (const state of Object.values(enclosing.workflow.States)) {
      for (const { name } of assignments(state)) outer.add(name);
    }
  }
  return Object.entries(workflow.States).flatMap(([stateName, state]) =>
    assignments(state)
      .filter(({ name }) => outer.has(name))
      .map(({ name, field }) =>
        schemaFault(
          locationOf([...path, "States", stateName, ...field]),
          `The variable '${name}' belongs to an outer scope and cannot be assigned here`,
        ),
      ),
  );
}

function assignments(state: StateDefinition): { name: string; field: PropertyKey[] }[] {
  const found: { name: string; field: PropertyKey[] }[] = [];
  const add = (assign: Record<string, unknown> | undefined, field: PropertyKey[]): void => {
    for (const name of Object.keys(assign ?? {})) found.push({ name, field: [...field, name] });
  };
  if ("Assign" in state) add(state.Assign, ["Assign"]);
  if ("Catch" in state) {
    state.Catch?.forEach(({ Assign }, index) => add(Assign, ["Catch", index, "Assign"]));
  }
  if (state.Type === "Choice") {
    state.Choices.forEach(({ Assign }, index) => add(Assign, ["Choices", index, "Assign"]));
  }
  return found;
}
