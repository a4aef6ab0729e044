import { execFile } from "node:child_process";
import { describe, expect, it } from "vitest";
import { mutations } from "../../simulation/mutations.ts";
import { planFor } from "../../simulation/plan.ts";
import { Random } from "../../simulation/random.ts";
import { shrunk } from "../../simulation/shrink.ts";

const longestRunMs = 400_000;

/** Runs the program as `npm run simulate` does. */
function simulate(...args: string[]): Promise<{ code: number; lines: string[]; errors: string }> {
  return new Promise((resolve) => {
    const program = ["--import", "tsx", "simulation/simulate.ts", ...args];
    execFile(process.execPath, program, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, lines: stdout.trimEnd().split("\n"), errors: stderr });
    });
  });
}

describe("npm run simulate", () => {
  it(
    "finds nothing that violates an invariant in 2,000 schedules with thousands of faults of every kind",
    async () => {
      const { code, lines } = await simulate("--schedules", "2000", "--seed", "1", "--json");

      const violated = lines.filter((line) => line.includes("violates") || line.includes("invariant"));
      expect(violated).toStrictEqual([]);
      const figures: { faultsByKind?: object } = JSON.parse(lines.at(-2) ?? "");
      expect(Object.keys(figures.faultsByKind ?? {})).toStrictEqual([
        "answer-lost",
        "association-failed",
        "died-after",
        "died-before",
        "died-during",
        "event-delayed",
        "event-duplicated",
        "event-lost",
        "slow",
        "step-between-calls",
        "throttled",
        "unavailable",
      ]);
      expect(lines.at(-1)).toMatch(/^schedules 2000, faults \d{4,}, violations 0$/);
      expect(code).toBe(0);
    },
    longestRunMs,
  );

  it.each(mutations.map(({ name, fault }) => [name, fault]))(
    "finds %s: %s",
    async (name) => {
      const { code, lines } = await simulate("--mutation", name, "--schedules", "1500");

      const { invariant } = mutations.find((mutation) => mutation.name === name) ?? expect.fail();
      expect(lines.join("\n")).toContain(`invariant ${invariant}: `);
      expect(code).toBe(1);
    },
    longestRunMs,
  );

  it(
    "plays a seed again exactly, whatever ran before it",
    async () => {
      const once = await simulate("--seed", "33", "--large");
      const again = await simulate("--seed", "33", "--large");
      expect(again.lines).toStrictEqual(once.lines);
      expect(once.lines.length).toBeGreaterThan(50);
    },
    longestRunMs,
  );

  it("says how it is used, and ends with 2 where that is wrong", async () => {
    expect((await simulate("--help")).lines[0]).toBe("Usage: npm run simulate -- [options]");
    const wrong = await simulate("--schedules", "many");
    expect(wrong.code).toBe(2);
    expect(wrong.errors).toContain("--schedules must be a whole number");
  }, 60_000);
});

describe("a seed", () => {
  it("makes one plan, and others make others", () => {
    const plans = Array.from({ length: 50 }, (_, seed) => JSON.stringify(planFor(new Random(seed))));
    expect(new Set(plans).size).toBe(50);
    expect(JSON.stringify(planFor(new Random(7)))).toBe(plans[7]);
  });

  it("gives each purpose numbers of its own, so that leaving one out changes no other", () => {
    const [one, other] = [new Random(3), new Random(3)];
    one.next("faults");
    one.next("faults");
    expect(one.next("order")).toBe(other.next("order"));
    expect(one.next("faults")).not.toBe(other.next("faults"));
  });
});

describe("shrunk", () => {
  it("leaves out everything that does not matter", async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index + 1);
    const leftOut = await shrunk(
      { steps: [1, 2, 3], faults: numbers },
      async ({ steps, faults }) => !steps.includes(2) && ![7, 23].some((number) => faults.includes(number)),
    );
    expect([1, 2, 3].filter((number) => !leftOut.steps.includes(number))).toStrictEqual([2]);
    expect(numbers.filter((number) => !leftOut.faults.includes(number))).toStrictEqual([7, 23]);
  });
});
