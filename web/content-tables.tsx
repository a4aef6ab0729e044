import type { JSX } from "hono/jsx/jsx-runtime";
import type { MetricTable } from "./metrics.ts";
import { inReadingOrder, isBlank, isScalar, memberName } from "./model-card-content.ts";

/** A longer table of a graph is folded up. */
const rowsShown = 12;

/** A metric that is more than one value, as a table of its own. */
export function MetricFigure({ table }: { table: MetricTable }): JSX.Element {
  const { name, notes, columns, rows } = table;
  const grid = (
    <Scrollable label={name}>
      <table class="matrix">
        {rows.length <= rowsShown && <caption>{name}</caption>}
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
          {rows.map(([heading, ...cells]) => (
            <tr>
              <th scope="row">{String(heading ?? "")}</th>
              {cells.map((cell) => (
                <td class="number">{String(cell)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
  return (
    <div class="entry-figure">
      {rows.length <= rowsShown ? (
        grid
      ) : (
        <details>
          <summary>
            {name} ({rows.length} rows)
          </summary>
          {grid}
        </details>
      )}
      {notes !== undefined && <p class="small text">{notes}</p>}
    </div>
  );
}

/** Things of a kind that have plain members only, for example metrics and hyperparameters. */
export function RowsTable({ rows }: { rows: Record<string, unknown>[] }): JSX.Element {
  const columns = inReadingOrder(Object.fromEntries(rows.flatMap(Object.entries))).map(([member]) => member);
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
    <div class="scroll" role="region" aria-label={label} tabindex={0}>
      {children}
    </div>
  );
}

/** Whether a thing has plain members only. */
export function isRow(members: Record<string, unknown>): boolean {
  return Object.values(members).every((value) => isScalar(value) || value === null);
}

function cellText(value: unknown): string {
  return isScalar(value) ? String(value) : "";
}
