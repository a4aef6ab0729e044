import type { Settings } from "../../functions/lifecycle/settings.ts";
import { type AlarmDefinition, alarms } from "./alarms.ts";
import { type Deployment, arnOf, eventLogGroupName } from "./deployment.ts";
import { eventMetric, eventMetrics } from "./event-metrics.ts";
import { functionsOf } from "./functions.ts";
import type { Metric } from "./metric.ts";

export const dashboardName = "cardway";

const columns = 24;

/**
 * What an operator looks at first: which alarms are raised and what that means, then what moves, then what was announced.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboard(deployment: Deployment, settings: Pick<Settings, "deployment">) {
  const all = alarms(deployment, settings);
  const graph = (title: string, metrics: Metric[], x: number, y: number) => ({
    type: "metric",
    x,
    y,
    width: columns / 3,
    height: 6,
    properties: {
      title,
      region: deployment.region,
      period: 300,
      view: "timeSeries",
      metrics: metrics.map(({ namespace, metricName, dimensions, statistic }) => [
        namespace,
        metricName,
        ...Object.entries(dimensions).flat(),
        { stat: statistic },
      ]),
    },
  });
  const ofFunctions = (metricName: string): Metric[] =>
    functionsOf(deployment).map(({ functionName }) => ({
      namespace: "AWS/Lambda",
      metricName,
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
    }));
  const announced = eventMetrics.map(({ metricName }) => eventMetric(metricName));
  return {
    widgets: [
      {
        type: "alarm",
        x: 0,
        y: 0,
        width: columns / 2,
        height: 6,
        properties: {
          title: "Alarms",
          alarms: all.map(({ name }) => arnOf("cloudwatch", `alarm:${name}`, deployment)),
        },
      },
      {
        type: "text",
        x: columns / 2,
        y: 0,
        width: columns / 2,
        height: 6,
        properties: { markdown: all.map(impactLine).join("\n") },
      },
      graph("What the workflow announces", announced, 0, 6),
      graph("Errors of functions", ofFunctions("Errors"), columns / 3, 6),
      graph("Throttled functions", ofFunctions("Throttles"), (2 * columns) / 3, 6),
      {
        type: "log",
        x: 0,
        y: 12,
        width: columns,
        height: 8,
        properties: {
          title: "Events",
          region: deployment.region,
          view: "table",
          query: `SOURCE '${eventLogGroupName}' | fields @timestamp, \`detail-type\`, detail.card.modelCardArn, detail.card.version, detail.card.status, detail.message | sort @timestamp desc | limit 100`,
        },
      },
    ],
  };
}

function impactLine({ name, impact }: AlarmDefinition): string {
  return `- **${name}**: ${impact}`;
}
