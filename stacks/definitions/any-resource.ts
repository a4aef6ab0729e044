import { logDeliveryActions } from "./platform-permissions.ts";

const asRam =
  "RAM makes this call for whoever changes a card's shares, and SageMaker's reference gives it no resource.";

/**
 * Why an action is allowed on `*`, by action. Whatever else allows an action names its resources.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const reasonsForAnyResource: Readonly<Record<string, string>> = {
  "cloudtrail:LookupEvents": "CloudTrail's event history belongs to the account and knows no resource.",
  "cloudwatch:DescribeAlarmHistory": "Without * CloudWatch leaves composite alarms out.",
  "cloudwatch:DescribeAlarms": "Without * CloudWatch leaves composite alarms out.",
  "cloudwatch:GetMetricData": "Metrics are no resources in IAM.",
  ...Object.fromEntries(
    logDeliveryActions.map((action) => [
      action,
      "Step Functions keeps its log delivery with calls that know no resource.",
    ]),
  ),
  "logs:GetQueryResults":
    "A query's results are no resource in IAM; starting the query names its log groups.",
  "ram:CreateResourceShare": "The share has no ARN before it is made.",
  "ram:GetResourceShareAssociations": "RAM's list calls know no resource.",
  "ram:GetResourceShareInvitations": "RAM's list calls know no resource.",
  "ram:GetResourceShares": "RAM's list calls know no resource.",
  "ram:ListPrincipals": "RAM's list calls know no resource.",
  "ram:ListResources": "RAM's list calls know no resource.",
  "sagemaker:DeleteResourcePolicy": asRam,
  "sagemaker:GetResourcePolicy": asRam,
  "sagemaker:ListModelCards": "SageMaker's list of all cards knows no resource.",
  "sagemaker:PutResourcePolicy": asRam,
  "sagemaker:Search": "SageMaker's search goes over all of a kind and knows no resource.",
  "states:SendTaskSuccess": "A task's token is no resource in IAM, and nobody can guess one.",
  "xray:BatchGetTraces": "X-Ray's calls know no resource.",
  "xray:GetSamplingRules": "X-Ray's calls know no resource.",
  "xray:GetSamplingTargets": "X-Ray's calls know no resource.",
  "xray:GetServiceGraph": "X-Ray's calls know no resource.",
  "xray:GetTraceSummaries": "X-Ray's calls know no resource.",
  "xray:PutTelemetryRecords": "X-Ray's calls know no resource.",
  "xray:PutTraceSegments": "X-Ray's calls know no resource.",
};
