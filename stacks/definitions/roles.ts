import {
  type Deployment,
  deadLetterQueueArn,
  functionArn,
  stateMachineArn,
  workflowName,
} from "./deployment.ts";
import { functionNameOf, functions } from "./functions.ts";
import type { PolicyDocument, PolicyStatement } from "./policy.ts";

/** An IAM role: who may take it, and what it may do then. */
export interface RoleDefinition {
  roleName: string;
  /** 12-digit id of the account that the role is in. */
  accountId: string;
  trust: PolicyDocument;
  policy: PolicyDocument;
  /** What the role may do at most, whatever policies it is given later. */
  permissionsBoundary?: PolicyDocument;
}

export const startPromotionRoleName = "cardway-start-promotion";

/** Functions that the workflow does not run, and so may not. */
const outsideWorkflow = ["approval-page", "retire-shares"].map(functionNameOf);

export function document(Statement: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}

/** Trust of an AWS service. */
function serviceTrust(service: string): PolicyDocument {
  return document([{ Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" }]);
}

/** The roles of the model card account: one for each function, the workflow and the rules. */
export function modelCardAccountRoles(deployment: Deployment): RoleDefinition[] {
  const accountId = deployment.modelCardAccountId;
  return [
    ...functions.map((definition) => ({
      roleName: definition.functionName,
      accountId,
      trust: serviceTrust("lambda.amazonaws.com"),
      policy: document(definition.permissions(deployment)),
    })),
    {
      roleName: workflowName,
      accountId,
      trust: serviceTrust("states.amazonaws.com"),
      policy: document([
        {
          Effect: "Allow",
          Action: "lambda:InvokeFunction",
          Resource: functions
            .filter(({ functionName }) => !outsideWorkflow.includes(functionName))
            .map(({ functionName }) => functionArn(functionName, deployment)),
        },
      ]),
    },
    {
      roleName: startPromotionRoleName,
      accountId,
      trust: serviceTrust("events.amazonaws.com"),
      policy: document([
        { Effect: "Allow", Action: "states:StartExecution", Resource: stateMachineArn(deployment) },
      ]),
    },
  ];
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
          "aws:SourceArn": `arn:aws:events:${deployment.region}:${deployment.modelCardAccountId}:rule/cardway-*`,
        },
      },
    },
  ]);
}
