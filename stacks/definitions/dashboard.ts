import type { Settings } from "../../functions/lifecycle/settings.ts";
import { type AlarmDefinition, alarms, openDeadLetters } from "./alarms.ts";
import { type Deployment, arnOf, eventLogGroupName } from "./deployment.ts";
import { eventMetric, eventMetricSearch } from "./event-metrics.ts";
import { functionsOf } from "./functions.ts";
import type { Metric } from "./metric.ts";
import { deadLetterQueues } from "./rules.ts";

export const dashboardName = "cardway";

const columns = 24;
const graphsInRow = 3;
const graphWidth = columns / graphsInRow;
const height = 6;
const periodSeconds = 300;

/** How durations are shown: what is usual, what is slow, and the worst. */
const statistics = ["p50", "p90", "Maximum"] as const;

/** One line of a graph. */
function line({ namespace, metricName, dimensions, statistic }: Metric): unknown[] {
  return [namespace, metricName, ...Object.entries(dimensions).flat(), { stat: statistic }];
}

/** A line for every value of the metric's dimension. */
function linesOf(metricName: Parameters<typeof eventMetricSearch>[0]): unknown[] {
  return [{ expression: eventMetricSearch(metricName, periodSeconds) }];
}

/** Faults of every function. */
function ofFunctions(metricName: "Errors" | "Throttles", deployment: Deployment): Metric[] {
  return functionsOf(deployment).map(({ functionName }) => ({
    namespace: "AWS/Lambda",
    metricName,
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
  }));
}

/**
 * What an operator looks at first: which alarms are raised and what that means, then what moves, then what was announced.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
export function dashboard(deployment: Deployment, settings: Pick<Settings, "deployment">) {
  const all = alarms(deployment, settings);
  const graphs: [title: string, lines: unknown[][]][] = [
    ["Promotions, by outcome", [linesOf("PromotionsCompleted")]],
    [
      "From a card's change to access, in seconds",
      statistics.map((statistic) => line(eventMetric("AccessDuration", statistic))),
    ],
    ["Failures, by cause", [linesOf("PromotionsFailed")]],
    ["Approvals that ended, by outcome", [linesOf("ApprovalsEnded")]],
    [
      "How long approvals were open, in seconds",
      statistics.map((statistic) => line(eventMetric("ApprovalAge", statistic))),
    ],
    [
      "What needs somebody",
      [
        line(eventMetric("ReadOnlyBroken")),
        line(eventMetric("NotificationsFailed")),
        line(eventMetric("AccessWaits")),
        line(eventMetric("StuckExecutions", "Maximum")),
      ],
    ],
    [
      "Sweeps, what they found and what their promotions have repaired",
      [
        line(eventMetric("SweepsCompleted")),
        line(eventMetric("CardsDiffering")),
        line(eventMetric("CardsRepaired")),
      ],
    ],
    [
      "Open dead letters",
      deadLetterQueues(deployment).map(({ queueName }) => line(openDeadLetters(queueName))),
    ],
    ["Cards in the fullest share", [line(eventMetric("CardsInFullestShare", "Maximum"))]],
    ["Errors of functions", ofFunctions("Errors", deployment).map(line)],
    ["Throttled functions", ofFunctions("Throttles", deployment).map(line)],
  ];
  return {
    widgets: [
      {
        type: "alarm",
        x: 0,
        y: 0,
        width: columns / 2,
        height,
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
        height,
        properties: { markdown: all.map(impactLine).join("\n") },
      },
      ...graphs.map(([title, metrics], index) => ({
        type: "metric",
        x: (index % graphsInRow) * graphWidth,
        y: (1 + Math.floor(index / graphsInRow)) * height,
        width: graphWidth,
        height,
        properties: { title, region: deployment.region, period: periodSeconds, view: "timeSeries", metrics },
      })),
      {
        type: "log",
        x: 0,
        y: (1 + Math.ceil(graphs.length / graphsInRow)) * height,
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
