import { type Deployment, functionArn } from "./deployment.ts";
import { type FunctionDefinition, functions, functionsOf } from "./functions.ts";
import { type PolicyDocument, document } from "./policy.ts";
import { ruleRoleName, startedByRules } from "./rules.ts";
import { type Workflow, workflows } from "./workflows.ts";

/** An IAM role: who may take it, and what it may do then. */
export interface RoleDefinition {
  roleName: string;
  /** 12-digit id of the account that the role is in. */
  accountId: string;
  trust: PolicyDocument;
  policy: PolicyDocument;
  /** What the role may do at most, whatever policies it is given later. */
  permissionsBoundary?: PolicyDocument;
  tags?: Record<string, string>;
}

/** Name of the managed policy that is a role's permissions boundary. */
export function boundaryNameOf(roleName: string): string {
  return `${roleName}-boundary`;
}

/** Trust of an AWS service. */
function serviceTrust(service: string): PolicyDocument {
  return document([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

/** The roles of the model card account: one for each function, each workflow and each rule. */
export function modelCardAccountRoles(deployment: Deployment): RoleDefinition[] {
  return [
    ...functionsOf(deployment).map((definition) => functionRole(definition, deployment)),
    ...workflows.map((workflow) => workflowRole(workflow, deployment)),
    ...ruleRoles(deployment),
  ];
}

/** The role of a function: it may do what its definition says. */
export function functionRole(
  { functionName, permissions }: FunctionDefinition,
  deployment: Deployment,
): RoleDefinition {
  return {
    roleName: functionName,
    accountId: deployment.modelCardAccountId,
    trust: serviceTrust("lambda.amazonaws.com"),
    policy: document(permissions(deployment)),
  };
}

/** The role of a workflow: it may invoke the functions of its states. */
export function workflowRole({ roleName, definition }: Workflow, deployment: Deployment): RoleDefinition {
  return {
    roleName,
    accountId: deployment.modelCardAccountId,
    trust: serviceTrust("states.amazonaws.com"),
    policy: document([
      {
        Effect: "Allow",
        Action: "lambda:InvokeFunction",
        Resource: invokedFunctions(JSON.stringify(definition(deployment)), deployment),
      },
    ]),
  };
}

/** The roles of the rules: each may start the state machine of its rule. */
export function ruleRoles(deployment: Deployment): RoleDefinition[] {
  return Object.entries(startedByRules(deployment)).map(([ruleName, stateMachineArn]) => ({
    roleName: ruleRoleName(ruleName),
    accountId: deployment.modelCardAccountId,
    trust: serviceTrust("events.amazonaws.com"),
    policy: document([{ Effect: "Allow", Action: "states:StartExecution", Resource: stateMachineArn }]),
  }));
}

/** The functions that a workflow names, by ARN. */
function invokedFunctions(definition: string, deployment: Deployment): string[] {
  return functions
    .map(({ functionName }) => functionArn(functionName, deployment))
    .filter((arn) => definition.includes(JSON.stringify(arn)));
}
