import { type Deployment, arnOf, deadLetterQueueArn, functionArn } from "./deployment.ts";
import { functions } from "./functions.ts";
import type { PolicyDocument, PolicyStatement } from "./policy.ts";
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

export function document(Statement: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

/** Trust of an AWS service. */
function serviceTrust(service: string): PolicyDocument {
  return document([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

/** The roles of the model card account: one for each function, each workflow and each rule. */
export function modelCardAccountRoles(deployment: Deployment): RoleDefinition[] {
  const accountId = deployment.modelCardAccountId;
  return [
    ...functions.map((definition) => ({
      roleName: definition.functionName,
      accountId,
      trust: serviceTrust("lambda.amazonaws.com"),
      policy: document(definition.permissions(deployment)),
    })),
    ...workflows.map((workflow) => workflowRole(workflow, deployment)),
    ...ruleRoles(deployment),
  ];
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

/** The queue's own policy: EventBridge may put in what it could not deliver. */
export function deadLetterQueuePolicy(deployment: Deployment): PolicyDocument {
  return document([
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: deadLetterQueueArn(deployment),
      Condition: {
        ArnLike: {
          "aws:SourceArn": arnOf("events", "rule/cardway-*", deployment),
        },
      },
    },
  ]);
}
