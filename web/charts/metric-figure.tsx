import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { NumbersTable } from "../content-tables.tsx";
import { type Metric, metricTable } from "../metrics.ts";
import { barChart } from "./bar-chart.tsx";
import type { ChartAllowance } from "./chart-allowance.ts";
import { counted, shortened } from "./chart-text.ts";
import type { Chart } from "./drawing.tsx";
import { heatMap } from "./heat-map.tsx";
import { lineGraph } from "./line-graph.tsx";

/** A metric that is more than one value: drawn, with its notes and its exact numbers. */
export function MetricFigure({
  metric,
  allowance,
}: {
  metric: Metric;
  allowance: ChartAllowance;
}): JSX.Element {
  const { name, notes } = metric;
  const table = metricTable(metric);
  const shortName = shortened(name) || "a metric without a name";
  return (
    <ChartFigure name={name} chart={chartOf(metric)} allowance={allowance}>
      {notes !== undefined && <p class="small text">{notes}</p>}
      {table.rows.length === 0 ? (
        <p class="absent">no values given</p>
      ) : (
        <ExactNumbers of={shortName} rowCount={table.rows.length}>
          <NumbersTable table={{ ...table, name: shortName }} />
        </ExactNumbers>
      )}
    </ChartFigure>
  );
}

function chartOf(metric: Metric): Chart {
  if (metric.type === "linear_graph") return lineGraph(metric);
  return metric.type === "bar_chart" ? barChart(metric) : heatMap(metric);
}

/** A chart between its name and what belongs to it. */
export function ChartFigure({
  name,
  chart,
  allowance,
  children,
}: PropsWithChildren<{ name?: string; chart: Chart; allowance: ChartAllowance }>): JSX.Element {
  const id = chart.marks > 0 ? allowance(chart.marks) : undefined;
  const remarks =
    chart.marks > 0 && id === undefined
      ? ["Not drawn: this card has more charts than one page can show."]
      : chart.remarks;
  return (
    <figure class={chart.wide === true ? "metric wide" : "metric"}>
      {name !== undefined && <figcaption>{name}</figcaption>}
      {id !== undefined && chart.draw(id)}
      {remarks.map((remark) => (
        <p class="small">{remark}</p>
      ))}
      {children}
    </figure>
  );
}

/** A table of a chart's numbers, folded up. */
export function ExactNumbers({
  of,
  rowCount,
  children,
}: PropsWithChildren<{ of: string; rowCount: number }>): JSX.Element {
  return (
    <details class="exact">
      <summary>
        Exact numbers<span class="visually-hidden"> of {of}</span> ({counted(rowCount, "row")})
      </summary>
      {children}
    </details>
  );
}
