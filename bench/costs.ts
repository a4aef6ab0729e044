import { parseArgs } from "node:util";
import * as z from "zod";
import lifecycleSettings from "../lifecycle.config.ts";
import { linesOf, monthlyOf, totalOf, usageOf, usualAssumptions } from "./costs/bill.ts";
import { type Counts, type Journey, countJourney, usualJourney } from "./costs/journey.ts";
import { lookedUp, monthlyPrices, usagePrices } from "./costs/prices.ts";
import { functionTable, journeyTable, monthlyTable, promotions, usageTable } from "./costs/tables.ts";

const text = { type: "string" } as const;
const amount = z.coerce.number().min(0);
const options = z
  .object({
    promotions: z.coerce.number().int().min(1).default(10),
    "round-trip-ms": amount.default(usualAssumptions.roundTripMs),
    "cold-start-ms": amount.default(usualAssumptions.coldStartMs),
    "association-ms": amount.default(usualJourney.associationMs),
  })
  .safeParse(
    parseArgs({
      options: { promotions: text, "round-trip-ms": text, "cold-start-ms": text, "association-ms": text },
    }).values,
  );
if (!options.success) {
  console.error(z.prettifyError(options.error));
  process.exit(2);
}
const { data } = options;
const assumptions = { roundTripMs: data["round-trip-ms"], coldStartMs: data["cold-start-ms"] };
const usual: Journey = { ...usualJourney, associationMs: data["association-ms"] };

/** Counts one journey; its milliseconds are the mean of several. The first warms the code up and does not count. */
async function count(journey: Journey, times: number): Promise<Counts> {
  let counts = await countJourney(journey);
  const computeMs: Record<string, number> = {};
  for (let played = 0; played < times; played += 1) {
    counts = await countJourney(journey);
    for (const [folder, { computeMs: ms }] of Object.entries(counts.functions)) {
      computeMs[folder] = (computeMs[folder] ?? 0) + ms / times;
    }
  }
  const functions = Object.entries(counts.functions).map(([folder, one]) => [
    folder,
    { ...one, computeMs: computeMs[folder] ?? 0 },
  ]);
  return { ...counts, functions: Object.fromEntries(functions) };
}

const counts = await count(usual, data.promotions);
const lines = linesOf(usageOf(counts, assumptions), usagePrices);
const { modelCardAccountId, deployment } = lifecycleSettings;
const place = { modelCardAccountId, region: deployment.region, approvalPageUrl: "" };
const monthly = linesOf(monthlyOf(place, lifecycleSettings), monthlyPrices);
const others: [string, Partial<Journey>][] = [
  ["medium risk, decided within 6 hours", {}],
  ["... decided after a week", { hoursUntilDecision: 7 * 24 }],
  ["... five versions before review", { versions: 5 }],
  ["... RAM takes a minute for each change", { associationMs: 60_000 }],
  ["high risk, two approvals within 6 hours", { risk: "High" }],
  ["... decided after four days", { risk: "High", hoursUntilDecision: 4 * 24 }],
];
const journeys: { name: string; counts: Counts }[] = [];
for (const [name, other] of others) {
  journeys.push({ name, counts: await countJourney({ ...usual, ...other }) });
}

console.log(
  [
    `$${(totalOf(lines) * promotions).toFixed(2)} per 1,000 promotions, $${totalOf(monthly).toFixed(2)} a month, at prices of ${lookedUp}.`,
    usageTable(lines),
    functionTable(counts),
    monthlyTable(monthly),
    journeyTable(journeys, assumptions),
  ].join("\n\n"),
);
