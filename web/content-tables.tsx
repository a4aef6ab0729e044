import type { JSX } from "hono/jsx/jsx-runtime";
import { cellText, columnsOf } from "./content-rows.ts";
import type { MetricTable } from "./metrics.ts";
import { isBlank, memberName } from "./model-card-content.ts";

/** Numbers that a table of a metric shows. Beyond that nobody reads them, and the page would grow without end. */
const mostNumbers = 2000;
const mostColumns = 40;

/** The numbers of a metric, as many as a person may want to look up. */
export function NumbersTable({ table }: { table: MetricTable }): JSX.Element {
  const columns = table.columns.slice(0, mostColumns);
  const rows = table.rows.slice(0, Math.floor(mostNumbers / columns.length));
  return (
    <>
      <Scrollable label={table.name}>
        <table class="matrix">
          <caption class="visually-hidden">{table.name}</caption>
          <thead>
            <tr>
              {columns.map((column, index) => (
                <th scope="col" class={index === 0 ? undefined : "number"}>
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr>
                {row
                  .slice(0, mostColumns)
                  .map((cell, index) =>
                    index === 0 ? (
                      <th scope="row">{String(cell)}</th>
                    ) : (
                      <td class="number">{String(cell)}</td>
                    ),
                  )}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      {(rows.length < table.rows.length || columns.length < table.columns.length) && (
        <p class="small">There are more numbers than this table shows; the JSON below has them all.</p>
      )}
    </>
  );
}

/** Things of a kind that have plain members only, for example metrics and hyperparameters. */
export function RowsTable({ rows }: { rows: Record<string, unknown>[] }): JSX.Element {
  const columns = columnsOf(rows);
  const allNumbers = (column: string): boolean =>
    rows.every((row) => typeof row[column] === "number" || isBlank(row[column]));
  const numeric = new Set(columns.filter(allNumbers));
  const className = (column: string) => (numeric.has(column) ? "number" : undefined);
  return (
    <Scrollable label={columns.map((column) => memberName(column)).join(", ")}>
      <table>
        <thead>
          <tr>
            {columns.map((column) => (
              <th scope="col" class={className(column)}>
                {memberName(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr>
              {columns.map((column) => (
                <td class={className(column)}>{cellText(row[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

/** A wide table scrolls by itself, also with the keyboard. */
function Scrollable({ label, children }: { label: string; children: JSX.Element }): JSX.Element {
  return (
    <div class="scroll" role="group" aria-label={label} tabindex={0}>
      {children}
    </div>
  );
}
