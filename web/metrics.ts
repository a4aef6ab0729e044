import { isScalar } from "./model-card-content.ts";

/** The members of a card that list metrics. */
export const metricLists: ReadonlySet<string> = new Set([
  "metric_data",
  "training_metrics",
  "user_provided_training_metrics",
]);

/** A metric that is more than one value. Its numbers may be infinite: JSON's `1e999` is read as `Infinity`. */
export type Metric = { name: string; notes: string | undefined } & (
  | { type: "linear_graph"; xAxisName: string; yAxisName: string; points: [x: number, y: number][] }
  | { type: "bar_chart"; yAxisName: string; bars: { label: string; value: number }[] }
  | { type: "matrix"; columnLabels: string[]; rows: { label: string; values: number[] }[] }
);

/** Rows and columns of a metric. */
export interface MetricTable {
  name: string;
  /** Headings of the columns; the first is that of the row headings. */
  columns: string[];
  /** Each with its heading first. */
  rows: (string | number)[][];
}

/**
 * A `linear_graph`, `bar_chart` or `matrix` metric; `undefined` where its value has not the shape that its type promises,
 * which SageMaker does not check.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards.html
 */
export function readMetric(metric: Record<string, unknown>): Metric | undefined {
  const { name, notes, type, value, x_axis_name: x, y_axis_name: y } = metric;
  if (typeof name !== "string" || !Array.isArray(value)) return undefined;
  const lines: unknown[] = value;
  const about = { name, notes: typeof notes === "string" && notes !== "" ? notes : undefined };
  if (type === "linear_graph") {
    const points = numberRows(lines)?.flatMap(pair);
    if (points?.length !== lines.length) return undefined;
    return { ...about, type, xAxisName: axisName(x, "x"), yAxisName: axisName(y, "y"), points };
  }
  if (type === "bar_chart") {
    const values = lines.filter((number) => typeof number === "number");
    if (values.length !== lines.length || !fits(x, values.length)) return undefined;
    const bars = values.map((value, index) => ({ label: label(x, index), value }));
    return { ...about, type, yAxisName: axisName(y, "Value"), bars };
  }
  if (type === "matrix") {
    const rows = numberRows(lines);
    const width = rows?.[0]?.length ?? 0;
    if (rows === undefined || rows.some((row) => row.length !== width)) return undefined;
    if (!fits(x, width) || !fits(y, rows.length)) return undefined;
    return {
      ...about,
      type,
      columnLabels: Array.from({ length: width }, (_, index) => label(x, index)),
      rows: rows.map((values, index) => ({ label: label(y, index), values })),
    };
  }
  return undefined;
}

export function metricTable(metric: Metric): MetricTable {
  const { name } = metric;
  if (metric.type === "linear_graph")
    return { name, columns: [metric.xAxisName, metric.yAxisName], rows: metric.points };
  if (metric.type === "bar_chart")
    return {
      name,
      columns: ["", metric.yAxisName],
      rows: metric.bars.map(({ label, value }) => [label, value]),
    };
  return {
    name,
    columns: ["", ...metric.columnLabels],
    rows: metric.rows.map(({ label, values }) => [label, ...values]),
  };
}

function numberRows(lines: unknown[]): number[][] | undefined {
  const rows = lines.map((line) =>
    Array.isArray(line) ? line.filter((cell) => typeof cell === "number") : [],
  );
  const complete = rows.every((row, index) => {
    const line = lines[index];
    return Array.isArray(line) && row.length > 0 && row.length === line.length;
  });
  return complete ? rows : undefined;
}

function pair(row: number[]): [number, number][] {
  const [x, y] = row;
  return row.length === 2 && x !== undefined && y !== undefined ? [[x, y]] : [];
}

function axisName(name: unknown, otherwise: string): string {
  return isScalar(name) && name !== "" ? String(name) : otherwise;
}

/** Whether there are no labels, or one for each. */
function fits(labels: unknown, count: number): boolean {
  return labels === undefined || (Array.isArray(labels) && labels.length === count && labels.every(isScalar));
}

function label(labels: unknown, index: number): string {
  const found: unknown = Array.isArray(labels) ? labels[index] : undefined;
  return isScalar(found) ? String(found) : String(index + 1);
}
