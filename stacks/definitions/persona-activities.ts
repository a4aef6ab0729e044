import { callerConditions, cardConditions } from "../../functions/lifecycle/persona-settings.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { neverEncryptCards, useCardKeys } from "./card-keys.ts";
import {
  type Deployment,
  arnOf,
  eventLogGroupName,
  functionArn,
  roleArnOf,
  stateMachineArn,
  sweepStateMachineArn,
  sweepWorkflowName,
  tableArn,
  workflowName,
} from "./deployment.ts";
import { functionNameOf } from "./functions.ts";
import type { PolicyStatement } from "./policy.ts";
import { deadLetterQueues, startedByRules } from "./rules.ts";

/** Where a persona's role is, and what the settings ask of it. */
export interface PersonaPlace {
  /** Account of the role, 12 digits. */
  accountId: string;
  deployment: Deployment;
  settings: Pick<Settings, "deployment">;
}

export type Activity = keyof typeof activities;

/** What people do around a card, as the least that IAM has to allow (or deny) for it. */
export const activities = {
  "find-shared-cards": (place) => [allow(place, "FindSharedModelCards", ["ram:ListResources"], ["*"])],

  "read-cards": (place) => [
    allowOnCards(place, "ReadSharedModelCards", [
      "sagemaker:DescribeModelCard",
      "sagemaker:ListModelCardVersions",
    ]),
    ...useCardKeys("kms:Decrypt", place.deployment),
  ],

  "edit-cards": (place) => [
    allowOnCards(place, "UpdateSharedModelCards", ["sagemaker:UpdateModelCard"]),
    ...useCardKeys("kms:GenerateDataKey", place.deployment),
  ],

  // Without a bucket an export has nowhere to go.
  "export-cards": (place) => {
    const buckets = place.settings.deployment.personas.exportBuckets;
    if (buckets.length === 0) return [];
    return [
      allowOnCards(place, "ExportSharedModelCards", [
        "sagemaker:CreateModelCardExportJob",
        "sagemaker:DescribeModelCardExportJob",
      ]),
      // SageMaker writes in the caller's name, and from no VPC.
      allow(
        place,
        "KeepExportedModelCards",
        ["s3:PutObject"],
        buckets.map((bucket) => `arn:aws:s3:::${bucket}/*`),
        callerConditions({ ...place.settings.deployment.personas, vpcIds: [], vpcEndpointIds: [] }),
      ),
    ];
  },

  "list-cards": (place) => [allow(place, "ListModelCards", ["sagemaker:ListModelCards"], ["*"])],

  "list-card-versions": (place) => [
    allowOnCards(place, "ListModelCardVersions", ["sagemaker:ListModelCardVersions", "sagemaker:ListTags"]),
  ],

  "never-change-cards": ({ deployment }) => [
    {
      Sid: "NeverUpdateModelCards",
      Effect: "Deny",
      Action: ["sagemaker:CreateModelCard", "sagemaker:UpdateModelCard", "sagemaker:DeleteModelCard"],
      Resource: "*",
    },
    ...neverEncryptCards(deployment),
  ],

  "see-executions": (place) => [
    allow(
      place,
      "ListExecutions",
      ["states:DescribeStateMachine", "states:ListExecutions"],
      [stateMachineArn(place.deployment), sweepStateMachineArn(place.deployment)],
    ),
    allow(
      place,
      "SeeExecutions",
      ["states:DescribeExecution", "states:GetExecutionHistory"],
      [executionsOf(workflowName, place.deployment), executionsOf(sweepWorkflowName, place.deployment)],
    ),
  ],

  // Nobody starts a promotion: its input could say what is not so, and IAM does not look at it. cardway-operate starts them.
  "operate-executions": (place) => [
    allow(
      place,
      "StopAndRedriveExecutions",
      ["states:StopExecution", "states:RedriveExecution"],
      [executionsOf(workflowName, place.deployment)],
    ),
  ],

  // SQS itself redrives to queues only: an event is looked at, its card is given to a new execution, and then it is deleted.
  "work-off-dead-letters": (place) => [
    allow(
      place,
      "WorkOffDeadLetters",
      [
        "sqs:GetQueueUrl",
        "sqs:GetQueueAttributes",
        "sqs:ReceiveMessage",
        "sqs:ChangeMessageVisibility",
        "sqs:DeleteMessage",
      ],
      deadLetterQueues(place.deployment).map(({ queueName }) => arnOf("sqs", queueName, place.deployment)),
    ),
  ],

  "read-logs": (place) => [
    allow(
      place,
      "ReadLogs",
      ["logs:DescribeLogStreams", "logs:FilterLogEvents", "logs:GetLogEvents", "logs:StartQuery"],
      ["/aws/lambda/cardway-*", "/aws/vendedlogs/states/cardway-*", `${eventLogGroupName}*`].map((name) =>
        arnOf("logs", `log-group:${name}`, place.deployment),
      ),
    ),
    allow(place, "ReadLogQueries", ["logs:GetQueryResults"], ["*"]),
  ],

  "see-traces": (place) => [
    allow(
      place,
      "SeeTraces",
      ["xray:GetTraceSummaries", "xray:BatchGetTraces", "xray:GetServiceGraph"],
      ["*"],
    ),
  ],

  "see-alarms": (place) => [
    allow(
      place,
      "SeeAlarms",
      ["cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory", "cloudwatch:GetMetricData"],
      ["*"],
    ),
    allow(
      place,
      "SeeDashboards",
      ["cloudwatch:GetDashboard"],
      [`arn:aws:cloudwatch::${place.accountId}:dashboard/cardway*`],
    ),
  ],

  "see-shares": (place) => [
    allow(
      place,
      "SeeResourceShares",
      [
        "ram:GetResourceShares",
        "ram:GetResourceShareAssociations",
        "ram:ListPrincipals",
        "ram:ListResources",
      ],
      ["*"],
    ),
  ],

  "see-event-delivery": (place) => [
    allow(
      place,
      "SeeRules",
      ["events:DescribeRule", "events:ListTargetsByRule"],
      Object.keys(startedByRules(place.deployment)).map((name) =>
        arnOf("events", `rule/${name}`, place.deployment),
      ),
    ),
  ],

  "read-records": (place) => [
    allow(
      place,
      "ReadRecords",
      ["dynamodb:BatchGetItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"],
      [tableArn(place.deployment), `${tableArn(place.deployment)}/index/*`],
    ),
  ],

  // Every act of an operator is on record: the function writes that down, and nobody can but it.
  "act-on-record": (place) => [
    allow(
      place,
      "ActOnRecord",
      ["lambda:InvokeFunction"],
      [functionArn(functionNameOf("operate"), place.deployment)],
    ),
  ],

  "look-up-calls": (place) => [allow(place, "LookUpCalls", ["cloudtrail:LookupEvents"], ["*"])],

  "see-roles": (place) => [
    allow(
      place,
      "SeeRoles",
      ["iam:GetRole", "iam:GetRolePolicy", "iam:ListRolePolicies", "iam:ListAttachedRolePolicies"],
      [roleArnOf("cardway-*", place.accountId)],
    ),
  ],
} satisfies Record<string, (place: PersonaPlace) => PolicyStatement[]>;

function allow(
  { settings }: PersonaPlace,
  Sid: string,
  Action: string[],
  Resource: string[],
  Condition = callerConditions(settings.deployment.personas),
): PolicyStatement {
  const conditional = Object.keys(Condition).length > 0;
  return { Sid, Effect: "Allow", Action, Resource, ...(conditional && { Condition }) };
}

/** Roles belong to no Region, and neither do a stage's: RAM shares a card in the card's own. */
function allowOnCards(place: PersonaPlace, sid: string, actions: string[]): PolicyStatement {
  const { modelCardAccountId } = place.deployment;
  const region = place.accountId === modelCardAccountId ? place.deployment.region : "*";
  const cards = `arn:aws:sagemaker:${region}:${modelCardAccountId}:model-card/*`;
  return allow(place, sid, actions, [cards], cardConditions(place.settings.deployment.personas));
}

function executionsOf(stateMachineName: string, deployment: Deployment): string {
  return arnOf("states", `execution:${stateMachineName}:*`, deployment);
}
