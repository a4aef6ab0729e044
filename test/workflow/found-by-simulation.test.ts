import { CreateResourceShareCommand, GetResourceShareAssociationsCommand } from "@aws-sdk/client-ram";
import { DeleteModelCardCommand } from "@aws-sdk/client-sagemaker";
import { StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { defaultRamBehaviour } from "../../local/ram/ram-behaviour.ts";
import { createConvergingWorld } from "./converging.ts";
import { detailsOf } from "./reviews.ts";
import { type TestCloud, accounts, promotionArn } from "./test-cloud.ts";

const { limits } = defaultRamBehaviour;
const second = 1 / 3_600;

type World = ReturnType<typeof createConvergingWorld>;

/** A world whose every event comes at once. */
function createWorld(options: Parameters<typeof createConvergingWorld>[1] = {}): World {
  return createConvergingWorld("delivered", options);
}

/** Looks at a card once more and lets that come to rest. */
async function look({ test, rest }: World, modelCardArn: string): Promise<void> {
  const input = JSON.stringify({ modelCardArn, reason: "a test" });
  await test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input }));
  await rest(modelCardArn);
}

/** States of the waits on the card's record, by stage. */
async function waits(test: TestCloud, modelCardArn: string): Promise<Record<string, string>> {
  const { waiting } = await test.records.readCard(modelCardArn);
  return Object.fromEntries(Object.values(waiting).map(({ audience, state }) => [audience.stage, state]));
}

/** How often the card's story tells of an effect. */
async function told(test: TestCloud, modelCardArn: string, effect: string): Promise<number> {
  return (await test.story(modelCardArn)).filter((one) => one === effect).length;
}

async function ends(test: TestCloud): Promise<(string | undefined)[]> {
  return (await test.executions()).map(({ status }) => status);
}

async function failures(test: TestCloud): Promise<number> {
  return (await ends(test)).filter((end) => end === "FAILED").length;
}

describe("the end of access", () => {
  it("is on record as often as its beginning, where the execution that told of the beginning died before it noted that", async () => {
    let isTold = false;
    let isDead = false;
    const world = createWorld({
      beforeCall(folder, operation) {
        if (folder !== "confirm-access" || isDead) return undefined;
        if (operation === "PutEvents") isTold = true;
        return isTold && operation === "PutItem" ? new Promise(() => undefined) : undefined;
      },
    });
    const { test, rest } = world;
    const modelCardArn = await test.createCard("churn", "PendingReview");
    await test.until("the beginning", () => isTold);
    await test.pass(second);
    expect(await told(test, modelCardArn, "AccessGranted test")).toBe(1);
    expect((await test.records.readCard(modelCardArn)).announced).toStrictEqual({});

    const running = (await test.executions()).find(({ status }) => status === "RUNNING");
    await test.stepFunctions.send(new StopExecutionCommand({ executionArn: running?.executionArn }));
    isDead = true;
    await test.setStatus(modelCardArn, "Draft");
    await rest(modelCardArn);

    expect(await ends(test)).toContain("ABORTED");
    expect(await world.access(accounts.test, modelCardArn)).toBe("none");
    expect(await told(test, modelCardArn, "AccessGranted test")).toBe(1);
    expect(await told(test, modelCardArn, "AccessRevoked test")).toBe(1);
    expect(await told(test, modelCardArn, "AccessGranted dev")).toBe(1);
    expect(await told(test, modelCardArn, "AccessRevoked dev")).toBe(0);
  });
});

describe("an association that has failed and is made anew", () => {
  const card = ":model-card/";

  it.each([
    ["the card's", [card]],
    ["a principal's", [accounts.dev]],
    ["the card's and a principal's of the same share", [card, accounts.dev]],
  ])("is waited for while RAM's lists still show its failure (%s)", async (_whose, failing) => {
    const world = createWorld();
    const { test, rest } = world;
    const { ramBehaviour } = test.cloud;
    ramBehaviour.associationOutcome = (entity) =>
      failing.some((part) => entity.includes(part)) ? "RAM is unwell" : undefined;
    const modelCardArn = await test.createCard("churn");
    await rest(modelCardArn);
    expect(await waits(test, modelCardArn)).toStrictEqual({ dev: "AssociationFailed" });
    const before = await failures(test);

    // The lists have come to show the failure, and will show it for another minute.
    ramBehaviour.listLagMs = 60_000;
    await test.pass(120 * second);
    ramBehaviour.associationOutcome = () => undefined;
    await look(world, modelCardArn);

    expect(await waits(test, modelCardArn)).toStrictEqual({});
    expect(await world.access(accounts.dev, modelCardArn)).toBe("read-write");
    expect(await told(test, modelCardArn, "AccessGranted dev")).toBe(1);
    expect(await failures(test)).toBe(before);
  });

  it("is believed where it fails again", async () => {
    const world = createWorld();
    const { test, rest } = world;
    test.cloud.ramBehaviour.associationOutcome = () => "RAM is unwell";
    const modelCardArn = await test.createCard("churn");
    await rest(modelCardArn);
    const before = await failures(test);

    test.cloud.ramBehaviour.listLagMs = 60_000;
    await test.pass(120 * second);
    await look(world, modelCardArn);

    expect(await waits(test, modelCardArn)).toStrictEqual({ dev: "AssociationFailed" });
    expect(await failures(test)).toBe(before + 1);
  });

  it("is not waited for where the card is deleted meanwhile: nobody makes it anew", async () => {
    let reads = 0;
    const { test } = createWorld({
      beforeCall(folder, operation) {
        if (folder === "read-card" && operation === "DescribeModelCard") reads += 1;
      },
    });
    test.cloud.ramBehaviour.associationOutcome = () => "RAM is unwell";
    const modelCardArn = await test.createCard("churn");
    await test.pass(60 * second);
    expect(await waits(test, modelCardArn)).toStrictEqual({ dev: "AssociationFailed" });

    reads = 0;
    await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
    await test.pass(60 * second);

    expect(reads).toBeLessThan(3);
    expect(await waits(test, modelCardArn)).toStrictEqual({});
    expect(await ends(test)).not.toContain("RUNNING");
  });
});
