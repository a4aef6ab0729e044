import type { Settings } from "../../functions/lifecycle/settings.ts";
import { alarmTopicPolicy } from "../definitions/alarm-topic.ts";
import { alarms } from "../definitions/alarms.ts";
import { dashboard, dashboardName } from "../definitions/dashboard.ts";
import { type Deployment, alarmTopicName } from "../definitions/deployment.ts";
import { eventFilterPattern, eventMetrics, metricNamespace } from "../definitions/event-metrics.ts";

/** The metrics that events become, the alarms, who hears of them, and the dashboard. */
export function createAlarms({
  place,
  settings,
  dataKey,
  log,
}: {
  place: Deployment;
  settings: Settings;
  dataKey: aws.kms.Key;
  /** Where the events of our bus are written down. */
  log: aws.cloudwatch.LogGroup;
}): void {
  const topic = new aws.sns.Topic("cardway-alarms", { name: alarmTopicName, kmsMasterKeyId: dataKey.id });
  new aws.sns.TopicPolicy("cardway-alarms", {
    arn: topic.arn,
    policy: JSON.stringify(alarmTopicPolicy(place)),
  });
  // Named by the address: SNS has one subscription for it, so under a number that moves, one operator's end would be another's.
  for (const endpoint of new Set(settings.deployment.operators)) {
    new aws.sns.TopicSubscription(`cardway-operator-${endpoint}`, {
      topic: topic.arn,
      protocol: "email",
      endpoint,
    });
  }
  for (const { metricName, event, value, unit, dimension } of eventMetrics) {
    new aws.cloudwatch.LogMetricFilter(`cardway-${metricName}`, {
      name: metricName,
      logGroupName: log.name,
      pattern: eventFilterPattern(event),
      metricTransformation: {
        namespace: metricNamespace,
        name: metricName,
        value,
        unit,
        ...(dimension && { dimensions: { [dimension.name]: dimension.place } }),
      },
    });
  }
  for (const alarm of alarms(place, settings)) {
    new aws.cloudwatch.MetricAlarm(alarm.name, {
      name: alarm.name,
      alarmDescription: alarm.impact,
      namespace: alarm.metric.namespace,
      metricName: alarm.metric.metricName,
      dimensions: alarm.metric.dimensions,
      statistic: alarm.metric.statistic,
      period: alarm.periodSeconds,
      evaluationPeriods: alarm.evaluationPeriods,
      comparisonOperator: alarm.comparison,
      threshold: alarm.threshold,
      treatMissingData: alarm.missingData,
      alarmActions: [topic.arn],
      okActions: [topic.arn],
    });
  }
  new aws.cloudwatch.Dashboard("cardway", {
    dashboardName,
    dashboardBody: JSON.stringify(dashboard(place, settings)),
  });
}
