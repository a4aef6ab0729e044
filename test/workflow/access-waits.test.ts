import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DeleteResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceSharesCommand,
} from "@aws-sdk/client-ram";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { defaultRamBehaviour } from "../../local/ram/ram-behaviour.ts";
import { type TestCloud, accounts, createTestCloud, promotionArn } from "./test-cloud.ts";

const { limits } = defaultRamBehaviour;

/** States of the waits on the card's record, by stage. */
async function waits(test: TestCloud, modelCardArn: string): Promise<Record<string, string>> {
  const { waiting } = await test.records.readCard(modelCardArn);
  return Object.fromEntries(Object.values(waiting).map(({ audience, state }) => [audience.stage, state]));
}

/** What the card waits for once no execution is at work on it, and how those have ended that were. */
async function afterwards(test: TestCloud, modelCardArn: string) {
  const from = test.clock.now();
  await test.pass(1 / 3600);
  await test.until("an end", async () => (await test.records.readCard(modelCardArn)).claim === undefined);
  await test.pass(1 / 3600);
  const ended = (await test.executions()).filter(
    ({ stopDate }) => stopDate !== undefined && stopDate >= from,
  );
  const end = ended.some(({ status }) => status === "FAILED") ? "FAILED" : ended[0]?.status;
  return { waits: await waits(test, modelCardArn), end };
}

async function look(test: TestCloud, modelCardArn: string) {
  const input = JSON.stringify({ modelCardArn, reason: "a test" });
  await test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input }));
  return afterwards(test, modelCardArn);
}

/** Shares that are not deleted. */
async function shares(test: TestCloud) {
  const { resourceShares = [] } = await test
    .ram(accounts.owner)
    .send(new GetResourceSharesCommand({ resourceOwner: "SELF" }));
  return resourceShares.filter(({ status }) => status === "ACTIVE");
}

/** Names of the shares that cards are in, of every card. */
async function sharesOfCards(test: TestCloud): Promise<(string | undefined)[]> {
  const { resourceShareAssociations = [] } = await test
    .ram(accounts.owner)
    .send(new GetResourceShareAssociationsCommand({ associationType: "RESOURCE" }));
  return resourceShareAssociations
    .filter(({ status }) => status === "ASSOCIATED")
    .map(({ resourceShareName }) => resourceShareName);
}

const settled = { waits: {}, end: "SUCCEEDED" };

describe("access that RAM does not settle at once", () => {
  it("waits as Associating, keeps no approver from being asked, and is granted by a later look", async () => {
    const test = createTestCloud({ associationDelayMs: () => 30 * 60_000 });
    const modelCardArn = await test.createCard("churn", "PendingReview");

    await test.pass(1 / 4);

    expect(await waits(test, modelCardArn)).toStrictEqual({ dev: "Associating", test: "Associating" });
    expect(await test.story(modelCardArn)).toStrictEqual([
      "AccessWaiting dev",
      "AccessWaiting test",
      "ApprovalRequested",
      "PromotionCompleted AccessWaiting",
    ]);
    await test.pass(1 / 2);
    await test.setStatus(modelCardArn, "Draft");
    await test.pass(1);
    expect(await waits(test, modelCardArn)).toStrictEqual({ test: "Disassociating" });
    expect(await test.story(modelCardArn)).toContain("AccessGranted dev");
    expect(await look(test, modelCardArn)).toStrictEqual(settled);
  });

  it("is told of in the execution's output, by stage", async () => {
    const test = createTestCloud({ associationDelayMs: () => 30 * 60_000 });
    const modelCardArn = await test.createCard("churn");

    await afterwards(test, modelCardArn);

    const executions = await test.executions();
    const outputs = await Promise.all(
      executions.map(async ({ executionArn }) => (await test.execution(executionArn ?? "")).output ?? ""),
    );
    const waiting = { [`default/dev/${accounts.dev}/read-write`]: "Associating" };
    expect(outputs.map((output): unknown => JSON.parse(output))).toContainEqual(
      expect.objectContaining({ status: "Draft", waiting }),
    );
  });

  it("waits as Disassociating while RAM does not let the card go", async () => {
    let delayMs = 0;
    const test = createTestCloud({ associationDelayMs: () => delayMs });
    const modelCardArn = await test.createCard("churn");
    await afterwards(test, modelCardArn);

    delayMs = 3_600_000;
    await test.setStatus(modelCardArn, "Archived");
    expect(await afterwards(test, modelCardArn)).toStrictEqual({
      waits: { dev: "Disassociating" },
      end: "SUCCEEDED",
    });
    await test.pass(1);

    expect(await look(test, modelCardArn)).toStrictEqual(settled);
    expect(await test.story(modelCardArn)).toContain("AccessRevoked dev");
  });

  it("fails as AssociationFailed with RAM's message, for one stage alone, and is associated again by the next look", async () => {
    const test = createTestCloud();
    test.cloud.ramBehaviour.associationOutcome = (entity) =>
      entity === accounts.dev ? "RAM is unwell" : undefined;
    const modelCardArn = await test.createCard("churn", "PendingReview");

    expect(await afterwards(test, modelCardArn)).toStrictEqual({
      waits: { dev: "AssociationFailed" },
      end: "FAILED",
    });
    const { waiting } = await test.records.readCard(modelCardArn);
    expect(Object.values(waiting)[0]?.message).toContain("RAM is unwell");
    expect((await test.story(modelCardArn)).slice(0, 2)).toStrictEqual([
      "AccessGranted test",
      "PromotionFailed",
    ]);

    test.cloud.ramBehaviour.associationOutcome = () => undefined;
    expect((await look(test, modelCardArn)).waits).toStrictEqual({});
    expect(await test.story(modelCardArn)).toContain("AccessGranted dev");
  });
});

describe("RAM under pressure", () => {
  it("throttles for minutes and fails no promotion", async () => {
    let throttled = 0;
    const test = createTestCloud();
    test.cloud.ramBehaviour.throttle = () => (throttled += 1) <= 25;
    const modelCardArn = await test.createCard("churn");

    expect(await afterwards(test, modelCardArn)).toStrictEqual(settled);
    expect((await test.executions()).map(({ status }) => status)).not.toContain("FAILED");
    expect(throttled).toBeGreaterThan(25);
  });

  it.each(["AssociateResourceShare", "GetResourceShareAssociations"])(
    "waits as Throttled where %s is throttled for longer, and goes on with the next look",
    async (operation) => {
      let isBusy = false;
      const test = createTestCloud({
        beforeCall(folder) {
          // ReadCard has nothing to go on with.
          if (folder === "grant-access") isBusy = true;
        },
      });
      let isOver = false;
      test.cloud.ramBehaviour.throttle = (name) => isBusy && !isOver && name === operation;
      const modelCardArn = await test.createCard("churn");

      expect(await afterwards(test, modelCardArn)).toStrictEqual({
        waits: { dev: "Throttled" },
        end: "SUCCEEDED",
      });
      isOver = true;
      expect(await look(test, modelCardArn)).toStrictEqual(settled);
    },
  );

  it("does not know a new share for a minute, in which the promotion waits", async () => {
    const test = createTestCloud({ ramBehaviour: { unknownAfterCreationMs: 60_000 } });
    const modelCardArn = await test.createCard("churn");

    expect(await afterwards(test, modelCardArn)).toStrictEqual(settled);
    expect(await shares(test)).toHaveLength(1);
  });

  it("does not know a new share for an hour, and the card waits as ShareNotReady", async () => {
    const test = createTestCloud({ ramBehaviour: { unknownAfterCreationMs: 3_600_000 } });
    const modelCardArn = await test.createCard("churn");

    expect(await afterwards(test, modelCardArn)).toStrictEqual({
      waits: { dev: "ShareNotReady" },
      end: "SUCCEEDED",
    });
    await test.pass(1);
    expect(await look(test, modelCardArn)).toStrictEqual(settled);
    expect(await shares(test)).toHaveLength(1);
  });

  it("says that there is nothing to take out of a share that it does not know yet, and is not believed", async () => {
    const test = createTestCloud();
    const modelCardArn = await test.createCard("churn");
    await afterwards(test, modelCardArn);

    test.cloud.ramBehaviour.unknownAfterCreationMs = 120_000;
    await test.setStatus(modelCardArn, "Archived");

    expect(await afterwards(test, modelCardArn)).toStrictEqual(settled);
    expect(await sharesOfCards(test)).toStrictEqual([]);
  });

  it("lists empty pages first, and nothing is overlooked", async () => {
    const test = createTestCloud({ ramBehaviour: { emptyPages: true } });
    const modelCardArn = await test.createCard("churn", "Approved");

    expect(await afterwards(test, modelCardArn)).toStrictEqual(settled);
    await test.setStatus(modelCardArn, "Archived");
    await afterwards(test, modelCardArn);
    test.cloud.ramBehaviour.emptyPages = false;
    expect(await sharesOfCards(test)).toStrictEqual([]);
    expect(await shares(test)).toHaveLength(3);
  });
});

describe("what RAM refuses", () => {
  it("waits as QuotaReached where no further share can be made, and keeps no other stage out", async () => {
    const test = createTestCloud({ ramBehaviour: { limits: { ...limits, sharesPerRegion: 1 } } });
    const modelCardArn = await test.createCard("churn", "PendingReview");

    expect(await afterwards(test, modelCardArn)).toStrictEqual({
      waits: { test: "QuotaReached" },
      end: "FAILED",
    });
    expect(await sharesOfCards(test)).toStrictEqual(["cardway-default-dev-read-write"]);

    test.cloud.ramBehaviour.limits = limits;
    expect((await look(test, modelCardArn)).waits).toStrictEqual({});
  });

  it("opens the next share where one is full", async () => {
    const test = createTestCloud({ ramBehaviour: { limits: { ...limits, associationsPerShare: 2 } } });
    for (const name of ["a", "b", "c"]) await afterwards(test, await test.createCard(name));

    expect(await sharesOfCards(test)).toStrictEqual([
      "cardway-default-dev-read-write",
      "cardway-default-dev-read-write",
      "cardway-default-dev-read-write-2",
    ]);
  });

  it("opens one empty share at most where the Region is full, however often it is tried", async () => {
    const test = createTestCloud();
    for (const name of ["a", "b", "c", "d"]) await afterwards(test, await test.createCard(name));
    test.cloud.ramBehaviour.limits = { ...limits, associationsPerRegion: 4 };

    const modelCardArn = await test.createCard("e");
    const full = { waits: { dev: "QuotaReached" }, end: "FAILED" };
    expect(await afterwards(test, modelCardArn)).toStrictEqual(full);
    expect(await look(test, modelCardArn)).toStrictEqual(full);
    expect(await look(test, modelCardArn)).toStrictEqual(full);
    expect(await shares(test)).toHaveLength(2);
  });

  it("opens the next share where a full one was empty so lately that RAM's lists still show it so", async () => {
    const test = createTestCloud({ ramBehaviour: { limits: { ...limits, associationsPerShare: 2 } } });
    for (const name of ["a", "b"]) {
      const modelCardArn = await test.createCard(name);
      await afterwards(test, modelCardArn);
      await test.setStatus(modelCardArn, "Archived");
      await afterwards(test, modelCardArn);
    }
    await test.pass(1);
    test.cloud.ramBehaviour.listLagMs = 1_800_000;
    for (const name of ["c", "d"]) await afterwards(test, await test.createCard(name));

    const modelCardArn = await test.createCard("e");
    expect(await afterwards(test, modelCardArn)).toStrictEqual({
      waits: { dev: "Associating" },
      end: "SUCCEEDED",
    });
    expect((await look(test, modelCardArn)).end).toBe("SUCCEEDED");

    await test.pass(1);
    expect(await look(test, modelCardArn)).toStrictEqual(settled);
    expect(await sharesOfCards(test)).toStrictEqual([
      "cardway-default-dev-read-write",
      "cardway-default-dev-read-write",
      "cardway-default-dev-read-write-2",
    ]);
    expect(await shares(test)).toHaveLength(2);
  });

  it("waits as OutsideOrganizationRefused where the settings keep cards inside", async () => {
    const test = createTestCloud({ organizationAccountIds: [accounts.owner, accounts.test, accounts.prod] });
    const modelCardArn = await test.createCard("churn", "PendingReview");

    expect(await afterwards(test, modelCardArn)).toStrictEqual({
      waits: { dev: "OutsideOrganizationRefused" },
      end: "FAILED",
    });
    expect(await sharesOfCards(test)).toStrictEqual(["cardway-default-test-read-write"]);
  });

  it("waits as ReaderRoleMissing where a read-only stage cannot be proved to be one", async () => {
    const test = createTestCloud();
    await test.deleteVerifier(accounts.prod);
    const modelCardArn = await test.createCard("churn", "Approved");

    expect(await afterwards(test, modelCardArn)).toStrictEqual({
      waits: { prod: "ReaderRoleMissing" },
      end: "FAILED",
    });
  });

  it("waits as ReadOnlyBroken where a read-only stage could write, before access and after", async () => {
    const broken = { waits: { prod: "ReadOnlyBroken" }, end: "FAILED" };
    const before = createTestCloud();
    await before.widenReader(accounts.prod);
    expect(await afterwards(before, await before.createCard("churn", "Approved"))).toStrictEqual(broken);

    const after = createTestCloud();
    const modelCardArn = await after.createCard("churn", "Approved");
    expect(await afterwards(after, modelCardArn)).toStrictEqual(settled);
    await after.widenReader(accounts.prod);
    expect(await look(after, modelCardArn)).toStrictEqual(broken);
  });
});

describe("the share of an audience", () => {
  it("is one, also where two cards come at the same moment and RAM's lists lag behind", async () => {
    const test = createTestCloud({ ramBehaviour: { listLagMs: 60_000 } });
    const cards = await Promise.all(["a", "b", "c"].map((name) => test.createCard(name)));

    for (const modelCardArn of cards) {
      expect((await afterwards(test, modelCardArn)).waits).toStrictEqual({});
    }
    expect((await test.executions()).map(({ status }) => status)).not.toContain("FAILED");
    await test.pass(1);
    expect(await shares(test)).toHaveLength(1);
    expect(await sharesOfCards(test)).toStrictEqual(
      Array.from({ length: 3 }, () => "cardway-default-dev-read-write"),
    );
  });

  it("is made anew where it was deleted by hand, though RAM lists it for two more hours", async () => {
    const test = createTestCloud();
    const modelCardArn = await test.createCard("churn");
    await afterwards(test, modelCardArn);
    const resourceShareArn = await test.shareOf("cardway-default-dev-read-write");
    await test.ram(accounts.owner).send(new DeleteResourceShareCommand({ resourceShareArn }));

    expect(await look(test, modelCardArn)).toStrictEqual(settled);

    expect(await shares(test)).toMatchObject([{ status: "ACTIVE" }]);
    expect(await sharesOfCards(test)).toHaveLength(1);
  });

  it("is the oldest of several that a crash has left, and the others lose no card and keep none", async () => {
    const test = createTestCloud();
    const key = `default/dev/${accounts.dev}/read-write`;
    const made: string[] = [];
    for (const name of ["oldest", "youngest"]) {
      const { resourceShare } = await test.ram(accounts.owner).send(
        new CreateResourceShareCommand({
          name,
          allowExternalPrincipals: false,
          tags: [{ key: "cardway:audience", value: key }],
        }),
      );
      made.push(resourceShare?.resourceShareArn ?? "");
    }
    const [, youngest = ""] = made;

    const first = await test.createCard("first");
    await afterwards(test, first);
    expect(await sharesOfCards(test)).toStrictEqual(["oldest"]);

    // A card that is in the younger one already stays there and gets its access.
    await test
      .ram(accounts.owner)
      .send(new AssociateResourceShareCommand({ resourceShareArn: youngest, resourceArns: [first] }));
    const second = await test.createCard("second");
    expect(await afterwards(test, second)).toStrictEqual(settled);
    expect(await look(test, first)).toStrictEqual(settled);

    await test.setStatus(first, "Archived");
    expect(await afterwards(test, first)).toStrictEqual(settled);
    expect(await sharesOfCards(test)).toStrictEqual(["oldest"]);
  });
});
