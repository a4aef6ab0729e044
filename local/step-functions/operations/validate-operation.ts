import * as z from "zod";
import { type Operation, operation } from "../../wire/operation.ts";
import { checkDefinition } from "../definition/check-definition.ts";
import { publicSchemaFaults } from "../definition/public-schema.ts";
import { notBuilt } from "../refusals.ts";
import type { TaskResources } from "../task-resources.ts";
import { DefinitionSchema } from "./fields.ts";

/** AWS answers with this many diagnostics where nothing else is asked. */
const mostDiagnostics = 100;

/** Checks a definition as `CreateStateMachine` does, and against the public schema of the language. */
export function validateOperations(resources: TaskResources): Record<string, Operation> {
  return {
    ValidateStateMachineDefinition: operation({
      input: z.strictObject({
        definition: DefinitionSchema,
        type: z.enum(["STANDARD", "EXPRESS"]).optional(),
        severity: z.enum(["ERROR", "WARNING"]).optional(),
        maxResults: z.int().min(0).max(mostDiagnostics).optional(),
      }),
      action: "states:ValidateStateMachineDefinition",
      run: async ({ definition, type, maxResults = 0 }) => {
        if (type === "EXPRESS") throw notBuilt("A state machine of type EXPRESS");
        const checked = checkDefinition(definition, resources);
        const faults = "faults" in checked ? checked.faults : await publicSchemaFaults(definition);
        const shown = faults.slice(0, maxResults === 0 ? mostDiagnostics : maxResults);
        return {
          result: faults.length === 0 ? "OK" : "FAIL",
          diagnostics: shown.map((fault) => ({ severity: "ERROR", ...fault })),
          truncated: shown.length < faults.length,
        };
      },
    }),
  };
}
