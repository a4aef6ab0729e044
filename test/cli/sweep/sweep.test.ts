import { describe, expect, it } from "vitest";
import { noCard } from "../../../functions/records/effects.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { atRest, detailsOf, happened } from "../../workflow/reviews.ts";
import { accounts, createTestCloud } from "../../workflow/test-cloud.ts";
import { cardway, withoutChance } from "../cardway-world.ts";
import { operatorCredentials } from "../operator-credentials.ts";

/** Two cards at rest, of which a share made by hand lets the whole production account at one, and an operator's own role. */
async function differing() {
  const test = createTestCloud({ settings: lifecycleSettings });
  const churn = await test.createCard("churn");
  const fraud = await test.createCard("fraud");
  for (const arn of [churn, fraud]) await happened(test, arn, "PromotionCompleted AccessSettled");
  await test.shareByHand([churn], [accounts.prod]);
  await atRest(test);
  const credentials = await operatorCredentials(test.administrator(accounts.owner));
  return { test, churn, run: (words: string[]) => cardway(test, ["sweep", ...words], { credentials }) };
}

describe("a sweep at once", () => {
  it("says which cards differ in a dry run, asks nothing, and exits 1", async () => {
    const { test, run } = await differing();

    const { code, stdout, stderr } = await run(["--dry-run"]);

    expect(withoutChance(stdout)).toMatchInlineSnapshot(`
      "Cards of account 111111111111 in us-east-1. Nothing is changed.

      churn  read-only-broken

      1  read-only-broken  somebody in a read-only stage could update the card

      scanned 2, differing 1, started 0, repaired 0, failing 0

      Execution: arn:aws:states:us-east-1:111111111111:execution:cardway-sweep:a0000001-0000-4000-8000-000000000000
      "
    `);
    expect({ code, stderr }).toStrictEqual({ code: 1, stderr: "" });
    expect(await detailsOf(test, noCard, "OperatorActed")).toMatchObject([
      {
        act: "sweep",
        dryRun: true,
        operator: `arn:aws:sts::${accounts.owner}:assumed-role/cardway-operator/operator`,
      },
    ]);
  });

  it("starts what differs, and tells machines what it found", async () => {
    const { test, churn, run } = await differing();

    expect(await run([])).toMatchObject({ code: 2, stderr: expect.stringContaining("add --yes") });
    const { code, stdout } = await run(["--json", "--yes"]);

    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      accountId: accounts.owner,
      status: "SUCCEEDED",
      scanned: 2,
      differing: 1,
      started: 1,
      failing: 0,
      found: [{ modelCardName: "churn", differences: ["read-only-broken"] }],
    });
    await happened(test, churn, "ReadOnlyBroken prod");
  });

  it("tells what it has found before AWS was gone for good, however often that was tried", async () => {
    let pages = 0;
    const test: ReturnType<typeof createTestCloud> = createTestCloud({
      eventDelayMs: () => 1e12,
      async beforeCall(folder, operation) {
        if (folder !== "sweep" || operation !== "ListModelCards") return;
        // After the first page the function's time is up, and AWS is gone.
        if (pages > 0) throw Object.assign(new Error("Gone."), { name: "ServiceUnavailable" });
        pages += 1;
        await test.clock.advance(200_000);
      },
    });
    for (let card = 0; card < 101; card += 1) await test.createCard(`card-${card}`);

    const { code, stdout } = await cardway(test, ["sweep", "--dry-run", "--json"]);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      status: "FAILED",
      error: "AwsUnavailableError",
      scanned: 100,
      differing: 100,
    });
  });
});
