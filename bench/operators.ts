import { readAccessMatrix } from "../queries/access-matrix.ts";
import { readMatters } from "../queries/attention.ts";
import { readCards } from "../queries/cards.ts";
import { readExecutions } from "../queries/executions.ts";
import { readStatus } from "../queries/status.ts";
import { type Figure, type Row, medianOf } from "./figure.ts";
import { createLargeAccount } from "./large-account.ts";

const cards = 10_000;
const executions = 100_000;
const runs = 20;

/** How long operators wait for lists of a large account. */
export const operators: Figure = {
  name: "operators",
  async measure(): Promise<Row[]> {
    const { cloud, sources } = await createLargeAccount(cards, executions);
    const lists: [string, () => Promise<unknown>][] = [
      ["first page of cards in review", () => readCards({ status: "PendingReview", limit: 50 }, sources)],
      ["what needs a person, 100 cards", () => readMatters(sources)],
      ["first page of executions", () => readExecutions({ workflow: "promotion", limit: 50 }, sources)],
      ["first page of the access matrix, 25 cards", () => readAccessMatrix({ limit: 25 }, sources)],
    ];
    const rows: Row[] = [];
    for (const [what, read] of lists) {
      const times: number[] = [];
      for (let run = 0; run < runs; run += 1) times.push(await millisecondsOf(read));
      rows.push({ what: `${what}, of 10,000 cards and 100,000 executions`, result: medianOf(times, "ms") });
    }
    rows.push({
      what: "the same account's status, every card counted",
      result: medianOf([await millisecondsOf(() => readStatus(sources))], "ms"),
    });
    cloud.close();
    return rows;
  },
};

async function millisecondsOf(read: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await read();
  return performance.now() - startedAt;
}
