import { DisableRuleCommand } from "@aws-sdk/client-eventbridge";
import { DescribeModelCardCommand, type SageMakerClient } from "@aws-sdk/client-sagemaker";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { SageMakerModelCardStateChange } from "../../events/sagemaker-model-card-state-change.ts";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import { denied, may } from "./draft-to-production.ts";
import { type TestCloud, atRest, detailsOf, happened } from "./reviews.ts";
import { accounts, createTestCloud, eitherDecides, promotionArn } from "./test-cloud.ts";

type Options = NonNullable<Parameters<typeof createTestCloud>[0]>;

const readOnly = ["works", "AccessDeniedException"];
const theirs = { model_overview: { problem_type: "Written by production" } };

async function contentOf(test: TestCloud, modelCardArn: string): Promise<unknown> {
  const { Content } = await test.owner.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn }));
  return JSON.parse(Content ?? "");
}

/** A card whose version 1 was approved on the page, and which a share made by hand lets production write. */
async function writable(options: Options = {}, { callRule = true } = {}) {
  const test = createTestCloud(options);
  if (!callRule) await test.events.send(new DisableRuleCommand({ Name: "cardway-model-card-call" }));
  const modelCardArn = await test.createCard("churn", "PendingReview");
  await test.until("the mails", () => (test.links("churn").length >= 2 ? true : undefined));
  await test.post(test.links("churn")[0] ?? "", "approve");
  await happened(test, modelCardArn, "AccessGranted prod");
  await atRest(test);
  const approvedContent = await contentOf(test, modelCardArn);
  await test.shareByHand([modelCardArn], [accounts.prod]);
  await test.clock.advance(60_000);
  return { test, modelCardArn, approvedContent, production: test.sageMaker(accounts.prod) };
}

async function accessOf(test: TestCloud, modelCardArn: string): Promise<string[][]> {
  return [
    await may(await test.reader(accounts.prod), modelCardArn),
    await may(test.sageMaker(accounts.prod), modelCardArn),
  ];
}

async function failures(test: TestCloud): Promise<number> {
  return (await test.executions()).filter(({ status }) => status === "FAILED").length;
}

/** Something that is done once, right before a function's call. */
function before(folder: string, operation: string) {
  let action: (() => Promise<void> | void) | undefined;
  return {
    arm: (next: () => Promise<void> | void): void => {
      action = next;
    },
    beforeCall: async (calling: string, called: string): Promise<void> => {
      const next = action;
      if (next === undefined || calling !== folder || called !== operation) return;
      action = undefined;
      await next();
    },
  };
}

function died(): never {
  throw Object.assign(new Error("The function died."), { name: "ServiceUnavailable" });
}

describe.each([
  { userContext: "empty", callRule: true },
  { userContext: "iam-identity", callRule: true },
  { userContext: "iam-identity", callRule: false },
] as const)(
  "an update from a read-only stage (user context $userContext, CloudTrail $callRule)",
  ({ userContext, callRule }) => {
    it.each(["kept", "Draft"] as const)(
      "of an approved card is set back to the approved content, which stays approved (status of a new version: %s)",
      async (statusOfNewVersion) => {
        const { test, modelCardArn, approvedContent, production } = await writable(
          { modelCardBehaviour: { userContext, statusOfNewVersion } },
          { callRule },
        );

        await test.edit(modelCardArn, theirs, production);
        await happened(test, modelCardArn, "UpdateReverted prod");
        await atRest(test);

        expect(await test.status(modelCardArn)).toBe("Approved 3");
        expect(await contentOf(test, modelCardArn)).toStrictEqual(approvedContent);
        expect(await accessOf(test, modelCardArn)).toStrictEqual([readOnly, denied]);
        const { approved } = await test.records.readCard(modelCardArn);
        expect(approved).toMatchObject({ version: 3, restoredFrom: 1 });
        expect(await detailsOf(test, modelCardArn, "UpdateReverted")).toMatchObject([
          {
            accountId: accounts.prod,
            changed: expect.arrayContaining(["content"]),
            fromVersion: 2,
            toVersion: 1,
            restoredVersion: 3,
            toStatus: "Approved",
            approvalRequestId: approved?.requestId,
          },
        ]);
        expect(await failures(test)).toBe(0);
      },
    );

    it.each(["Archived", "Draft", "PendingReview"] as const)(
      "that sets an approved card %s is set back",
      async (status) => {
        const { test, modelCardArn, production } = await writable(
          { modelCardBehaviour: { userContext } },
          { callRule },
        );

        await test.setStatus(modelCardArn, status, production);
        await happened(test, modelCardArn, "UpdateReverted prod");
        await atRest(test);

        expect(await test.status(modelCardArn)).toBe("Approved 1");
        expect(await accessOf(test, modelCardArn)).toStrictEqual([readOnly, denied]);
        expect(await detailsOf(test, modelCardArn, "UpdateReverted")).toMatchObject([
          { changed: ["status"], fromStatus: status, toStatus: "Approved", restoredVersion: 1 },
        ]);
      },
    );

    it("that approves a card in review opens nothing for long: the card is in review again", async () => {
      const test = createTestCloud({ modelCardBehaviour: { userContext } });
      if (!callRule) await test.events.send(new DisableRuleCommand({ Name: "cardway-model-card-call" }));
      const modelCardArn = await test.createCard("churn", "PendingReview");
      await test.until("the mails", () => (test.links("churn").length >= 2 ? true : undefined));
      await atRest(test, 1);
      await test.clock.advance(60_000);
      await test.shareByHand([modelCardArn], [accounts.prod]);

      await test.setStatus(modelCardArn, "Approved", test.sageMaker(accounts.prod));
      await happened(test, modelCardArn, "UpdateReverted prod");
      await atRest(test, 1);

      expect(await test.status(modelCardArn)).toBe("PendingReview 1");
      expect(await accessOf(test, modelCardArn)).toStrictEqual([denied, denied]);
    });

    it("of a draft takes nothing from those who work on it", async () => {
      const test = createTestCloud({ modelCardBehaviour: { userContext } });
      if (!callRule) await test.events.send(new DisableRuleCommand({ Name: "cardway-model-card-call" }));
      const modelCardArn = await test.createCard("churn");
      const work = { model_overview: { problem_type: "Churn" } };
      await happened(test, modelCardArn, "AccessGranted dev");
      await test.edit(modelCardArn, work, test.sageMaker(accounts.dev));
      await atRest(test);
      await test.clock.advance(60_000);
      await test.shareByHand([modelCardArn], [accounts.prod]);

      await test.edit(modelCardArn, theirs, test.sageMaker(accounts.prod));
      await happened(test, modelCardArn, "UpdateReverted prod");
      await atRest(test);

      expect(await test.status(modelCardArn)).toBe("Draft 4");
      expect(await contentOf(test, modelCardArn)).toMatchObject(work);
    });

    it("is announced once, and set back once, however often events tell of it", async () => {
      const { test, modelCardArn, production } = await writable(
        { modelCardBehaviour: { userContext, eventCopies: 3 } },
        { callRule },
      );

      await test.edit(modelCardArn, theirs, production);
      await happened(test, modelCardArn, "UpdateReverted prod");
      await atRest(test);
      await test.pass(1);
      await atRest(test);

      expect(await test.status(modelCardArn)).toBe("Approved 3");
      const updates = (await detailsOf(test, modelCardArn, "ReadOnlyBroken")).filter((detail) =>
        JSON.stringify(detail).includes('"kind":"update"'),
      );
      expect(updates).toHaveLength(1);
    });
  },
);

describe("an update from a read-only stage", () => {
  it("of which nothing tells is an edit like any other: the card goes back to review", async () => {
    const { test, modelCardArn, production } = await writable({}, { callRule: false });

    await test.edit(modelCardArn, theirs, production);
    await happened(test, modelCardArn, "ReviewReopened");
    await atRest(test, 1);

    expect(await test.status(modelCardArn)).toBe("PendingReview 2");
    expect(await accessOf(test, modelCardArn)).toStrictEqual([denied, denied]);
  });

  it("that CloudTrail tells of late is set back although the card is in review by then", async () => {
    const { test, modelCardArn, approvedContent, production } = await writable({}, { callRule: false });
    const eventTime = test.clock
      .now()
      .toISOString()
      .replace(/\.\d+Z/, "Z");
    await test.edit(modelCardArn, theirs, production);
    await happened(test, modelCardArn, "ApprovalRequested", 2);
    await atRest(test, 1);
    await test.clock.advance(600_000);
    const apiCall = {
      modelCardName: modelCardArn,
      account: accounts.owner,
      region: "us-east-1",
      eventName: "UpdateModelCard",
      eventId: "late",
      caller: "",
      callerAccount: accounts.prod,
      eventTime,
      status: "",
    };

    for (const name of ["late", "twice"]) {
      await test.stepFunctions.send(
        new StartExecutionCommand({
          stateMachineArn: promotionArn,
          name,
          input: JSON.stringify({ apiCall }),
        }),
      );
      await happened(test, modelCardArn, "UpdateReverted prod");
      await atRest(test);
    }

    expect(await test.status(modelCardArn)).toBe("Approved 3");
    expect(await contentOf(test, modelCardArn)).toStrictEqual(approvedContent);
    expect(await accessOf(test, modelCardArn)).toStrictEqual([readOnly, denied]);
    expect(await test.story(modelCardArn)).toContain("ApprovalDecided superseded");
  });

  it("that SageMaker's event alone tells of, once the card was settled, is set back", async () => {
    const test = createTestCloud();
    await test.events.send(new DisableRuleCommand({ Name: "cardway-model-card-call" }));
    const modelCardArn = await test.createCard("churn");
    await happened(test, modelCardArn, "PromotionCompleted AccessSettled");
    const before = await contentOf(test, modelCardArn);
    await test.clock.advance(60_000);
    await test.shareByHand([modelCardArn], [accounts.prod]);
    await test.edit(modelCardArn, theirs, test.sageMaker(accounts.prod));
    await happened(test, modelCardArn, "PromotionCompleted AccessSettled", 2);
    await atRest(test);
    const { LastModifiedTime } = await test.owner.send(
      new DescribeModelCardCommand({ ModelCardName: modelCardArn }),
    );
    const { sample } = SageMakerModelCardStateChange;
    const LastModifiedBy = { IamIdentity: { Arn: `arn:aws:iam::${accounts.prod}:role/somebody` } };
    const detail = {
      ...sample.detail,
      ModelCardVersion: 2,
      LastModifiedTime: LastModifiedTime?.toISOString(),
      LastModifiedBy,
    };

    const input = JSON.stringify({ ...sample, resources: [modelCardArn], detail });
    await test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input }));
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test);

    expect(await contentOf(test, modelCardArn)).toStrictEqual(before);
  });

  it("by a reader role that could update is set back, and the role loses its access", async () => {
    const test = createTestCloud();
    const modelCardArn = await test.createCard("churn", "Approved");
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);
    await test.clock.advance(60_000);
    const content = await contentOf(test, modelCardArn);
    await test.widenReader(accounts.prod);

    await test.edit(modelCardArn, theirs, await test.reader(accounts.prod));
    await happened(test, modelCardArn, "PromotionFailed");
    await atRest(test);

    expect(await test.status(modelCardArn)).toBe("Approved 3");
    expect(await contentOf(test, modelCardArn)).toStrictEqual(content);
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);
    expect(await test.story(modelCardArn)).toContain("UpdateReverted prod");
  });

  it("in two steps, content and then status, is set back as a whole", async () => {
    const { test, modelCardArn, approvedContent, production } = await writable();

    await test.edit(modelCardArn, theirs, production);
    await test.setStatus(modelCardArn, "Archived", production);
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test);

    expect(await test.status(modelCardArn)).toBe("Approved 3");
    expect(await contentOf(test, modelCardArn)).toStrictEqual(approvedContent);
  });

  it("cannot be set back where the quota of versions is used up: the card goes back to review", async () => {
    const { test, modelCardArn, production } = await writable({ modelCardBehaviour: { versionsPerCard: 2 } });

    await test.edit(modelCardArn, theirs, production);
    await happened(test, modelCardArn, "ApprovalRequested", 2);
    await atRest(test, 1);

    expect(await test.status(modelCardArn)).toBe("PendingReview 2");
    expect(await accessOf(test, modelCardArn)).toStrictEqual([denied, denied]);
    expect(await detailsOf(test, modelCardArn, "ReadOnlyBroken")).toContainEqual(
      expect.objectContaining({ notReverted: "the quota of model card versions is used up" }),
    );
    expect(await test.story(modelCardArn)).not.toContain("UpdateReverted prod");
  });

  it("cannot be set back to Approved where nobody is known to have approved what was there", async () => {
    const { test, modelCardArn, production } = await writable();
    await test.records.changeCard(modelCardArn, ({ approved: _one, approvedLast: _other, ...record }) => ({
      record,
      result: undefined,
    }));

    await test.edit(modelCardArn, theirs, production);
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test, 1);

    expect(await test.status(modelCardArn)).toBe("PendingReview 3");
    expect(await accessOf(test, modelCardArn)).toStrictEqual([denied, denied]);
  });

  it("is left where approvers have approved that very version since", async () => {
    const { test, modelCardArn, production } = await writable({}, { callRule: false });
    const eventTime = test.clock.now().toISOString();
    await test.edit(modelCardArn, theirs, production);
    await test.until("the mails", () => (test.links("churn").length >= 4 ? true : undefined));
    await atRest(test, 1);
    await test.post(test.links("churn").at(-1) ?? "", "approve");
    await happened(test, modelCardArn, "AccessGranted prod", 2);
    await atRest(test);

    const apiCall = {
      modelCardName: modelCardArn,
      account: accounts.owner,
      region: "us-east-1",
      eventName: "UpdateModelCard",
      eventId: "late",
      callerAccount: accounts.prod,
      eventTime,
    };
    const input = JSON.stringify({ apiCall });
    await test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input }));
    await atRest(test);

    expect(await test.status(modelCardArn)).toBe("Approved 2");
    expect(await test.story(modelCardArn)).toContain("ReadOnlyBroken prod");
  });

  it("whose authors' work is approved still: they may not approve it, and who wrote in between is none of them", async () => {
    const { test, modelCardArn, production } = await writable({
      modelCardBehaviour: { userContext: "iam-identity" },
    });
    const authors = (await test.records.readCard(modelCardArn)).approvedLast?.editors ?? [];

    await test.edit(modelCardArn, theirs, production);
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test);

    const { editors } = await test.records.readCard(modelCardArn);
    const intruder = `arn:aws:iam::${accounts.prod}:user/administrator`;
    expect(authors).toContain(`arn:aws:iam::${accounts.owner}:user/administrator`);
    expect(editors?.identities).toStrictEqual(expect.arrayContaining([...authors, intruder]));
    expect(editors?.approved).toStrictEqual({ version: 3, identities: authors });
  });
});

describe("setting an update back", () => {
  const mine = { model_overview: { problem_type: "Mended by the developer" } };

  /** Somebody in dev edits right before the call of RevertUpdate that makes a version. */
  async function editedMeanwhile(client: (test: TestCloud) => SageMakerClient) {
    const write = before("revert-update", "UpdateModelCard");
    const made = await writable({ beforeCall: write.beforeCall });
    const { test, modelCardArn, production } = made;
    write.arm(() => test.edit(modelCardArn, mine, client(test)));
    await test.edit(modelCardArn, theirs, production);
    return made;
  }

  it("gives way to somebody's edit in the same moment: theirs is the newest, and is reviewed", async () => {
    const { test, modelCardArn } = await editedMeanwhile((test) => test.sageMaker(accounts.dev));

    await happened(test, modelCardArn, "ApprovalRequested", 2);
    await atRest(test, 1);

    expect(await contentOf(test, modelCardArn)).toMatchObject(mine);
    expect(await test.status(modelCardArn)).toBe("PendingReview 5");
    expect(await accessOf(test, modelCardArn)).toStrictEqual([denied, denied]);
    expect(await test.story(modelCardArn)).not.toContain("UpdateReverted prod");
  });

  it.each(["UpdateModelCard", "DescribeModelCard", "PutItem", "PutEvents"])(
    "goes on where the function dies before %s",
    async (operation) => {
      for (let nth = 1; nth <= 5; nth += 1) {
        let calls = 0;
        let armed = false;
        const { test, modelCardArn, approvedContent, production } = await writable({
          modelCardBehaviour: { statusOfNewVersion: "Draft" },
          beforeCall(folder, called) {
            if (!armed || folder !== "revert-update" || called !== operation) return;
            calls += 1;
            if (calls === nth) died();
          },
        });
        armed = true;

        await test.edit(modelCardArn, theirs, production);
        await happened(test, modelCardArn, "UpdateReverted prod");
        await atRest(test);

        expect(await test.status(modelCardArn)).toBe("Approved 3");
        expect(await contentOf(test, modelCardArn)).toStrictEqual(approvedContent);
        expect(await detailsOf(test, modelCardArn, "UpdateReverted")).toHaveLength(1);
        expect(await failures(test)).toBe(0);
        if (calls < nth) break;
      }
    },
  );

  it("is gone on with by the next execution where its own can go no further", async () => {
    let isBroken = true;
    const { test, modelCardArn, approvedContent, production } = await writable({
      modelCardBehaviour: { statusOfNewVersion: "Draft" },
      beforeCall(folder, called) {
        if (folder !== "revert-update" || called !== "PutEvents" || !isBroken) return;
        throw Object.assign(new Error("No."), { name: "AccessDeniedException" });
      },
    });
    await test.edit(modelCardArn, theirs, production);
    await test.until("the failure", async () => (await failures(test)) > 0);
    await atRest(test);
    expect(await accessOf(test, modelCardArn)).toStrictEqual([denied, denied]);

    isBroken = false;
    await test.setStatus(modelCardArn, "Draft");
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test);

    expect(await contentOf(test, modelCardArn)).toStrictEqual(approvedContent);
  });

  it("ends where the stage goes on writing: after three times it loses its access first", async () => {
    const writer = { write: (): Promise<void> => Promise.resolve() };
    const { test, modelCardArn, approvedContent, production } = await writable(
      {
        modelCardBehaviour: { userContext: "iam-identity" },
        beforeCall: (folder, called) =>
          folder === "read-card" && called === "DescribeModelCard" ? writer.write() : undefined,
      },
      { callRule: false },
    );
    writer.write = async () => {
      const { foreignUpdates } = await test.records.readCard(modelCardArn);
      if ((foreignUpdates?.reverts ?? 0) === 0 || foreignUpdates?.reverting !== undefined) return;
      await test.edit(modelCardArn, theirs, production).catch(() => undefined);
    };

    await test.edit(modelCardArn, theirs, production);
    await happened(test, modelCardArn, "UpdateReverted prod", 4);
    await atRest(test);

    expect(await contentOf(test, modelCardArn)).toStrictEqual(approvedContent);
    expect(await accessOf(test, modelCardArn)).toStrictEqual([readOnly, denied]);
    expect(await test.story(modelCardArn)).toContain("AccessRevoked prod");
  });

  it("overwrites nothing where somebody has edited since: their version is reviewed", async () => {
    const { test, modelCardArn, production } = await writable({ eventDelayMs: () => 10_000 });
    await test.edit(modelCardArn, theirs, production);
    await test.clock.advance(5_000);
    await test.edit(modelCardArn, mine, test.sageMaker(accounts.dev));

    await happened(test, modelCardArn, "ApprovalRequested", 2);
    await atRest(test, 1);

    expect(await contentOf(test, modelCardArn)).toMatchObject(mine);
    expect(await test.status(modelCardArn)).toBe("PendingReview 3");
    expect(await test.story(modelCardArn)).toContain("ReadOnlyBroken prod");
    expect(await test.story(modelCardArn)).not.toContain("UpdateReverted prod");
  });

  it("gives no approval to another lifecycle than it was given for", async () => {
    const { policyVersion: _derived, lifecycles, ...others } = eitherDecides;
    const [lifecycle = { name: "", stages: [] }] = lifecycles;
    const { test, modelCardArn, production } = await writable();
    test.deploy(
      defineSettings({
        ...others,
        lifecycles: [lifecycle, { ...lifecycle, name: "fraud" }],
        routes: [{ namePattern: "*", lifecycle: "fraud" }],
      }),
    );

    await test.edit(modelCardArn, theirs, production);
    await happened(test, modelCardArn, "UpdateReverted prod");
    await atRest(test, 1);

    expect(await test.status(modelCardArn)).toBe("PendingReview 3");
    expect(await accessOf(test, modelCardArn)).toStrictEqual([denied, denied]);
  });
});
