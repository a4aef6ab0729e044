import { type Deployment, configurationSetName, deadLetterQueueName, stateMachineArn } from "./deployment.ts";
import { metricNamespace } from "./event-metrics.ts";
import { functionNameOf } from "./functions.ts";

/** A CloudWatch metric, as alarms and the dashboard name it. */
export interface Metric {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  statistic: "Sum" | "Maximum";
}

/**
 * An alarm that a person is woken by.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export interface AlarmDefinition {
  name: string;
  /** One sentence: what it means for cards and people, and what to do. It is the alarm's description. */
  impact: string;
  metric: Metric;
  periodSeconds: number;
  /** How many periods are looked at. */
  evaluationPeriods: number;
  comparison: "GreaterThanThreshold" | "LessThanThreshold";
  threshold: number;
  /** What a period without data means. */
  missingData: "notBreaching" | "breaching";
}

/** Cards that one share takes. @see https://docs.aws.amazon.com/general/latest/gr/ram.html */
const cardsPerShare = 5_000;

const fromEvents = (metricName: string, statistic: Metric["statistic"] = "Sum"): Metric => ({
  namespace: metricNamespace,
  metricName,
  dimensions: {},
  statistic,
});

const ofStateMachine = (metricName: string, deployment: Deployment): Metric => ({
  namespace: "AWS/States",
  metricName,
  dimensions: { StateMachineArn: stateMachineArn(deployment) },
  statistic: "Sum",
});

const ofMails = (metricName: string): Metric => ({
  namespace: "AWS/SES",
  metricName,
  dimensions: { "ses:configuration-set": configurationSetName },
  statistic: "Sum",
});

/** Something that must not happen even once: one data point above zero within five minutes. */
const never = {
  periodSeconds: 300,
  evaluationPeriods: 1,
  comparison: "GreaterThanThreshold",
  threshold: 0,
  missingData: "notBreaching",
} as const;

/** Every alarm, the gravest first. */
export function alarms(deployment: Deployment): AlarmDefinition[] {
  return [
    {
      ...never,
      name: "cardway-read-only-broken",
      impact:
        "Somebody in a read-only stage could update a production card: read the event ReadOnlyBroken for who and where, and take that permission or share away.",
      metric: fromEvents("ReadOnlyBroken"),
    },
    {
      ...never,
      name: "cardway-execution-failed",
      impact:
        "A card keeps the access or status of before, because an execution could not go on: its cause says why; redrive it once that is mended.",
      metric: ofStateMachine("ExecutionsFailed", deployment),
    },
    {
      ...never,
      name: "cardway-dead-letters",
      impact:
        "An event that should have started an execution was not delivered, so a card may have wrong access until its next change or the next sweep: read the message's attributes, mend the cause, and send it again.",
      metric: {
        namespace: "AWS/SQS",
        metricName: "ApproximateNumberOfMessagesVisible",
        dimensions: { QueueName: deadLetterQueueName },
        statistic: "Maximum",
      },
    },
    {
      ...never,
      name: "cardway-notification-failed",
      impact:
        "Somebody who has to decide or to hear was not told, after several tries, so a card may wait unseen: check their address in the settings and the sender in SES.",
      metric: fromEvents("NotificationsFailed"),
    },
    {
      ...never,
      name: "cardway-mail-bounced",
      impact:
        "A mail was taken by SES and not by the recipient's server, so an approver may not know that a card waits: correct the address in the settings.",
      metric: ofMails("Bounce"),
    },
    {
      ...never,
      name: "cardway-mail-complaint",
      impact:
        "A recipient's provider counts Cardway's mail as spam, so later mails may never arrive: speak to the recipient, and lift the suppression in SES.",
      metric: ofMails("Complaint"),
    },
    {
      ...never,
      name: "cardway-approval-page-errors",
      impact:
        "Approvers see an error instead of the card and cannot decide: read the function's log; links stay good and can be opened again.",
      metric: {
        namespace: "AWS/Lambda",
        metricName: "Errors",
        dimensions: { FunctionName: functionNameOf("approval-page") },
        statistic: "Sum",
      },
    },
  ];
}

/** Where a share is nearly full. */
export const shareNearQuota = Math.floor(cardsPerShare * 0.9);
