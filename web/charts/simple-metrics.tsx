import type { JSX } from "hono/jsx/jsx-runtime";
import { RowsTable } from "../content-tables.tsx";
import { describedBars, drawnBars } from "./bar-chart.tsx";
import type { Bar } from "./bar.ts";
import type { ChartAllowance } from "./chart-allowance.ts";
import { shortened } from "./chart-text.ts";
import { HorizontalBars } from "./horizontal-bars.tsx";
import { ChartFigure, ExactNumbers } from "./metric-figure.tsx";
import { type Domain, domainFromZero } from "./scale.ts";

type Row = Record<string, unknown>;
type NumberRow = Bar & { row: Row };

/** Metrics of one value each: numbers as bars on one scale, everything else as a table. */
export function SimpleMetrics({
  name,
  metrics,
  allowance,
}: {
  name: string;
  metrics: Row[];
  allowance: ChartAllowance;
}): JSX.Element {
  const numbers = metrics.flatMap(numberRow);
  const others = metrics.filter((metric) => numberRow(metric).length === 0);
  const { shown, remarks } = drawnBars(numbers);
  return (
    <>
      {numbers.length > 0 && (
        <ChartFigure
          allowance={allowance}
          chart={{
            marks: shown.length,
            wide: true,
            remarks,
            draw: (id) => (
              <HorizontalBars
                id={id}
                title={name}
                description={`Bars: ${describedBars(shown)}.`}
                bars={shown}
                domain={simpleDomain(shown.map(({ value }) => value))}
              />
            ),
          }}
        >
          <Notes rows={shown} />
          <ExactNumbers of={name} rowCount={numbers.length}>
            <RowsTable rows={numbers.map(({ row }) => withoutType(row))} />
          </ExactNumbers>
        </ChartFigure>
      )}
      {others.length > 0 && <RowsTable rows={others.map(withoutType)} />}
      {others.some(({ value }) => typeof value === "number" && !Number.isFinite(value)) && (
        <p class="small">Infinity stands for a number too large for this page; the JSON below has it.</p>
      )}
    </>
  );
}

/** Shares are shown on the scale from 0 to 1, so that half of a bar is half. */
export function simpleDomain(values: readonly number[]): Domain {
  return values.every((value) => value >= 0 && value <= 1) ? { low: 0, high: 1 } : domainFromZero(values);
}

function numberRow(row: Row): NumberRow[] {
  const { name, type, value } = row;
  const isNumber = type === undefined || type === "number";
  if (!isNumber || typeof value !== "number" || !Number.isFinite(value)) return [];
  return typeof name === "string" && name.trim() !== "" ? [{ label: name, value, row }] : [];
}

function withoutType({ type: _type, ...row }: Row): Row {
  return row;
}

function Notes({ rows }: { rows: NumberRow[] }): JSX.Element {
  const noted = rows.flatMap(({ label, row: { notes } }) =>
    typeof notes === "string" && notes.trim() !== "" ? [{ label, notes }] : [],
  );
  return (
    <>
      {noted.map(({ label, notes }) => (
        <p class="small text">
          {shortened(label)}: {notes}
        </p>
      ))}
    </>
  );
}
