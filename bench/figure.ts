/** One row of the table: what was measured, and how it came out. */
export interface Row {
  what: string;
  result: string;
}

/** One thing to measure: `npm run bench -- --only` takes its name. */
export interface Figure {
  name: string;
  measure(): Promise<Row[]>;
}

/** The median and, in brackets, the least and the most of several measurements. */
export function medianOf(values: readonly number[], unit: string): string {
  const sorted = values.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const [least = Number.NaN, most = Number.NaN] = [sorted[0], sorted.at(-1)];
  if (sorted.length === 1) return `${rounded(median)} ${unit}`.trim();
  return `${[rounded(median), unit].join(" ").trim()} (${rounded(least)}-${rounded(most)}, ${sorted.length} runs)`;
}

/** Two digits that mean something for small numbers, whole ones for all others. */
export function rounded(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString("en-US");
}

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, result }) => `| ${what} | ${result} |`);
  return ["| figure | result |", "|---|---|", ...lines].join("\n");
}
