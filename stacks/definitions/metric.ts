/** A CloudWatch metric, as alarms and the dashboard name it. */
export interface Metric {
  namespace: string;
  metricName: string;
  dimensions: Record<string, string>;
  statistic: Statistic;
}

export type Statistic = "Sum" | "Maximum" | "p50" | "p90";
