import { AccessWaiting } from "../../events/access-waiting.ts";
import { NotificationFailed } from "../../events/notification-failed.ts";
import { PromotionCompleted } from "../../events/promotion-completed.ts";
import { PromotionFailed } from "../../events/promotion-failed.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import { SweepCompleted } from "../../events/sweep-completed.ts";
import type { Metric } from "./metric.ts";

/** Namespace of the metrics that our own events become. */
export const metricNamespace = "Cardway";

/**
 * A metric that CloudWatch Logs makes of the events on our bus: what is announced is what is counted, and nothing counts twice.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
interface EventMetric {
  metricName: string;
  detailType: string;
  /** What one event counts for: `1`, or a number in it, for example `$.detail.scanned`. */
  value: string;
}

export const eventMetrics = [
  { metricName: "PromotionsCompleted", detailType: PromotionCompleted.detailType, value: "1" },
  { metricName: "PromotionsFailed", detailType: PromotionFailed.detailType, value: "1" },
  { metricName: "NotificationsFailed", detailType: NotificationFailed.detailType, value: "1" },
  { metricName: "ReadOnlyBroken", detailType: ReadOnlyBroken.detailType, value: "1" },
  { metricName: "AccessWaits", detailType: AccessWaiting.detailType, value: "1" },
  { metricName: "SweepsCompleted", detailType: SweepCompleted.detailType, value: "1" },
  { metricName: "CardsDiffering", detailType: SweepCompleted.detailType, value: "$.detail.differing" },
  { metricName: "StuckExecutions", detailType: SweepCompleted.detailType, value: "$.detail.stuckExecutions" },
  {
    metricName: "CardsInFullestShare",
    detailType: SweepCompleted.detailType,
    value: "$.detail.cardsInFullestShare",
  },
] as const satisfies readonly EventMetric[];

/** A metric of events as alarms and the dashboard name it. */
export function eventMetric(
  metricName: (typeof eventMetrics)[number]["metricName"],
  statistic: Metric["statistic"] = "Sum",
): Metric {
  return { namespace: metricNamespace, metricName, dimensions: {}, statistic };
}

/** Matches the events of one kind in the log of the bus. */
export function eventFilterPattern(detailType: string): string {
  return `{ $.detail-type = "${detailType}" }`;
}
