import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import lifecycleSettings from "../../lifecycle.config.ts";
import { linesOf, monthlyOf, totalOf, usageOf, usualAssumptions } from "../../bench/costs/bill.ts";
import { countJourney, usualJourney } from "../../bench/costs/journey.ts";
import { monthlyPrices, usagePrices } from "../../bench/costs/prices.ts";
import { monthlyRows, promotions, usageRows } from "../../bench/costs/tables.ts";

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const place = { modelCardAccountId: "111111111111", region: "us-east-1", approvalPageUrl: "" };

/** Of every table row in the document, its cells. */
const documented = read("docs/costs.md")
  .split("\n")
  .filter((line) => line.startsWith("|"))
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

const rowOf = (what = ""): string[] | undefined => documented.find(([first]) => first === what);

describe("a bill", () => {
  const price = { what: "", unit: "", page: "", confirmedBy: "AWS" } as const;

  it("is quantity times price, divided by what the price is for", () => {
    const prices = { a: { ...price, dollars: 0.025, per: 1_000 }, b: { ...price, dollars: 3, per: 1 } };

    const lines = linesOf({ a: 2_500, b: 2 }, prices);

    expect(lines.map(({ dollars }) => dollars)).toStrictEqual([0.0625, 6]);
    expect(totalOf(lines)).toBe(6.0625);
  });

  it("leaves out nothing that has a price", () => {
    expect(() => linesOf({}, { a: { ...price, dollars: 1, per: 1 } })).toThrow("Nobody counts a");
  });

  it("bills Lambda for computing at the function's share of a processor, for its calls, and for cold starts", () => {
    const counts = {
      executions: 2,
      transitions: 10,
      historyEvents: 20,
      readUnits: 1,
      writeUnits: 1,
      kmsRequests: 1,
      mails: 1,
      events: 1,
      eventBytes: 1_000,
      httpRequests: 2,
      pageBytes: 50_000,
      functions: { "read-card": { invocations: 3, coldStarts: 1, calls: 4, computeMs: 100 } },
    };

    const usage = usageOf(counts, { roundTripMs: 25, coldStartMs: 500 });

    // 100 ms at 512 of 1,769 MB are 345.5 ms; with 4 x 25 ms and 500 ms that is 0.9455 s, at half a GB.
    expect(usage.gbSeconds).toBeCloseTo(0.472_8, 4);
    expect(usage).toMatchObject({ invocations: 3, transitions: 10, traces: 4, pagesGb: 0.000_05 });
    // 3 invocations, 20 events of history, 2 requests, and one event of our own with what CloudWatch adds to it.
    expect(usage.logsGb * 1e9).toBeCloseTo(3 * 1_500 + 20 * 420 + 2 * 420 + 1_026, 6);
  });
});

describe("docs/costs.md", () => {
  // Plays a journey with all functions freshly loaded, which takes long where much else runs.
  it("says what a promotion comes to now", async () => {
    const usage = usageOf(await countJourney(usualJourney), usualAssumptions);
    const lines = linesOf(usage, usagePrices);

    for (const row of usageRows(lines)) {
      const [what, , unitPrice] = row;
      // Milliseconds are measured, so they differ each time.
      if (what === usagePrices.gbSeconds.what) expect(rowOf(what)?.[2]).toBe(unitPrice);
      else expect(rowOf(what)).toStrictEqual(row);
    }
    const headline = Number(/\*\*\$([0-9.]+) per 1,000 promotions/.exec(read("docs/costs.md"))?.[1]);
    expect(Math.abs(headline - totalOf(lines) * promotions)).toBeLessThan(0.3);
  }, 60_000);

  it("says what stands there for a month, which is what is deployed", () => {
    const monthly = monthlyOf(place, lifecycleSettings);
    const deployed = read("test/stacks/synthesis/model-card-account.txt").split("\n");
    const count = (type: string) => deployed.filter((line) => line.startsWith(type)).length;

    for (const row of monthlyRows(linesOf(monthly, monthlyPrices))) {
      expect(rowOf(row[0])).toStrictEqual(row);
    }
    expect(monthly).toMatchObject({
      keys: count("aws:kms/key:Key "),
      alarms: count("aws:cloudwatch/metricAlarm:"),
      dashboards: count("aws:cloudwatch/dashboard:"),
    });
  });
});
