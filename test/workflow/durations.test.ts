import { describe, expect, it } from "vitest";
import * as z from "zod";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { approver, detailsOf, happened, inReview, linkOf, mediumRisk } from "./reviews.ts";
import { type TestCloud, accounts, createTestCloud, eitherDecides } from "./test-cloud.ts";

const AccessSchema = z.object({
  audience: z.object({ stage: z.string() }),
  durationSeconds: z.number().optional(),
});

/** How long after the card's change access came, in seconds, by stage, oldest first. */
async function accessDurations(test: TestCloud, modelCardArn: string): Promise<[string, number?][]> {
  return (await detailsOf(test, modelCardArn, "AccessGranted")).map((detail) => {
    const { audience, durationSeconds } = AccessSchema.parse(detail);
    return [audience.stage, durationSeconds];
  });
}

describe("how long access took", () => {
  it("counts from the change of the card to its confirmation, with the time that events and RAM take", async () => {
    const test = createTestCloud({ eventDelayMs: () => 20_000, associationDelayMs: () => 40_000 });
    const modelCardArn = await test.createCard("churn");

    await test.pass(1 / 20);

    const [[, seconds = 0] = []] = await accessDurations(test, modelCardArn);
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThan(150);
  });

  it("counts from the approval, not from the event for which the execution began hours before", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });

    await test.pass(5);
    await test.post(linkOf(test, approver), "approve", "Reviewed.");
    await happened(test, modelCardArn, "AccessGranted prod");

    const durations = await accessDurations(test, modelCardArn);
    expect(durations.map(([stage]) => stage)).toStrictEqual(["dev", "test", "prod"]);
    expect(durations.every(([, seconds = Infinity]) => seconds < 60)).toBe(true);
    expect(await detailsOf(test, modelCardArn, "ApprovalDecided")).toMatchObject([
      { ageSeconds: expect.closeTo(5 * 3_600, -3) },
    ]);
  });

  it("counts the time until the sweep where the event was lost", async () => {
    const test = createTestCloud({ copiesOfEvent: () => 0 });
    const modelCardArn = await test.createCard("churn");

    await test.pass(2);

    const [[, seconds = 0] = []] = await accessDurations(test, modelCardArn);
    expect(seconds).toBeGreaterThan(600);
    expect(seconds).toBeLessThan(2 * 3_600);
  });

  it("counts on where the promotion went on without the access, until a later one finds it", async () => {
    const test = createTestCloud({ associationDelayMs: () => 30 * 60_000 });
    const modelCardArn = await test.createCard("churn");

    await test.pass(3 / 2);

    const [[, seconds = 0] = []] = await accessDurations(test, modelCardArn);
    expect(await test.story(modelCardArn)).toContain("PromotionCompleted AccessWaiting");
    expect(seconds).toBeGreaterThanOrEqual(1_800);
  });

  it("is unknown where no change of the card called for the access, but other settings", async () => {
    const test = createTestCloud();
    const modelCardArn = await test.createCard("churn");
    await happened(test, modelCardArn, "PromotionCompleted AccessSettled");
    await test.pass(5);

    test.deploy(withDraftsInTest());
    await test.pass(2);

    const [dev, ...others] = await accessDurations(test, modelCardArn);
    expect(dev).toStrictEqual(["dev", expect.any(Number)]);
    expect(others).toStrictEqual([["test", undefined]]);
  });

  it("is unknown where access comes back that somebody had to lose who could write", async () => {
    const test = createTestCloud();
    const modelCardArn = await test.createCard("churn", "Approved");
    await happened(test, modelCardArn, "AccessGranted prod");
    await test.pass(5);

    const mend = await test.widenReader(accounts.prod);
    await test.pass(2);
    await mend();
    await test.pass(2);

    const ofProduction = (await accessDurations(test, modelCardArn)).filter(([stage]) => stage === "prod");
    expect(ofProduction).toStrictEqual([
      ["prod", expect.any(Number)],
      ["prod", undefined],
    ]);
  });
});

/** Settings by which test has every draft too. */
function withDraftsInTest() {
  const { policyVersion: _derived, lifecycles, ...others } = eitherDecides;
  return defineSettings({
    ...others,
    lifecycles: lifecycles.map(({ stages, ...lifecycle }) => ({
      ...lifecycle,
      stages: stages.map((stage) =>
        stage.name === "test" ? { ...stage, access: { ...stage.access, Draft: "read-write" } } : stage,
      ),
    })),
  });
}
