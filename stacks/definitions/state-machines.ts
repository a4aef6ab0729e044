import type { Deployment } from "./deployment.ts";
import { type RoleDefinition, workflowRole } from "./roles.ts";
import type { StateMachineDefinition } from "./workflow.ts";
import { workflows } from "./workflows.ts";

/** A workflow as it is deployed. */
interface StateMachine {
  name: string;
  definition: StateMachineDefinition;
  role: RoleDefinition;
}

/** Every workflow as it is deployed in one place. */
export function stateMachines(deployment: Deployment): StateMachine[] {
  return workflows.map((workflow) => ({
    name: workflow.name,
    definition: workflow.definition(deployment),
    role: workflowRole(workflow, deployment),
  }));
}
