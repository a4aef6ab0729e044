import type { Metric } from "../metrics.ts";
import { counted, fitsIn, lineHeight, shortNumber, shortened, textWidth, wrapped } from "./chart-text.ts";
import { type Chart, Drawing, columnWidth, rounded } from "./drawing.tsx";
import { heatLevel } from "./heat.ts";
import { rangeOf } from "./scale.ts";

type Matrix = Extract<Metric, { type: "matrix" }>;

/** AWS's schema allows as many rows and as many columns. */
const mostLines = 20;
const cellHeight = 34;
const widestLabel = 96;
const widestCell = 110;

/** A cell for each number, with the stronger a colour the further the number is from zero. */
export function heatMap(matrix: Matrix): Chart {
  const columnLabels = matrix.columnLabels.slice(0, mostLines);
  const rows = matrix.rows
    .slice(0, mostLines)
    .map(({ label, values }) => ({ label, values: values.slice(0, mostLines) }));
  const values = rows.flatMap((row) => row.values);
  const drawable = values.filter(Number.isFinite);
  const tooLarge = values.length - drawable.length;
  const shown: Matrix = { ...matrix, columnLabels, rows };
  const layout = layoutOf(shown);
  return {
    marks: drawable.length === 0 ? 0 : values.length,
    wide: layout.width > columnWidth,
    remarks: [
      ...(drawable.some((value) => value < 0)
        ? ["The stronger the colour, the further from zero: blue above it, amber below."]
        : []),
      ...(tooLarge > 0 ? [`Without colour: ${counted(tooLarge, "value")} too large for a drawing.`] : []),
      ...(rows.length < matrix.rows.length || columnLabels.length < matrix.columnLabels.length
        ? [
            `Drawn are ${rows.length} of ${counted(matrix.rows.length, "row")} and ${columnLabels.length} of ${counted(matrix.columnLabels.length, "column")}, the first ones.`,
          ]
        : []),
    ],
    draw: (id) => <HeatMap id={id} matrix={shown} drawable={drawable} layout={layout} />,
  };
}

function HeatMap({
  id,
  matrix: { name, columnLabels, rows },
  drawable,
  layout: { gutter, cellWidth, width },
}: {
  id: string;
  matrix: Matrix;
  drawable: number[];
  layout: Layout;
}) {
  const { low, high } = rangeOf(drawable);
  const largestSize = Math.max(Math.abs(low), Math.abs(high));
  const headings = columnLabels.map((label) => wrapped(label, cellWidth - 4, 2));
  const top = Math.max(1, ...headings.map((lines) => lines.length)) * lineHeight + 4;
  const middleOf = (column: number): number => rounded(gutter + (column + 0.5) * cellWidth);
  return (
    <Drawing
      id={id}
      title={shortened(name)}
      description={`Matrix of ${counted(rows.length, "row")} and ${counted(columnLabels.length, "column")}, values from ${low} to ${high}.`}
      width={width}
      height={top + rows.length * cellHeight}
    >
      {headings.map((lines, column) =>
        lines.map((line, index) => (
          <text
            class="axis"
            x={middleOf(column)}
            y={top - 6 - (lines.length - 1 - index) * lineHeight}
            text-anchor="middle"
          >
            {line}
          </text>
        )),
      )}
      {rows.map(({ label, values }, row) => {
        const y = top + row * cellHeight;
        const lines = wrapped(label, gutter - 8, 2);
        return (
          <>
            {lines.map((line, index) => (
              <text
                class="axis"
                x={gutter - 8}
                y={y + cellHeight / 2 + 4 + (index - (lines.length - 1) / 2) * lineHeight}
                text-anchor="end"
              >
                {line}
              </text>
            ))}
            {values.map((value, column) => (
              <g class={heatClass(value, largestSize)}>
                <rect
                  x={rounded(gutter + column * cellWidth + 1)}
                  y={y + 1}
                  width={rounded(cellWidth - 2)}
                  height={cellHeight - 2}
                />
                <text x={middleOf(column)} y={y + cellHeight / 2 + 4} text-anchor="middle">
                  {cellText(value)}
                </text>
              </g>
            ))}
          </>
        );
      })}
    </Drawing>
  );
}

interface Layout {
  /** Room of the rows' labels. */
  gutter: number;
  cellWidth: number;
  width: number;
}

function layoutOf({ columnLabels, rows }: Matrix): Layout {
  const gutter =
    Math.ceil(Math.min(widestLabel, Math.max(...rows.map(({ label }) => labelWidth(label))))) + 8;
  const texts = rows.flatMap(({ values }) => values.map((value) => textWidth(cellText(value)) + 10));
  const needed = Math.ceil(
    Math.max(34, ...texts, ...columnLabels.map((label) => Math.min(widestLabel, labelWidth(label) + 4))),
  );
  const count = Math.max(1, columnLabels.length);
  if (gutter + needed * count > columnWidth)
    return { gutter, cellWidth: needed, width: gutter + needed * count };
  return { gutter, cellWidth: Math.min(widestCell, (columnWidth - gutter) / count), width: columnWidth };
}

/** The least room, in steps, in which a label can be had in two lines. */
function labelWidth(label: string): number {
  const steps = Array.from({ length: 12 }, (_, index) => 24 + 6 * index);
  return steps.find((width) => fitsIn(label, width, 2)) ?? widestLabel;
}

function cellText(value: number): string {
  return Number.isFinite(value) ? shortNumber(value) : "–";
}

function heatClass(value: number, largestSize: number): string {
  const level = Number.isFinite(value) ? heatLevel(value, largestSize) : 0;
  return `${level < 0 ? "cell below" : "cell"} heat-${Math.abs(level)}`;
}
