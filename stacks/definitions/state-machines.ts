import type { Deployment } from "./deployment.ts";
import { workflowName } from "./deployment.ts";
import { type RoleDefinition, modelCardAccountRoles } from "./roles.ts";
import { promotionWorkflow, type StateMachineDefinition } from "./workflow.ts";
export function stateMachines(
  d: Deployment,
): { name: string; definition: StateMachineDefinition; role: RoleDefinition }[] {
  const role = modelCardAccountRoles(d).find(({ roleName }) => roleName === workflowName);
  if (!role) throw new TypeError();
  return [{ name: workflowName, definition: promotionWorkflow(d), role }];
}
