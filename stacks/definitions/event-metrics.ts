import type * as z from "zod";
import { AccessGranted } from "../../events/access-granted.ts";
import { AccessWaiting } from "../../events/access-waiting.ts";
import { ApprovalDecided, RequestOutcomeSchema } from "../../events/approval-decided.ts";
import type { EventDefinition } from "../../events/define-event.ts";
import { NotificationFailed } from "../../events/notification-failed.ts";
import { PromotionCompleted } from "../../events/promotion-completed.ts";
import { PromotionFailed } from "../../events/promotion-failed.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import { SweepCompleted } from "../../events/sweep-completed.ts";
import type { Metric, Statistic } from "./metric.ts";

/** Namespace of the metrics that our own events become. */
export const metricNamespace = "Cardway";

/**
 * A metric that CloudWatch Logs makes of the events on our bus: what is announced is what is counted, and nothing counts twice.
 * Places in an event are written as `$.detail.scanned`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
interface EventMetric {
  metricName: string;
  event: EventDefinition<z.ZodType>;
  /** What one event counts for: `1`, or the place of a number in it; an event without that number does not count. */
  value: string;
  unit: "Count" | "Seconds";
  /** What tells events of one kind apart: each value is a metric of its own. */
  dimension?: {
    name: string;
    place: string;
    /** All values that there are; left out for errors, whose names only code bounds. */
    values?: readonly string[];
  };
}

const outcome = (values: readonly string[]) => ({ name: "Outcome", place: "$.detail.outcome", values });

const declared = [
  {
    metricName: "PromotionsCompleted",
    event: PromotionCompleted,
    value: "1",
    unit: "Count",
    dimension: outcome(PromotionCompleted.detail.shape.outcome.options),
  },
  {
    metricName: "PromotionsFailed",
    event: PromotionFailed,
    value: "1",
    unit: "Count",
    dimension: { name: "Error", place: "$.detail.error" },
  },
  { metricName: "AccessDuration", event: AccessGranted, value: "$.detail.durationSeconds", unit: "Seconds" },
  {
    metricName: "ApprovalsEnded",
    event: ApprovalDecided,
    value: "1",
    unit: "Count",
    dimension: outcome(RequestOutcomeSchema.options),
  },
  { metricName: "ApprovalAge", event: ApprovalDecided, value: "$.detail.ageSeconds", unit: "Seconds" },
  { metricName: "NotificationsFailed", event: NotificationFailed, value: "1", unit: "Count" },
  { metricName: "ReadOnlyBroken", event: ReadOnlyBroken, value: "1", unit: "Count" },
  { metricName: "AccessWaits", event: AccessWaiting, value: "1", unit: "Count" },
  { metricName: "SweepsCompleted", event: SweepCompleted, value: "1", unit: "Count" },
  { metricName: "CardsDiffering", event: SweepCompleted, value: "$.detail.differing", unit: "Count" },
  { metricName: "CardsRepaired", event: SweepCompleted, value: "$.detail.repaired", unit: "Count" },
  { metricName: "StuckExecutions", event: SweepCompleted, value: "$.detail.stuckExecutions", unit: "Count" },
  {
    metricName: "CardsInFullestShare",
    event: SweepCompleted,
    value: "$.detail.cardsInFullestShare",
    unit: "Count",
  },
] as const satisfies readonly EventMetric[];

export const eventMetrics: readonly EventMetric[] = declared;

/** How many metrics CloudWatch may ask money for in one hour, in which promotions fail for one cause at most. */
export const eventMetricCount = eventMetrics.reduce(
  (count, { dimension }) => count + (dimension?.values?.length ?? 1),
  0,
);

type Declared = (typeof declared)[number];
type WithDimension = Extract<Declared, { dimension: object }>;

/** A metric of events as alarms and the dashboard name it. */
export function eventMetric(
  metricName: Exclude<Declared, WithDimension>["metricName"],
  statistic: Statistic = "Sum",
): Metric {
  return { namespace: metricNamespace, metricName, dimensions: {}, statistic };
}

/**
 * Finds one sum for every value that a metric's dimension has had, so that a graph has a line for each.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
export function eventMetricSearch(metricName: WithDimension["metricName"], periodSeconds: number): string {
  const names = eventMetrics.flatMap((metric) =>
    metric.metricName === metricName ? [metric.dimension?.name] : [],
  );
  return `SEARCH('{${[metricNamespace, ...names].join()}} MetricName="${metricName}"', 'Sum', ${periodSeconds})`;
}

/** Matches the events of one kind in the log of the bus. */
export function eventFilterPattern({ detailType }: EventMetric["event"]): string {
  return `{ $.detail-type = "${detailType}" }`;
}
