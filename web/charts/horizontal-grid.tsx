import type { JSX } from "hono/jsx/jsx-runtime";
import { textWidth, tickLabels } from "./chart-text.ts";
import { columnWidth, rounded } from "./drawing.tsx";
import { type Axis, fraction } from "./scale.ts";

/** Lines across the plot at an axis's ticks, with their numbers to the left. */
export function HorizontalGrid({
  axis,
  gutter,
  yOf,
}: {
  axis: Axis;
  gutter: number;
  /** Where a fraction of the axis stands. */
  yOf: (part: number) => number;
}): JSX.Element {
  const labels = tickLabels(axis.ticks);
  return (
    <>
      {axis.ticks.map((tick, index) => {
        const y = yOf(fraction(tick, axis));
        return (
          <>
            <line class="grid" x1={gutter} x2={columnWidth} y1={y} y2={y} />
            <text class="axis" x={gutter - 6} y={rounded(y + 4)} text-anchor="end">
              {labels[index]}
            </text>
          </>
        );
      })}
    </>
  );
}

/** The room to the left of a plot that the numbers of its axis need. */
export function gutterOf({ ticks }: Axis): number {
  return Math.ceil(Math.max(0, ...tickLabels(ticks).map(textWidth))) + 8;
}
