import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { approvalPage } from "./approval-page.ts";
import { bundles } from "./bundles.ts";
import { consolePages } from "./console-pages.ts";
import { type Row, tableOf } from "./figure.ts";
import { journeysASecond } from "./journeys-a-second.ts";
import { memory } from "./memory.ts";
import { operators } from "./operators.ts";
import { oneJourney } from "./one-journey.ts";
import { startUp } from "./start-up.ts";
import { workflowEngine } from "./workflow-engine.ts";

const figures = [
  startUp,
  oneJourney,
  journeysASecond,
  approvalPage,
  workflowEngine,
  operators,
  consolePages,
  memory,
  bundles,
];

const { only } = parseArgs({ options: { only: { type: "string" } } }).values;
const chosen = figures.filter(({ name }) => only === undefined || name === only);
if (chosen.length === 0) {
  console.error(`--only takes one of: ${figures.map(({ name }) => name).join(", ")}`);
  process.exit(2);
}

const rows: Row[] = [];
for (const { name, measure } of chosen) {
  console.error(`measuring ${name} ...`);
  rows.push(...(await measure()));
}
rows.push({
  what: "machine",
  result: `${availableParallelism()} cores, ${cpus()[0]?.model.trim() ?? "unknown processor"}, Node.js ${process.version}, ${process.platform}`,
});
console.log(tableOf(rows));
