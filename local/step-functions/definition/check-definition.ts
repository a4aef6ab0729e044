import { checkExpressions } from "./check-expressions.ts";
import { checkTransitions } from "./check-transitions.ts";
import { checkVariables } from "./check-variables.ts";
import { type Diagnostic, locationOf } from "./diagnostic.ts";
import { schemaDiagnostics, schemaFault } from "./schema-diagnostics.ts";
import {
  type StateDefinition,
  type StateMachineDefinition,
  StateMachineDefinitionSchema,
} from "./state-machine-definition.ts";
import { type LocatedWorkflow, workflowsOf } from "./workflows.ts";
import { parseBoundedJson } from "../../wire/bounded-json.ts";

/** What a definition may name in a Task's `Resource`. */
export interface KnownResources {
  /** @returns nothing where the resource is not built, else what is wrong with the literal `Arguments`, in sentences. */
  checkArguments(resource: string, taskArguments: unknown): string[] | undefined;
}

/**
 * Checks a definition as completely as the engine needs: what passes can run, what the engine does not do is refused.
 *
 * @param text - JSON of the Amazon States Language.
 */
export function checkDefinition(
  text: string,
  resources: KnownResources,
): { definition: StateMachineDefinition } | { faults: Diagnostic[] } {
  let raw: unknown;
  try {
    raw = parseBoundedJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { faults: [{ code: "INVALID_JSON_DESCRIPTION", message: error.message }] };
  }
  if (typeof raw !== "object" || raw === null || Array.isArray(raw)) {
    return { faults: [schemaFault("/", "Definition must be a valid JSON object")] };
  }
  if (!("QueryLanguage" in raw) || raw.QueryLanguage === "JSONPath") {
    return {
      faults: [
        schemaFault(
          "/QueryLanguage",
          "The query language JSONPath is not built in the local endpoint; set the top-level 'QueryLanguage' to 'JSONata'",
        ),
      ],
    };
  }
  const parsed = StateMachineDefinitionSchema.safeParse(raw, { reportInput: true });
  if (!parsed.success) return { faults: schemaDiagnostics(parsed.error) };
  const workflows = workflowsOf(parsed.data);
  const faults = [
    ...workflows.flatMap((workflow) => [
      ...checkTransitions(workflow),
      ...checkVariables(workflow),
      ...checkStates(workflow, resources),
    ]),
    ...duplicateStateNames(workflows),
  ];
  return faults.length === 0 ? { definition: parsed.data } : { faults };
}

function checkStates({ workflow, path }: LocatedWorkflow, resources: KnownResources): Diagnostic[] {
  return Object.entries(workflow.States).flatMap(([name, state]) => {
    const place = [...path, "States", name];
    return [
      ...checkExpressions(state, place),
      ...checkTask(state, place, resources),
      ...checkWait(state, place),
    ];
  });
}

function checkTask(state: StateDefinition, place: PropertyKey[], resources: KnownResources): Diagnostic[] {
  if (state.Type !== "Task") return [];
  const { Resource, Arguments, TimeoutSeconds, HeartbeatSeconds } = state;
  const faults = resources.checkArguments(Resource, Arguments);
  if (faults === undefined) {
    return [
      schemaFault(
        locationOf([...place, "Resource"]),
        `The resource ${Resource} is not built in the local endpoint`,
      ),
    ];
  }
  const diagnostics = faults.map((fault) => schemaFault(locationOf([...place, "Arguments"]), fault));
  if (typeof TimeoutSeconds === "number" && typeof HeartbeatSeconds === "number") {
    if (HeartbeatSeconds >= TimeoutSeconds) {
      diagnostics.push(
        schemaFault(
          locationOf([...place, "HeartbeatSeconds"]),
          "HeartbeatSeconds must be smaller than TimeoutSeconds",
        ),
      );
    }
  }
  return diagnostics;
}

function checkWait(state: StateDefinition, place: PropertyKey[]): Diagnostic[] {
  if (state.Type !== "Wait") return [];
  if ((state.Seconds === undefined) !== (state.Timestamp === undefined)) return [];
  return [
    schemaFault(locationOf(place), "A Wait state has exactly one of these fields: [Seconds, Timestamp]"),
  ];
}

function duplicateStateNames(workflows: readonly LocatedWorkflow[]): Diagnostic[] {
  const seen = new Set<string>();
  const faults: Diagnostic[] = [];
  for (const { workflow, path } of workflows) {
    for (const name of Object.keys(workflow.States)) {
      if (seen.has(name)) {
        faults.push({
          code: "DUPLICATE_STATE_NAME",
          location: locationOf([...path, "States", name]),
          message: `State name "${name}" appears more than once`,
        });
      }
      seen.add(name);
    }
  }
  return faults;
}
