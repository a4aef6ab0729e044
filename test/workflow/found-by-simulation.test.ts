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
