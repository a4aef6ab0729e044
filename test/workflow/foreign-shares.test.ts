import {
  AssociateResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import { denied, may, settledWith } from "./draft-to-production.ts";
import { detailsOf } from "./reviews.ts";
import { type TestCloud, accounts, createTestCloud, eitherDecides } from "./test-cloud.ts";

const production = async (test: TestCloud, modelCardArn: string) =>
  may(test.sageMaker(accounts.prod), modelCardArn);

/** Cards and principals that a share has now. */
async function membersOf(test: TestCloud, resourceShareArn: string): Promise<string[]> {
  const lists = (["RESOURCE", "PRINCIPAL"] as const).map((associationType) =>
    test.ram(accounts.owner).send(
      new GetResourceShareAssociationsCommand({
        associationType,
        resourceShareArns: [resourceShareArn],
        associationStatus: "ASSOCIATED",
      }),
    ),
  );
  const answers = await Promise.all(lists);
  return answers.flatMap(({ resourceShareAssociations }) =>
    (resourceShareAssociations ?? []).flatMap(({ associatedEntity }) => associatedEntity ?? []),
  );
}

async function approved(test: TestCloud, name: string): Promise<string> {
  const modelCardArn = await test.createCard(name, "Approved");
  await settledWith(test, modelCardArn, "AccessGranted prod");
  return modelCardArn;
}

/** What was announced about read-only: whether access was removed, and through which share it was. */
async function broken(test: TestCloud, modelCardArn: string) {
  return detailsOf(test, modelCardArn, "ReadOnlyBroken");
}

describe("a share made by hand through which a read-only stage could write", () => {
  it.each([0, 60_000])(
    "loses the card, and nothing else, which is announced (RAM takes %i ms)",
    async (associationDelayMs) => {
      const test = createTestCloud({ associationDelayMs: () => associationDelayMs });
      const modelCardArn = await approved(test, "churn");
      const other = await test.createCard("other");
      await settledWith(test, other, "PromotionCompleted AccessSettled");
      const share = await test.shareByHand([modelCardArn, other], [accounts.prod, accounts.dev]);
      await test.clock.advance(associationDelayMs);
      expect(await production(test, modelCardArn)).toStrictEqual(["works", "works"]);

      await test.setStatus(modelCardArn, "Approved");
      await settledWith(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway", 2);

      expect(await production(test, modelCardArn)).toStrictEqual(denied);
      expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual([
        "works",
        "AccessDeniedException",
      ]);
      expect((await membersOf(test, share)).toSorted()).toStrictEqual(
        [accounts.dev, accounts.prod, other].toSorted(),
      );
      expect(await broken(test, modelCardArn)).toMatchObject([
        {
          stage: "prod",
          accountId: accounts.prod,
          violations: [
            { kind: "principal-of-foreign-share", principal: accounts.prod, resourceShareArn: share },
          ],
          accessRemoved: true,
        },
      ]);
      expect((await test.executions()).map(({ status }) => status)).not.toContain("FAILED");
    },
  );

  it("is found at every status, not only where the stage has the card", async () => {
    const test = createTestCloud();
    const modelCardArn = await test.createCard("churn");
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled");
    await test.shareByHand([modelCardArn], [`arn:aws:iam::${accounts.prod}:role/deployer`]);

    await test.setStatus(modelCardArn, "Draft");
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled", 2);

    expect(await broken(test, modelCardArn)).toMatchObject([{ accessRemoved: true }]);
  });

  it("is left alone where it names the reader role alone, or who may write anyway", async () => {
    const test = createTestCloud();
    const modelCardArn = await approved(test, "churn");
    const reader = `arn:aws:iam::${accounts.prod}:role/cardway-card-reader`;
    const share = await test.shareByHand([modelCardArn], [reader, accounts.dev]);

    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway", 2);

    expect(await membersOf(test, share)).toContain(modelCardArn);
    expect(await broken(test, modelCardArn)).toStrictEqual([]);
  });

  it("is announced anew where somebody puts the card in again", async () => {
    const test = createTestCloud();
    const modelCardArn = await approved(test, "churn");
    const share = await test.shareByHand([modelCardArn], [accounts.prod]);
    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway", 2);

    await test
      .ram(accounts.owner)
      .send(new AssociateResourceShareCommand({ resourceShareArn: share, resourceArns: [modelCardArn] }));
    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway", 3);

    expect(await broken(test, modelCardArn)).toHaveLength(2);
    expect(await production(test, modelCardArn)).toStrictEqual(denied);
  });

  it("is announced once where the function dies right after the card is out", async () => {
    const deaths = { left: 0 };
    let isOut = false;
    const test = createTestCloud({
      beforeCall(folder, operation) {
        if (folder !== "revoke-access" || deaths.left === 0) return;
        if (operation === "/disassociateresourceshare") isOut = true;
        else if (isOut) {
          deaths.left -= 1;
          throw Object.assign(new Error("The function died."), { name: "ServiceUnavailable" });
        }
      },
    });
    const modelCardArn = await approved(test, "churn");
    await test.shareByHand([modelCardArn], [accounts.prod]);
    deaths.left = Infinity;

    await test.setStatus(modelCardArn, "Approved");
    // It is tried for about a quarter of an hour.
    await test.clock.advance(1_800_000);
    expect((await test.executions()).map(({ status }) => status)).toContain("FAILED");
    expect(await broken(test, modelCardArn)).toStrictEqual([]);
    deaths.left = 0;
    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway", 2);

    expect(await broken(test, modelCardArn)).toMatchObject([{ accessRemoved: true }]);
  });

  it("fails the execution where RAM does not let the card go, once all else is done; it is announced once", async () => {
    let refuses = true;
    const test = createTestCloud({
      beforeCall(folder, operation) {
        const isRefused = folder === "revoke-access" && operation === "/disassociateresourceshare";
        if (refuses && isRefused)
          throw Object.assign(new Error("No."), { name: "OperationNotPermittedException" });
      },
    });
    const modelCardArn = await test.createCard("churn");
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled");
    const share = await test.shareByHand([modelCardArn], [accounts.prod]);
    const failures = async () => (await test.executions()).filter(({ status }) => status === "FAILED");

    await test.setStatus(modelCardArn, "Approved");
    await test.until("the failure", async () => (await failures()).length > 0);
    await test.setStatus(modelCardArn, "Approved");
    await test.until("another failure", async () => (await failures()).length > 1);

    const [failed] = await failures();
    const { cause } = await test.execution(failed?.executionArn ?? "");
    expect(cause).toContain("ReadOnlyBrokenError");
    expect(cause).toContain(`Take the card out of that share by hand`);
    expect(cause).toContain(share);
    expect(await test.story(modelCardArn)).toContain("AccessGranted prod");
    expect(await broken(test, modelCardArn)).toMatchObject([{ accessRemoved: false }]);

    refuses = false;
    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway");
    expect(await broken(test, modelCardArn)).toMatchObject([
      { accessRemoved: false },
      { accessRemoved: true },
    ]);
    expect(await production(test, modelCardArn)).toStrictEqual(denied);
  });

  it("is waited for where it comes while access is confirmed: the card is read and planned again", async () => {
    let meddled: Promise<string> | undefined;
    const test: TestCloud = createTestCloud({
      async beforeCall(folder, operation) {
        if (meddled !== undefined || folder !== "confirm-access" || operation !== "/listprincipals") return;
        meddled = test.shareByHand([modelCardArn], [accounts.prod]);
        await meddled;
      },
    });
    const modelCardArn = await test.createCard("churn", "Approved");
    await settledWith(test, modelCardArn, "AccessGranted prod");

    expect(await production(test, modelCardArn)).toStrictEqual(denied);
    expect(await broken(test, modelCardArn)).toMatchObject([{ accessRemoved: true }]);
    expect((await test.executions()).map(({ status }) => status)).not.toContain("FAILED");
  });
});

const { policyVersion: _derived, lifecycles, ...others } = eitherDecides;
const [lifecycle = { name: "", stages: [] }] = lifecycles;

/** Two lifecycles with the same stages in the same accounts; cards named `fraud…` take the second. */
const twoLifecycles = defineSettings({
  ...others,
  lifecycles: [lifecycle, { ...lifecycle, name: "fraud" }],
  routes: [
    { namePattern: "fraud*", lifecycle: "fraud" },
    { namePattern: "*", lifecycle: "default" },
  ],
});

const readOnly = ["works", "AccessDeniedException"];

describe("access that ends for one card", () => {
  it("stays for the other cards of the same shares", async () => {
    const test = createTestCloud();
    const [first, second] = [await approved(test, "first"), await approved(test, "second")];

    await test.setStatus(first, "Archived");
    await settledWith(test, first, "AccessRevoked prod");

    const reader = await test.reader(accounts.prod);
    expect(await may(reader, first)).toStrictEqual(denied);
    expect(await may(reader, second)).toStrictEqual(readOnly);
    expect(await may(test.sageMaker(accounts.dev), second)).toStrictEqual(["works", "works"]);
  });

  it("stays for the cards of another lifecycle with stages in the same accounts", async () => {
    const test = createTestCloud({ settings: twoLifecycles });
    const [churn, fraud] = [await approved(test, "churn"), await approved(test, "fraud")];

    await test.setStatus(churn, "Archived");
    await settledWith(test, churn, "AccessRevoked prod");

    const reader = await test.reader(accounts.prod);
    expect(await may(reader, churn)).toStrictEqual(denied);
    expect(await may(reader, fraud)).toStrictEqual(readOnly);
    expect(await may(test.sageMaker(accounts.dev), fraud)).toStrictEqual(["works", "works"]);
  });

  it("stays through its new lifecycle where a card moves to one that has the same accounts", async () => {
    const test = createTestCloud({ settings: twoLifecycles });
    const modelCardArn = await approved(test, "churn");

    test.deploy(
      defineSettings({
        ...others,
        lifecycles: [lifecycle, { ...lifecycle, name: "fraud" }],
        routes: [{ namePattern: "*", lifecycle: "fraud" }],
      }),
    );
    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "AccessGranted prod", 2);

    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(readOnly);
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(["works", "works"]);
    const { resourceShareAssociations } = await test.ram(accounts.owner).send(
      new GetResourceShareAssociationsCommand({
        associationType: "RESOURCE",
        resourceArn: modelCardArn,
        associationStatus: "ASSOCIATED",
      }),
    );
    expect(resourceShareAssociations).toHaveLength(3);
  });

  it("stays through a share made by hand for who may write, and the other way round", async () => {
    const test = createTestCloud();
    const modelCardArn = await approved(test, "churn");
    const share = await test.shareByHand([modelCardArn], [accounts.dev]);

    await test
      .ram(accounts.owner)
      .send(new DisassociateResourceShareCommand({ resourceShareArn: share, principals: [accounts.dev] }));
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(["works", "works"]);
    await test
      .ram(accounts.owner)
      .send(new AssociateResourceShareCommand({ resourceShareArn: share, principals: [accounts.dev] }));
    await test.setStatus(modelCardArn, "Archived");
    await settledWith(test, modelCardArn, "AccessRevoked dev");

    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(["works", "works"]);
    expect(await membersOf(test, share)).toContain(modelCardArn);
  });
});

describe("two stages in one account", () => {
  const twoProductions = defineSettings({
    ...others,
    lifecycles: [
      {
        ...lifecycle,
        stages: lifecycle.stages.flatMap((stage) =>
          stage.name === "prod"
            ? [
                { ...stage, access: { ...stage.access, Archived: "read-only" as const } },
                { ...stage, name: "prod-2" },
              ]
            : [stage],
        ),
      },
    ],
  });

  it("each keep what they need when the other's access ends", async () => {
    const test = createTestCloud({ settings: twoProductions });
    const modelCardArn = await approved(test, "churn");
    await settledWith(test, modelCardArn, "AccessGranted prod-2");

    await test.setStatus(modelCardArn, "Archived");
    await settledWith(test, modelCardArn, "AccessRevoked prod-2");

    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(readOnly);
    expect(await test.story(modelCardArn)).not.toContain("ReadOnlyBroken prod");
  });
});
