import type { Metric } from "../metrics.ts";
import { counted, lineHeight, shortened, textWidth, tickLabels, wrapped } from "./chart-text.ts";
import { type Chart, Drawing, columnWidth, rounded } from "./drawing.tsx";
import { HorizontalGrid, gutterOf } from "./horizontal-grid.tsx";
import { type Axis, type Domain, axisOf, domainOf, fraction, rangeOf } from "./scale.ts";
import { type Point, thinnedPoints } from "./thinned-points.ts";

const mostPoints = 300;
const mostDots = 24;
const plotTop = 30;
const plotHeight = 140;
const plotBottom = plotTop + plotHeight;

/** A line through the points in the card's order, which is not always that of x. */
export function lineGraph(metric: Extract<Metric, { type: "linear_graph" }>): Chart {
  const drawable = metric.points.filter((point) => point.every(Number.isFinite));
  const points = thinnedPoints(drawable, mostPoints);
  const tooLarge = metric.points.length - drawable.length;
  return {
    marks: points.length,
    remarks: [
      ...(tooLarge > 0
        ? [`Not drawn: ${counted(tooLarge, "point")} with a number too large for a drawing.`]
        : []),
      ...(points.length < drawable.length
        ? [
            `Drawn are ${points.length} of ${counted(drawable.length, "point")}, the lowest and highest of each stretch among them.`,
          ]
        : []),
    ],
    draw: (id) => <LineGraph id={id} metric={metric} points={points} />,
  };
}

function LineGraph({
  id,
  metric,
  points,
}: {
  id: string;
  metric: Extract<Metric, { type: "linear_graph" }>;
  points: readonly Point[];
}) {
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const yAxis = axisOf(domainOf(ys), 4);
  const gutter = gutterOf(yAxis);
  const { axis: xAxis, labels } = xAxisOf(domainOf(xs), columnWidth - gutter);
  const plotRight = columnWidth - Math.ceil(Math.max(6, textWidth(labels.at(-1) ?? "") / 2));
  const xOf = (x: number): number => rounded(gutter + fraction(x, xAxis) * (plotRight - gutter));
  const yOf = (part: number): number => rounded(plotTop + (1 - part) * plotHeight);
  const places = points.map(([x, y]) => ({ x: xOf(x), y: yOf(fraction(y, yAxis)) }));
  return (
    <Drawing
      id={id}
      title={shortened(metric.name)}
      description={`Line of ${counted(metric.points.length, "point")}: ${described(metric.xAxisName, xs)}, ${described(metric.yAxisName, ys)}.`}
      width={columnWidth}
      height={plotBottom + 2 * lineHeight + 12}
    >
      <text class="axis" y="12">
        {wrapped(metric.yAxisName, columnWidth, 1)}
      </text>
      <HorizontalGrid axis={yAxis} gutter={gutter} yOf={yOf} />
      {xAxis.ticks.map((tick, index) => (
        <>
          <line class="zero" x1={xOf(tick)} x2={xOf(tick)} y1={plotBottom} y2={plotBottom + 4} />
          <text class="axis" x={xOf(tick)} y={plotBottom + 19} text-anchor="middle">
            {labels[index]}
          </text>
        </>
      ))}
      <line class="zero" x1={gutter} x2={columnWidth} y1={plotBottom} y2={plotBottom} />
      <text class="axis" x={columnWidth} y={plotBottom + 22 + lineHeight} text-anchor="end">
        {wrapped(metric.xAxisName, columnWidth, 1)}
      </text>
      <path class="line" d={`M${places.map(({ x, y }) => `${x},${y}`).join("L")}`} />
      {places.length <= mostDots && places.map(({ x, y }) => <circle class="dot" cx={x} cy={y} r="3" />)}
    </Drawing>
  );
}

function described(axisName: string, values: number[]): string {
  const { low, high } = rangeOf(values);
  return `${shortened(axisName)} from ${low} to ${high}`;
}

/** As many ticks as have room for their numbers beside each other. */
function xAxisOf(domain: Domain, width: number): { axis: Axis; labels: string[] } {
  const choices = [5, 4, 2, 1].map((steps) => {
    const axis = axisOf(domain, steps);
    return { axis, labels: tickLabels(axis.ticks) };
  });
  const roomy = choices.find(
    ({ labels }) => labels.length * (Math.max(...labels.map(textWidth)) + 8) <= width,
  );
  const { low, high } = domain;
  return roomy ?? { axis: { low, high, ticks: [low, high] }, labels: tickLabels([low, high]) };
}
