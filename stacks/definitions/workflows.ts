import { type Deployment, sweepWorkflowName, workflowName } from "./deployment.ts";
import { sweepWorkflow } from "./sweep-workflow.ts";
import { type StateMachineDefinition, promotionWorkflow } from "./workflow.ts";

/** A workflow under its name, and the name of the role that it runs as. */
export interface Workflow {
  name: string;
  roleName: string;
  definition(deployment: Deployment): StateMachineDefinition;
}

/** Every workflow. */
export const workflows: readonly Workflow[] = [
  { name: workflowName, roleName: workflowName, definition: promotionWorkflow },
  // The sweep's function has the workflow's name, and with it that role.
  { name: sweepWorkflowName, roleName: `${sweepWorkflowName}-workflow`, definition: sweepWorkflow },
];
