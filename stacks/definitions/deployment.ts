/**
 * Where Cardway stands and what its parts are called. Every name and ARN is derived here, so that no definition has to wait
 * for a resource, and `local/` and AWS use the same ones.
 */
export interface Deployment {
  modelCardAccountId: string;
  region: string;
  /** Base address of the approval page, without a slash at the end. */
  approvalPageUrl: string;
}

export const tableName = "cardway";
export const eventBusName = "cardway";
export const workflowName = "cardway-promotion";
export const sweepWorkflowName = "cardway-sweep";
export const deadLetterQueueName = "cardway-dead-letters";
export const linkKeyAlias = "alias/cardway-approval-links";
/** Of the key that logs and alarms are encrypted with. */
export const dataKeyAlias = "alias/cardway-data";
export const configurationSetName = "cardway";
export const alarmTopicName = "cardway-alarms";
export const eventLogGroupName = "/aws/events/cardway";
export const approvalApiName = "cardway-approvals";

/** ARN of a resource of the model card account, for example `arnOf("states", "stateMachine:cardway-promotion", …)`. */
export function arnOf(service: string, resource: string, { region, modelCardAccountId }: Deployment): string {
  return `arn:aws:${service}:${region}:${modelCardAccountId}:${resource}`;
}

export function roleArnOf(roleName: string, accountId: string): string {
  return `arn:aws:iam::${accountId}:role/${roleName}`;
}

export function tableArn(deployment: Deployment): string {
  return arnOf("dynamodb", `table/${tableName}`, deployment);
}

export function eventBusArn(deployment: Deployment): string {
  return arnOf("events", `event-bus/${eventBusName}`, deployment);
}

export function stateMachineArn(deployment: Deployment): string {
  return arnOf("states", `stateMachine:${workflowName}`, deployment);
}

export function sweepStateMachineArn(deployment: Deployment): string {
  return arnOf("states", `stateMachine:${sweepWorkflowName}`, deployment);
}

export function deadLetterQueueArn(deployment: Deployment): string {
  return arnOf("sqs", deadLetterQueueName, deployment);
}

export function functionArn(functionName: string, deployment: Deployment): string {
  return arnOf("lambda", `function:${functionName}`, deployment);
}
