import { GetResourceShareAssociationsCommand } from "@aws-sdk/client-ram";
import { DeleteModelCardCommand, DescribeModelCardCommand } from "@aws-sdk/client-sagemaker";
import { StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { AwsUnavailableError } from "../../functions/errors.ts";
import { createRecordsIn } from "../../functions/records/records-in-table.ts";
import { defaultRamBehaviour } from "../../local/ram/ram-behaviour.ts";
import { MemoryTable } from "../../simulation/memory-table.ts";
import { createConvergingWorld } from "./converging.ts";
import { may } from "./draft-to-production.ts";
import { atRest, detailsOf, happened } from "./reviews.ts";
import { type TestCloud, accounts, createTestCloud, promotionArn } from "./test-cloud.ts";

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

/** ARNs of the shares that hold a card. */
async function sharesHolding(test: TestCloud, resourceArn: string): Promise<(string | undefined)[]> {
  const { resourceShareAssociations = [] } = await test
    .ram(accounts.owner)
    .send(new GetResourceShareAssociationsCommand({ associationType: "RESOURCE", resourceArn }));
  return resourceShareAssociations
    .filter(({ status }) => status !== "DISASSOCIATED")
    .map(({ resourceShareArn }) => resourceShareArn);
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

describe("a card that somebody saw move on", () => {
  it("is read and planned again also where the step that was to say so died after it had looked (seed 79045)", async () => {
    const table = new ForgetfulTable();
    const records = createRecordsIn(table);
    const seen = { isNoted: false, plans: 0 };
    const test = createTestCloud({
      runtime: { table },
      async beforeCall(folder, operation) {
        if (folder === "read-card" && operation === "/listprincipals" && seen.isNoted) seen.plans += 1;
        if (folder !== "record-outcome" || operation !== "DescribeModelCard" || seen.isNoted) return;
        seen.isNoted = true;
        await records.changeCard(modelCardArn, (record) => ({
          record: { ...record, lookAgain: true },
          result: undefined,
        }));
        table.losesAnswers = true;
      },
    });
    const modelCardArn = await test.createCard("churn");
    await test.until("the end", async () => {
      const { claim, settled } = await records.readCard(modelCardArn);
      return claim === undefined && settled !== undefined;
    });

    expect(seen.plans).toBe(1);
  });
});

/** A table whose next write of a card's record is made, and not answered. */
class ForgetfulTable extends MemoryTable {
  losesAnswers = false;

  override async put(...args: Parameters<MemoryTable["put"]>): Promise<boolean> {
    const written = await super.put(...args);
    const [{ sk }] = args;
    if (!this.losesAnswers || sk !== "CARD") return written;
    this.losesAnswers = false;
    throw new AwsUnavailableError("The answer is lost. It is tried again.");
  }
}

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

describe("what keeps one stage out", () => {
  const inside = [accounts.owner, accounts.test, accounts.prod];

  it.each([
    ["QuotaReached", "test", "dev", { ramBehaviour: { limits: { ...limits, sharesPerRegion: 1 } } }],
    ["OutsideOrganizationRefused", "dev", "test", { organizationAccountIds: inside }],
  ] as const)(
    "keeps no other stage's access from being announced (%s)",
    async (state, out, other, options) => {
      const world = createWorld(options);
      const { test, rest } = world;
      const modelCardArn = await test.createCard("churn", "PendingReview");
      await rest(modelCardArn);

      expect(await waits(test, modelCardArn)).toStrictEqual({ [out]: state });
      expect(await world.access(accounts[other], modelCardArn)).toBe("read-write");
      expect(await world.access(accounts[out], modelCardArn)).toBe("none");
      expect(await world.recordedStages(modelCardArn)).toStrictEqual([
        `${other} ${accounts[other]} read-write`,
      ]);
      expect(await told(test, modelCardArn, "PromotionFailed")).toBe(1);
    },
  );
});

describe("a reader role that could update", () => {
  it.each([
    ["whose share RAM knows at once (seed 900332)", 0],
    ["whose share RAM does not know everywhere yet (seed 6834)", 5_000],
  ])("keeps no other stage's access from being announced, %s", async (_whose, unknownAfterCreationMs) => {
    const world = createWorld({ ramBehaviour: { unknownAfterCreationMs } });
    const { test, rest } = world;
    await test.widenReader(accounts.prod);
    const modelCardArn = await test.createCard("churn", "Approved");
    await rest(modelCardArn);

    expect(await waits(test, modelCardArn)).toStrictEqual({ prod: "ReadOnlyBroken" });
    expect(await world.access(accounts.prod, modelCardArn)).toBe("none");
    expect(await world.access(accounts.test, modelCardArn)).toBe("read-write");
    expect(await world.recordedStages(modelCardArn)).toStrictEqual([
      `dev ${accounts.dev} read-write`,
      `test ${accounts.test} read-write`,
    ]);
    expect(await told(test, modelCardArn, "PromotionFailed")).toBe(1);
  });

  it("keeps nobody waiting who was refused before and is not any more (seed 6834)", async () => {
    const ramBehaviour = { limits: { ...limits, sharesPerRegion: 1 } };
    const world = createWorld({ ramBehaviour, associationDelayMs: () => 5_000 });
    const { test, rest } = world;
    await test.widenReader(accounts.prod);
    const modelCardArn = await test.createCard("churn", "Approved");
    await rest(modelCardArn);
    expect(await waits(test, modelCardArn)).toStrictEqual({ prod: "ReadOnlyBroken", test: "QuotaReached" });

    test.cloud.ramBehaviour.limits = limits;
    await look(world, modelCardArn);

    expect(await waits(test, modelCardArn)).toStrictEqual({ prod: "ReadOnlyBroken" });
    expect(await told(test, modelCardArn, "AccessGranted test")).toBe(1);
  });

  it("has the end of its access on record as well as its beginning, once RAM shows it", async () => {
    const world = createWorld();
    const { test, rest } = world;
    const modelCardArn = await test.createCard("churn", "Approved");
    await rest(modelCardArn);
    expect(await told(test, modelCardArn, "AccessGranted prod")).toBe(1);

    await test.widenReader(accounts.prod);
    await look(world, modelCardArn);

    expect(await waits(test, modelCardArn)).toStrictEqual({ prod: "ReadOnlyBroken" });
    expect(await world.access(accounts.prod, modelCardArn)).toBe("none");
    expect(await told(test, modelCardArn, "AccessRevoked prod")).toBe(1);
    expect(await told(test, modelCardArn, "AccessRevoked dev")).toBe(0);
    expect(await told(test, modelCardArn, "PromotionFailed")).toBe(1);
    expect(await detailsOf(test, modelCardArn, "ReadOnlyBroken")).toMatchObject([{ accessRemoved: true }]);
  });
});

describe("a card that is deleted before its access was announced", () => {
  it("is taken out of its shares by the sweep where the promotion failed to (seed 700059)", async () => {
    let confirms = 0;
    const { test } = createWorld({
      associationDelayMs: () => 1_000,
      async beforeCall(folder) {
        if (folder !== "confirm-access") return;
        confirms += 1;
        if (confirms === 1) await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
      },
    });
    const revoking = await test.breakFunction("cardway-revoke-access");
    const modelCardArn = await test.createCard("churn");
    await test.pass(300 * second);
    expect(await ends(test)).toContain("FAILED");
    expect(await sharesHolding(test, modelCardArn)).toHaveLength(1);

    await revoking.repair();
    await test.pass(1.2);

    expect(await sharesHolding(test, modelCardArn)).toStrictEqual([]);
  });
});

describe("two cards that open the next share at the same moment", () => {
  it("both get access where that share takes one of them only", async () => {
    const openers: (() => void)[] = [];
    let isFull = false;
    const world = createWorld({
      ramBehaviour: { limits: { ...limits, associationsPerShare: 1 } },
      async beforeCall(folder, operation) {
        if (!isFull || folder !== "grant-access" || operation !== "/createresourceshare") return;
        // The first waits for the second; whoever opens another share later waits for nobody.
        await new Promise<void>((resolve) => {
          openers.push(resolve);
          if (openers.length > 1) for (const open of openers) open();
        });
      },
    });
    const { test, rest } = world;
    await rest(await test.createCard("first"));
    isFull = true;

    const cards = await Promise.all(["second", "third"].map((name) => test.createCard(name)));
    for (const modelCardArn of cards) await rest(modelCardArn);

    expect(openers).toHaveLength(3);
    for (const modelCardArn of cards) {
      expect(await world.access(accounts.dev, modelCardArn)).toBe("read-write");
      expect(await told(test, modelCardArn, "PromotionFailed")).toBe(0);
    }
    expect(await failures(test)).toBe(0);
  });
});

describe("a share made by hand a moment ago", () => {
  it("loses the card by the promotion that finds it, though RAM does not know the share everywhere yet", async () => {
    const world = createWorld();
    const { test, rest } = world;
    const modelCardArn = await test.createCard("churn", "Approved");
    await rest(modelCardArn);

    // Cardway's own shares are known everywhere by then.
    await test.pass(120 * second);
    test.cloud.ramBehaviour.unknownAfterCreationMs = 60_000;
    const byHand = await test.shareByHand([modelCardArn], [accounts.prod]);
    await test.pass(second);
    expect(await world.access(accounts.prod, modelCardArn)).toBe("read-write");
    const before = await ends(test);
    await look(world, modelCardArn);

    expect(await world.access(accounts.prod, modelCardArn)).toBe("read-only");
    const { resourceShareAssociations = [] } = await test.ram(accounts.owner).send(
      new GetResourceShareAssociationsCommand({
        associationType: "RESOURCE",
        resourceArn: modelCardArn,
        associationStatus: "ASSOCIATED",
      }),
    );
    expect(resourceShareAssociations.map(({ resourceShareArn }) => resourceShareArn)).not.toContain(byHand);
    expect(await detailsOf(test, modelCardArn, "ReadOnlyBroken")).toMatchObject([{ accessRemoved: true }]);
    expect(await ends(test)).toStrictEqual(["SUCCEEDED", ...before]);
    expect((await test.records.readCard(modelCardArn)).foreignShares).toBeUndefined();
  });
});

describe("a read-only stage that writes twice", () => {
  /** A card that a share made by hand lets production write, and what tells whose its content is. */
  async function writable(options: Parameters<typeof createTestCloud>[0] = {}) {
    let delayMs = 0;
    const test = createTestCloud({ ...options, eventDelayMs: () => delayMs });
    const modelCardArn = await test.createCard("churn", "Approved", called("ours"));
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);
    await test.shareByHand([modelCardArn], [accounts.prod]);
    await test.pass(60 * second);
    return {
      test,
      modelCardArn,
      write: (text: string) => test.edit(modelCardArn, called(text), test.sageMaker(accounts.prod)),
      delayEvents(ms: number): void {
        delayMs = ms;
      },
      async content(): Promise<unknown> {
        const command = new DescribeModelCardCommand({ ModelCardName: modelCardArn });
        const { Content } = await test.owner.send(command);
        return JSON.parse(Content ?? "").model_overview?.model_name;
      },
    };
  }

  function called(text: string): object {
    return { model_overview: { model_name: text } };
  }

  /** Does something once, right before RevertUpdate makes a version or in the moment after. */
  function once(moment: "before" | "after") {
    const hook: { action?: () => Promise<void> } = {};
    let isMade = moment === "before";
    return {
      hook,
      async beforeCall(folder: string, operation: string): Promise<void> {
        if (folder !== "revert-update") return;
        const isNow = isMade && operation === (moment === "before" ? "UpdateModelCard" : "PutItem");
        if (operation === "UpdateModelCard") isMade = true;
        const { action } = hook;
        if (!isNow || action === undefined) return;
        delete hook.action;
        await action();
      },
    };
  }

  it.each(["before", "after"] as const)(
    "loses both, where the second comes in the moment %s the first is set back",
    async (moment) => {
      const { hook, beforeCall } = once(moment);
      const { test, modelCardArn, write, content } = await writable({
        beforeCall,
        modelCardBehaviour: { emitsOnContentUpdate: false },
      });
      hook.action = () => write("theirs again");

      await write("theirs");
      await happened(test, modelCardArn, "UpdateReverted prod");
      await atRest(test);

      expect(hook).toStrictEqual({});
      expect(await content()).toBe("ours");
      expect(await test.status(modelCardArn)).toMatch(/^Approved/);
    },
  );

  it("loses both, where the first is heard of after the second was set back to it", async () => {
    const { test, modelCardArn, write, content, delayEvents } = await writable();
    delayEvents(600_000);
    await write("theirs");
    await test.pass(60 * second);
    delayEvents(0);
    await write("theirs again");
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test, 1);
    expect(await content()).toBe("theirs");

    await test.pass(900 * second);
    await happened(test, modelCardArn, "UpdateReverted prod", 2);
    await atRest(test);

    expect(await content()).toBe("ours");
  });

  it("loses both, where the second of two that CloudTrail tells of fits either version", async () => {
    const { test, modelCardArn, write, content, delayEvents } = await writable();
    delayEvents(5_000);
    await test.clock.advance(1_800 - (test.clock.now().getTime() % 1_000));
    await write("theirs");
    await test.clock.advance(1_500);
    await write("theirs again");
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test);

    expect(await content()).toBe("ours");
  });

  it("overwrites nobody else, who writes twice in the moment before the first is set back (seed 82593)", async () => {
    const { hook, beforeCall } = once("before");
    const { test, modelCardArn, write, content, delayEvents } = await writable({ beforeCall });
    delayEvents(5_000);
    hook.action = async () => {
      await test.edit(modelCardArn, called("mine"));
      await test.edit(modelCardArn, called("mine again"));
    };

    await write("theirs");
    await happened(test, modelCardArn, "ApprovalRequested");
    await atRest(test, 1);

    expect(hook).toStrictEqual({});
    expect(await content()).toBe("mine again");
  });

  it("keeps nobody else from editing in the moment after", async () => {
    const { hook, beforeCall } = once("after");
    const { test, modelCardArn, write, content } = await writable({ beforeCall });
    hook.action = () => test.edit(modelCardArn, called("mine"));

    await write("theirs");
    await happened(test, modelCardArn, "ApprovalRequested");
    await atRest(test, 1);

    expect(hook).toStrictEqual({});
    expect(await content()).toBe("mine");
  });

  it("loses what it wrote where somebody else has set the status in the same second", async () => {
    const { test, modelCardArn, write, content, delayEvents } = await writable({
      modelCardBehaviour: { userContext: "iam-identity" },
    });
    delayEvents(5_000);
    await write("theirs");
    await test.clock.advance(200);
    await test.setStatus(modelCardArn, "Draft", test.sageMaker(accounts.dev));
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test);

    expect(await content()).toBe("ours");
  });
});

describe("a reader role that could update by now", () => {
  const slow = { associationDelayMs: () => 10_000 };

  /** Whether the reader role could update a card at the moment of an effect, for example `AccessRevoked prod`. */
  async function couldUpdateAt(test: TestCloud, modelCardArn: string, effect: string): Promise<boolean> {
    const reader = await test.reader(accounts.prod);
    await happened(test, modelCardArn, effect);
    return (await may(reader, modelCardArn))[1] === "works";
  }

  it("has lost the card before that is announced, which RAM takes its time for", async () => {
    const { test, rest } = createWorld(slow);
    const modelCardArn = await test.createCard("churn", "Approved");
    await rest(modelCardArn);
    await test.widenReader(accounts.prod);
    const input = JSON.stringify({ modelCardArn, reason: "a test" });
    await test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input }));

    expect(await couldUpdateAt(test, modelCardArn, "AccessRevoked prod")).toBe(false);
  });

  it("has lost the card before the promotion fails, where an earlier try of GrantAccess has shared it", async () => {
    const tries = { failed: false, widened: false };
    const test = createTestCloud({
      ...slow,
      async beforeCall(folder, operation) {
        if (folder !== "grant-access") return;
        if (operation === "/createresourceshare" && !tries.failed) {
          tries.failed = true;
          throw Object.assign(new Error("No answer"), { name: "NetworkingError" });
        }
        // Dev is to be tried again, and production has its share.
        if (operation !== "PutItem" || tries.widened) return;
        tries.widened = true;
        await test.widenReader(accounts.prod);
      },
    });
    const modelCardArn = await test.createCard("churn", "Approved");

    expect(await couldUpdateAt(test, modelCardArn, "PromotionFailed")).toBe(false);
    expect(tries).toStrictEqual({ failed: true, widened: true });
    expect(await told(test, modelCardArn, "AccessGranted dev")).toBe(1);
  });
});
