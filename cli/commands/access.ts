import * as z from "zod";
import { modelCardStatuses } from "../../events/model-card.ts";
import {
  type Matrix,
  type MatrixCell,
  type MatrixRow,
  readAccessMatrix,
} from "../../queries/access-matrix.ts";
import { type Context, type ExitCode, defineCommand } from "../command.ts";
import { type Cell, table } from "../layout.ts";
import { LimitSchema } from "../paging.ts";
import type { Emphasis, Screen } from "../screen.ts";

const OptionsSchema = z.object({
  status: z.enum(modelCardStatuses, `must be one of ${modelCardStatuses.join(", ")}`).optional(),
  name: z.string().min(1, "must be a part of the name").optional(),
  limit: LimitSchema.default(50),
});

export const accessCommand = defineCommand({
  syntax: "access",
  summary: "which account has which access to which card, as RAM shows it now",
  exitsWith1: "access of one differs from what was announced last, or a read-only stage could write",
  options: [
    ["--status <status>", "only cards of this status"],
    ["--name <text>", "only cards with this in their name"],
    ["--limit <n>", "at most so many (50)"],
  ],
  schema: OptionsSchema,
  run,
});

async function run(
  { status, name, limit }: z.output<typeof OptionsSchema>,
  context: Context,
): Promise<ExitCode> {
  const { sources, place } = await context.connect();
  const rows: MatrixRow[] = [];
  let matrix: Matrix;
  let nextToken: string | undefined;
  do {
    // RAM is asked about each card of a page at once, so pages stay small.
    const pageSize = Math.min(10, limit - rows.length);
    matrix = await readAccessMatrix({ status, nameContains: name, nextToken, limit: pageSize }, sources);
    rows.push(...matrix.rows);
    context.progress.show(rows.length, 0, "cards");
    ({ nextToken } = matrix);
  } while (nextToken !== undefined && rows.length < limit);
  context.progress.end();
  const all = { ...matrix, rows };
  context.answer({ ...place, ...all }, () => accessWords(all, context.screen));
  return rows.some(({ cells }) => Object.values(cells).some(isWrong)) ? 1 : 0;
}

function isWrong({ state }: MatrixCell): boolean {
  return state === "differs" || state === "broken";
}

const marks: Record<MatrixCell["state"], { mark: string; meaning: string; emphasis: Emphasis }> = {
  "as-announced": { mark: "", meaning: "", emphasis: "good" },
  changing: { mark: "~", meaning: "RAM is at work on it", emphasis: "strong" },
  waiting: { mark: "…", meaning: "it waits: cardway card NAME says for what", emphasis: "warning" },
  differs: { mark: "≠", meaning: "not what was announced last: cardway look NAME", emphasis: "bad" },
  broken: { mark: "!", meaning: "somebody in a read-only stage could write", emphasis: "bad" },
};

/** Cards down, accounts across; below it what its marks mean. */
export function accessWords({ accounts, rows, nextToken }: Matrix, screen: Screen): string {
  if (rows.length === 0) return "There are no such cards.\n";
  const columns = [
    { title: "card" },
    { title: "status" },
    ...accounts.map(({ accountId, stages }) => ({ title: `${stages.join(", ")} ${accountId}` })),
  ];
  const body = rows.map(({ modelCardName, status, cells }): Cell[] => [
    modelCardName,
    status,
    ...accounts.map(({ accountId }) => cellOf(cells[accountId])),
  ]);
  const used = new Set(rows.flatMap(({ cells }) => Object.values(cells).map(({ state }) => state)));
  const legend = Object.entries(marks)
    .filter(([state, { mark }]) => mark !== "" && [...used].some((one) => one === state))
    .map(([, { mark, meaning }]) => `${mark} ${meaning}\n`);
  const more = nextToken === undefined ? "" : "\nThere are more cards: --limit and --name show them.\n";
  return `${table(columns, body, screen)}${legend.length === 0 ? "" : `\n${legend.join("")}`}${more}`;
}

function cellOf(cell: MatrixCell | undefined): Cell {
  if (cell === undefined) return "-";
  const { live, state } = cell;
  const { mark, emphasis } = marks[state];
  return { text: `${live === "none" ? "-" : live}${mark === "" ? "" : ` ${mark}`}`, emphasis };
}
