import type { Settings } from "../../functions/lifecycle/settings.ts";
import {
  type Deployment,
  configurationSetName,
  stateMachineArn,
  sweepStateMachineArn,
} from "./deployment.ts";
import { eventMetric } from "./event-metrics.ts";
import { consoleFunctions, functionNameOf } from "./functions.ts";
import type { Metric } from "./metric.ts";
import { deadLetterQueues } from "./rules.ts";

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

/** Cards in a share from which on somebody should hear of it. */
const shareNearQuota = cardsPerShare * 0.9;

const ofStateMachine = (metricName: string, StateMachineArn: string): Metric => ({
  namespace: "AWS/States",
  metricName,
  dimensions: { StateMachineArn },
  statistic: "Sum",
});

const ofMails = (metricName: string): Metric => ({
  namespace: "AWS/SES",
  metricName,
  dimensions: { "ses:configuration-set": configurationSetName },
  statistic: "Sum",
});

const errorsOf = (FunctionName: string): Metric => ({
  namespace: "AWS/Lambda",
  metricName: "Errors",
  dimensions: { FunctionName },
  statistic: "Sum",
});

/** How many events wait in a dead-letter queue, as SQS itself counts them. */
export function openDeadLetters(queueName: string): Metric {
  return {
    namespace: "AWS/SQS",
    metricName: "ApproximateNumberOfMessagesVisible",
    dimensions: { QueueName: queueName },
    statistic: "Maximum",
  };
}

/** Something that must not happen even once: one data point above zero within five minutes. */
const never = {
  periodSeconds: 300,
  evaluationPeriods: 1,
  comparison: "GreaterThanThreshold",
  threshold: 0,
  missingData: "notBreaching",
} as const;

/** Every alarm, the gravest first. */
export function alarms(deployment: Deployment, settings: Pick<Settings, "deployment">): AlarmDefinition[] {
  const sweepSeconds = settings.deployment.sweepEveryHours * 3_600;
  return [
    {
      ...never,
      name: "cardway-read-only-broken",
      impact:
        "Somebody in a read-only stage could update a production card, or did: read the event ReadOnlyBroken for who and where, and take that permission or share away; UpdateReverted says what was set back.",
      metric: eventMetric("ReadOnlyBroken"),
    },
    {
      ...never,
      name: "cardway-execution-failed",
      impact:
        "A card keeps the access or status of before, because an execution could not go on: its cause says why; redrive it once that is mended.",
      metric: ofStateMachine("ExecutionsFailed", stateMachineArn(deployment)),
    },
    {
      ...never,
      name: "cardway-access-waiting",
      impact:
        "A stage does not have its access to a card yet, or has kept it for longer than it should, because RAM or an invitation keeps it back: the event AccessWaiting says which card and what to do.",
      metric: eventMetric("AccessWaits"),
    },
    ...deadLetterQueues(deployment).map(({ queueName, ruleName }): AlarmDefinition => ({
      ...never,
      name: queueName,
      impact: `An event of the rule ${ruleName} started nothing, so a card may have wrong access until its next change or the next sweep: npx cardway dead-letters says why, and with --redrive starts the work once that is mended.`,
      metric: openDeadLetters(queueName),
    })),
    {
      ...never,
      name: "cardway-notification-failed",
      impact:
        "Somebody who has to decide or to hear was not told, after several tries, so a card may wait unseen: check their address in the settings and the sender in SES.",
      metric: eventMetric("NotificationsFailed"),
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
      metric: errorsOf(functionNameOf("approval-page")),
    },
    ...(deployment.consoleUrl === undefined ? [] : consoleFunctions).map(
      ({ functionName }): AlarmDefinition => ({
        ...never,
        name: `${functionName}-errors`,
        impact: `Somebody could not get into the operations console, or saw an error there, while cards and approvals went on: read the log of the function ${functionName}.`,
        metric: errorsOf(functionName),
      }),
    ),
    {
      ...never,
      name: "cardway-execution-stuck",
      impact:
        "An execution runs for longer than any approval may take, so its card moves no further: look where it waits, stop it, and start another one for the card.",
      metric: eventMetric("StuckExecutions", "Maximum"),
    },
    {
      ...never,
      name: "cardway-sweep-failed",
      impact:
        "The comparison of all cards broke off, so a lost event stays unrepaired until the next one: the failed execution's cause says why.",
      metric: ofStateMachine("ExecutionsFailed", sweepStateMachineArn(deployment)),
    },
    {
      name: "cardway-sweep-late",
      impact:
        "No comparison of all cards has ended for two of its intervals, so lost events go unnoticed: see whether the rule cardway-sweep is enabled and what its last execution waits for.",
      metric: eventMetric("SweepsCompleted"),
      // Whole days, where the interval is longer than one: CloudWatch looks back for a week at most, which sweepEveryHours keeps to.
      periodSeconds: Math.min(sweepSeconds, 86_400),
      evaluationPeriods: Math.ceil((2 * sweepSeconds) / Math.min(sweepSeconds, 86_400)),
      comparison: "LessThanThreshold",
      threshold: 1,
      missingData: "breaching",
    },
    {
      ...never,
      name: "cardway-share-near-quota",
      impact: `A share holds more than ${shareNearQuota} of the ${cardsPerShare} cards that it takes; Cardway opens another once it is full, until the Region's quota of associations is used up: ask RAM for a higher quota in time, or archive cards.`,
      metric: eventMetric("CardsInFullestShare", "Maximum"),
      threshold: shareNearQuota,
    },
  ];
}
