import { randomUUID } from "node:crypto";
import { createConsoleApp } from "../web/console/console-app.tsx";
import { type Figure, type Row, medianOf } from "./figure.ts";
import { createLargeAccount } from "./large-account.ts";

const cards = 10_000;
const executions = 100_000;
const runs = 10;

/** How long operators wait for the console's pages about a large account. */
export const consolePages: Figure = {
  name: "console",
  async measure() {
    const { cloud, sources } = await createLargeAccount(cards, executions);
    const app = createConsoleApp({
      sources,
      act: async () => ({}),
      evidence: { archiveOf: () => Promise.reject(new TypeError("nobody collects evidence here")) },
      identityOf: () => ({ role: "operator", identity: "bench", name: "Bench" }),
      newId: () => randomUUID(),
      inAws: false,
      log: (line) => process.stderr.write(`${line}\n`),
    });
    const open = async (path: string): Promise<number> => {
      const startedAt = performance.now();
      const answer = await app.request(path);
      await answer.text();
      if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
      return performance.now() - startedAt;
    };
    const rows: Row[] = [];
    for (const [name, path] of Object.entries(pages)) {
      const firstMs = await open(path);
      const laterMs: number[] = [];
      for (let run = 0; run < runs; run += 1) laterMs.push(await open(path));
      const result = `${medianOf([firstMs], "ms")} the first time, then ${medianOf(laterMs, "ms")}`;
      rows.push({ what: `console: ${name}, with 10,000 cards and 100,000 executions`, result });
    }
    cloud.close();
    return rows;
  },
};

const pages = {
  overview: "/console",
  "what needs attention": "/console/attention",
  cards: "/console/cards",
  "cards of one status by name": "/console/cards?status=Approved&name=bench-007&order=name",
  "one card": "/console/cards/bench-000042",
  executions: "/console/executions",
  "executions that failed": "/console/executions?status=FAILED",
  requests: "/console/requests",
  access: "/console/access",
  audit: "/console/audit",
  "100 chains verified": "/console/audit/verification",
  sweeps: "/console/sweeps",
  "whether something changed": "/console/events",
};
