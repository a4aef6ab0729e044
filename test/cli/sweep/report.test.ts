import { describe, expect, it } from "vitest";
import { exitCodeOf, reportJson, reportWords } from "../../../cli/sweep/report.ts";
import type { SweepRun } from "../../../cli/sweep/follow-sweep.ts";
import { newFindings } from "../../../functions/sweep/progress.ts";

const place = { accountId: "111111111111", region: "eu-west-1" };
const executionArn = "arn:aws:states:eu-west-1:111111111111:execution:cardway-sweep:1";
const nothing = { ...newFindings(null), scanned: 12, position: null };
const some = {
  ...nothing,
  differing: 3,
  started: 3,
  repaired: 1,
  failing: 1,
  differences: { "not-settled": 2, "access-missing": 1, "waiter-dead": 1 },
  found: [
    { modelCardName: "churn", differences: ["access-missing" as const, "not-settled" as const] },
    { modelCardName: "default-risk", differences: ["waiter-dead" as const] },
  ],
};
const run = (progress: SweepRun["progress"], rest: Partial<SweepRun> = {}): SweepRun => ({
  executionArn,
  status: "SUCCEEDED",
  progress,
  ...rest,
});

describe("the sweep's report", () => {
  it("names the cards that differ, says what that means, and counts", () => {
    expect(reportWords(run(some), place, false)).toMatchInlineSnapshot(`
      "Cards of account 111111111111 in eu-west-1.

      churn         access-missing, not-settled
      default-risk  waiter-dead
      and 1 more

      1  access-missing  a stage lacks access that the card's status calls for
      2  not-settled     the card is new or has changed, and nobody has dealt with that
      1  waiter-dead     nobody waits for the end of the request any more

      scanned 12, differing 3, started 3, repaired 1, failing 1

      Execution: arn:aws:states:eu-west-1:111111111111:execution:cardway-sweep:1
      "
    `);
  });

  it("says so where no card differs", () => {
    expect(reportWords(run(nothing), place, true)).toMatchInlineSnapshot(`
      "Cards of account 111111111111 in eu-west-1. Nothing is changed.

      No card differs.

      scanned 12, differing 0, started 0, repaired 0, failing 0

      Execution: arn:aws:states:eu-west-1:111111111111:execution:cardway-sweep:1
      "
    `);
  });

  it("says why a sweep was not brought to its end", () => {
    const failed = { status: "FAILED", error: "AwsUnavailableError", cause: "RAM is throttled." };
    expect(reportWords(run(undefined, failed), place, false)).toMatchInlineSnapshot(`
      "Cards of account 111111111111 in eu-west-1.

      The sweep ended as FAILED: AwsUnavailableError: RAM is throttled.

      Execution: arn:aws:states:eu-west-1:111111111111:execution:cardway-sweep:1
      "
    `);
  });

  it("tells machines the same, without what is the sweep's own", () => {
    expect(JSON.parse(reportJson(run(some), place, true))).toStrictEqual({
      ...place,
      dryRun: true,
      executionArn,
      status: "SUCCEEDED",
      scanned: 12,
      differing: 3,
      started: 3,
      repaired: 1,
      failing: 1,
      differences: some.differences,
      found: some.found,
    });
  });

  it("ends with 1 where something is left to be done", () => {
    expect(exitCodeOf(run(some), false)).toBe(0);
    expect(exitCodeOf(run(some), true)).toBe(1);
    expect(exitCodeOf(run(nothing), true)).toBe(0);
    expect(exitCodeOf(run(some, { status: "FAILED" }), false)).toBe(1);
  });
});
