/** When these prices were looked up. */
export const lookedUp = "2026-11";

/** A list price of one AWS service in us-east-1, in its first tier. Free tiers are left out. */
export interface Price {
  what: string;
  dollars: number;
  /** So many units cost that; more than one where AWS quotes it so. */
  per: number;
  unit: string;
  page: string;
  /** Whether AWS's own pages say so where they can be read, or only others who quote them: AWS fills many tables in by script. */
  confirmedBy: "AWS" | "others";
}

const stepFunctions = "https://aws.amazon.com/step-functions/pricing/";
const lambda = "https://aws.amazon.com/lambda/pricing/";
const dynamoDb = "https://aws.amazon.com/dynamodb/pricing/on-demand/";
const kms = "https://aws.amazon.com/kms/pricing/";
const ses = "https://aws.amazon.com/ses/pricing/";
const eventBridge = "https://aws.amazon.com/eventbridge/pricing/";
const apiGateway = "https://aws.amazon.com/api-gateway/pricing/";
const dataTransfer = "https://aws.amazon.com/ec2/pricing/on-demand/";
const cloudWatch = "https://aws.amazon.com/cloudwatch/pricing/";
const xray = "https://aws.amazon.com/xray/pricing/";

const million = 1_000_000;

/** What a promotion uses. */
export const usagePrices = {
  transitions: price("Step Functions, state transitions", 0.025, 1_000, "transitions", stepFunctions, "AWS"),
  invocations: price("Lambda, invocations", 0.2, million, "requests", lambda),
  gbSeconds: price("Lambda, arm64, time and memory", 0.000_013_333_4, 1, "GB-s", lambda),
  writeUnits: price("DynamoDB, write request units", 0.625, million, "units", dynamoDb),
  readUnits: price("DynamoDB, read request units", 0.125, million, "units", dynamoDb),
  kmsRequests: price("KMS, requests", 0.03, 10_000, "requests", kms),
  // The plan Essentials, which accounts new to SES are on since July 2026. Without a plan it is $0.10.
  mails: price("SES, mails", 0.16, 1_000, "mails", ses),
  events: price("EventBridge, own events", 1, million, "chunks of 64 kB", eventBridge),
  archivedGb: price("EventBridge, archived", 0.1, 1, "GB", eventBridge),
  httpRequests: price("API Gateway, HTTP API requests", 1, million, "requests", apiGateway, "AWS"),
  pagesGb: price("Pages sent to approvers", 0.09, 1, "GB", dataTransfer),
  logsGb: price("CloudWatch Logs, taken in", 0.5, 1, "GB", cloudWatch),
  traces: price("X-Ray, traces", 5, million, "traces", xray, "AWS"),
};

/** What stands there, for a month, whether a card moves or not. */
export const monthlyPrices = {
  keys: price("KMS keys", 1, 1, "key", kms, "AWS"),
  alarms: price("CloudWatch alarms", 0.1, 1, "alarm", cloudWatch),
  metrics: price("CloudWatch metrics of Cardway's own", 0.3, 1, "metric", cloudWatch),
  dashboards: price("CloudWatch dashboards", 3, 1, "dashboard", cloudWatch),
};

function price(
  what: string,
  dollars: number,
  per: number,
  unit: string,
  page: string,
  confirmedBy: Price["confirmedBy"] = "others",
): Price {
  return { what, dollars, per, unit, page, confirmedBy };
}
