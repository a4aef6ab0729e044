import type { Settings } from "../../functions/lifecycle/settings.ts";

/**
 * Where Cardway stands and what its parts are called. Every name and ARN is derived here, so that no definition has to wait
 * for a resource, and `local/` and AWS use the same ones.
 */
export interface Deployment {
  modelCardAccountId: string;
  region: string;
  /** Base address of the approval page, without a slash at the end. */
  approvalPageUrl: string;
  /** Base address of the operations console, without a slash at the end; absent where there is none. */
  consoleUrl?: string | undefined;
  /** Whether stage accounts may lie outside the organisation; not, where it is left out. */
  shareOutsideOrganization?: boolean;
  /** ARNs of the customer managed keys that cards are encrypted with; none, where it is left out. */
  cardKeyArns?: readonly string[];
}

/**
 * What the settings say about a deployment. One machine serves several Regions; AWS has that of the settings.
 *
 * @param consoleUrl - Left out, it is empty where the settings ask for a console, for what does not have to know it.
 */
export function deploymentOf(
  { modelCardAccountId, shareOutsideOrganization, deployment }: Settings,
  approvalPageUrl: string,
  region = deployment.region,
  consoleUrl = deployment.console && "",
): Deployment {
  const { cardKeyArns } = deployment;
  return { modelCardAccountId, region, approvalPageUrl, consoleUrl, shareOutsideOrganization, cardKeyArns };
}

export const tableName = "cardway";
export const eventBusName = "cardway";
export const workflowName = "cardway-promotion";
export const sweepWorkflowName = "cardway-sweep";
/** On every role that stage accounts and people have, so that what belongs to Cardway can be found. */
export const roleTags: Record<string, string> = { application: "cardway" };
export const linkKeyAlias = "alias/cardway-approval-links";
/** Of the key that logs and alarms are encrypted with. */
export const dataKeyAlias = "alias/cardway-data";
export const configurationSetName = "cardway";
export const alarmTopicName = "cardway-alarms";
export const eventLogGroupName = "/aws/events/cardway";
export const approvalApiName = "cardway-approvals";
export const consoleApiName = "cardway-console";

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

export function functionArn(functionName: string, deployment: Deployment): string {
  return arnOf("lambda", `function:${functionName}`, deployment);
}
