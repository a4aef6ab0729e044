import type { JSX } from "hono/jsx/jsx-runtime";
import type { Bar } from "./bar.ts";
import { lineHeight, shortNumber, textWidth, wrapped } from "./chart-text.ts";
import { Drawing, columnWidth, rounded } from "./drawing.tsx";
import { type Axis, axisOf, barOf, domainFromZero, fraction } from "./scale.ts";
import { HorizontalGrid, gutterOf } from "./horizontal-grid.tsx";

const plotTop = 34;
const plotHeight = 130;
const widestBar = 44;

/** Bars side by side on an axis that begins at zero. */
export function VerticalBars({
  id,
  title,
  description,
  bars,
  axisName,
}: {
  id: string;
  title: string;
  description: string;
  bars: readonly Bar[];
  axisName: string;
}): JSX.Element {
  const values = bars.map(({ value }) => value);
  const axis = valueAxis(values);
  const gutter = gutterOf(axis);
  const slotWidth = verticalSlotWidth(values);
  const barWidth = Math.min(widestBar, slotWidth * 0.68);
  const valuesFit = values.every((value) => textWidth(shortNumber(value)) <= slotWidth);
  const labels = bars.map(({ label }) => wrapped(label, slotWidth, 2));
  const labelLines = Math.max(1, ...labels.map((lines) => lines.length));
  // The value below a negative bar needs room as the one above a positive bar does.
  const plotBottom = plotTop + plotHeight + (axis.low < 0 && valuesFit ? lineHeight : 0);
  const yOf = (part: number): number => rounded(plotTop + (1 - part) * plotHeight);
  return (
    <Drawing
      id={id}
      title={title}
      description={description}
      width={columnWidth}
      height={plotBottom + labelLines * lineHeight + 6}
    >
      <text class="axis" y="12">
        {wrapped(axisName, columnWidth, 1)}
      </text>
      <HorizontalGrid axis={axis} gutter={gutter} yOf={yOf} />
      {bars.map(({ value }, index) => {
        const { start, length } = barOf(value, axis);
        const middle = gutter + (index + 0.5) * slotWidth;
        return (
          <>
            <rect
              class={value < 0 ? "bar below" : "bar"}
              x={rounded(middle - barWidth / 2)}
              y={yOf(start + length)}
              width={rounded(barWidth)}
              height={rounded(length * plotHeight)}
            />
            {valuesFit && (
              <text
                class="value"
                x={rounded(middle)}
                y={value < 0 ? yOf(start) + 13 : yOf(start + length) - 4}
                text-anchor="middle"
              >
                {shortNumber(value)}
              </text>
            )}
            {labels[index]?.map((line, number) => (
              <text x={rounded(middle)} y={plotBottom + 14 + number * lineHeight} text-anchor="middle">
                {line}
              </text>
            ))}
          </>
        );
      })}
      <line
        class="zero"
        x1={gutter}
        x2={columnWidth}
        y1={yOf(fraction(0, axis))}
        y2={yOf(fraction(0, axis))}
      />
    </Drawing>
  );
}

/** The room of a bar and its label. */
export function verticalSlotWidth(values: readonly number[]): number {
  return (columnWidth - gutterOf(valueAxis(values))) / Math.max(1, values.length);
}

function valueAxis(values: readonly number[]): Axis {
  return axisOf(domainFromZero(values), 4);
}
