import { isScalar } from "./model-card-content.ts";

/** Rows and columns of a metric that is more than one value. */
export interface MetricTable {
  name: string;
  notes: string | undefined;
  /** Headings of the columns; the first is that of the row headings. */
  columns: string[];
  /** Each with its heading first. */
  rows: (string | number)[][];
}

/**
 * The table of a `linear_graph`, `bar_chart` or `matrix` metric; `undefined` where its value has not the shape that its type
 * promises, which SageMaker does not check.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards.html
 */
export function metricTable(metric: Record<string, unknown>): MetricTable | undefined {
  const { name, notes, type, value, x_axis_name: x, y_axis_name: y } = metric;
  if (typeof name !== "string" || !Array.isArray(value)) return undefined;
  const lines: unknown[] = value;
  const about = { name, notes: typeof notes === "string" && notes !== "" ? notes : undefined };
  if (type === "linear_graph") {
    const rows = numberRows(lines);
    if (rows === undefined || rows.some((row) => row.length !== 2)) return undefined;
    return { ...about, columns: [axis(x, "x"), axis(y, "y")], rows };
  }
  if (type === "bar_chart") {
    const rows = numberRows(lines.map((number) => [number]));
    if (rows === undefined || !fits(x, rows.length)) return undefined;
    return {
      ...about,
      columns: ["", axis(y, "Value")],
      rows: rows.map((row, index) => [label(x, index), ...row]),
    };
  }
  if (type === "matrix") {
    const rows = numberRows(lines);
    const width = rows?.[0]?.length ?? 0;
    if (rows === undefined || rows.some((row) => row.length !== width)) return undefined;
    if (!fits(x, width) || !fits(y, rows.length)) return undefined;
    return {
      ...about,
      columns: ["", ...Array.from({ length: width }, (_, index) => label(x, index))],
      rows: rows.map((row, index) => [label(y, index), ...row]),
    };
  }
  return undefined;
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

function axis(name: unknown, otherwise: string): string {
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
