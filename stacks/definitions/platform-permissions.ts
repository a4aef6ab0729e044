import { type Deployment, arnOf } from "./deployment.ts";
import type { PolicyStatement } from "./policy.ts";

/**
 * What AWS's own services do in a role's name, beside what our code calls: logs and traces. `local/` has neither, so they stand
 * apart from the permissions that it enforces.
 */

/** The X-Ray calls know no resource. @see https://docs.aws.amazon.com/xray/latest/devguide/security_iam_id-based-policy-examples.html */
const trace: PolicyStatement = {
  Sid: "SendTraces",
  Effect: "Allow",
  Action: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  Resource: "*",
};

/** Lambda writes a function's log into its own group, which is made beforehand. */
export function functionPlatformPermissions(functionName: string, deployment: Deployment): PolicyStatement[] {
  return [
    {
      Sid: "WriteOwnLog",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: arnOf("logs", `log-group:${functionLogGroupName(functionName)}:*`, deployment),
    },
    trace,
  ];
}

/** They know no resource. */
export const logDeliveryActions = [
  "logs:CreateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:GetLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:UpdateLogDelivery",
];

/**
 * Step Functions keeps the delivery of a workflow's log with calls that know no resource.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy
 */
export function workflowPlatformPermissions(): PolicyStatement[] {
  return [
    {
      Sid: "KeepLogDelivery",
      Effect: "Allow",
      Action: logDeliveryActions,
      Resource: "*",
    },
    {
      ...trace,
      Action: [
        "xray:PutTraceSegments",
        "xray:PutTelemetryRecords",
        "xray:GetSamplingRules",
        "xray:GetSamplingTargets",
      ],
    },
  ];
}

export function functionLogGroupName(functionName: string): string {
  return `/aws/lambda/${functionName}`;
}

/** Groups of this prefix need no resource policy of their own, whose size is limited. */
export function workflowLogGroupName(stateMachineName: string): string {
  return `/aws/vendedlogs/states/${stateMachineName}`;
}
