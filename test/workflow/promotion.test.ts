import {
  AssociateResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
} from "@aws-sdk/client-ram";
import { DeleteModelCardCommand } from "@aws-sdk/client-sagemaker";
import { RedriveExecutionCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { noCard } from "../../functions/records/effects.ts";
import { defineSettings } from "../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { denied, draftToProduction, may, settledWith } from "./draft-to-production.ts";
import { type TestCloud, accounts, createTestCloud, eitherDecides, promotionArn } from "./test-cloud.ts";

async function toReview(test: TestCloud, name: string): Promise<string> {
  const modelCardArn = await test.createCard(name, "PendingReview");
  await test.until("the mails", () => (test.links(name).length >= 2 ? true : undefined));
  return modelCardArn;
}

async function toProduction(test: TestCloud, name: string): Promise<string> {
  const modelCardArn = await toReview(test, name);
  await test.post(test.links(name)[0] ?? "", "approve");
  await settledWith(test, modelCardArn, "AccessGranted prod");
  return modelCardArn;
}

describe("a model card's way", () => {
  it("goes from Draft to production, each account getting what its stage may have and no more", async () => {
    const test = createTestCloud();

    await draftToProduction(test, test.post);
  });

  it("keeps every effect on record, in order, under the execution that caused it", async () => {
    const test = createTestCloud();

    const modelCardArn = await toProduction(test, "churn");

    expect(await test.story(modelCardArn)).toStrictEqual([
      "AccessGranted dev",
      "AccessGranted test",
      "ApprovalRequested",
      "PromotionCompleted AccessSettled",
      "ApprovalDecided approved",
      "AccessGranted prod",
      "PromotionCompleted AccessSettled",
    ]);
    const executionArns = (await test.executions()).map(({ executionArn }) => executionArn);
    const effects = await test.records.effectsOf(modelCardArn);
    expect(effects.every(({ detail }) => executionArns.includes(String(detail["executionArn"])))).toBe(true);
  });

  it("is the same where IAM's simulation counts the owner's consent as missing", async () => {
    const test = createTestCloud({ crossAccountSimulation: "denied-without-resource-policy" });

    const modelCardArn = await toProduction(test, "churn");

    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual([
      "works",
      "AccessDeniedException",
    ]);
  });

  it("waits for RAM as long as RAM takes", async () => {
    const test = createTestCloud({ associationDelayMs: () => 5 * 60_000 });

    const modelCardArn = await test.createCard("churn");
    await settledWith(test, modelCardArn, "AccessGranted dev");

    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(["works", "works"]);
  });

  it("loses production again when the card is archived", async () => {
    const test = createTestCloud();
    const modelCardArn = await toProduction(test, "churn");

    await test.setStatus(modelCardArn, "Archived");
    await settledWith(test, modelCardArn, "AccessRevoked prod");

    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(denied);
  });

  it("returns to review when the card is edited after its approval, and closes production first", async () => {
    const test = createTestCloud();
    const modelCardArn = await toProduction(test, "churn");

    await test.edit(
      modelCardArn,
      { model_overview: { problem_type: "Something else" } },
      test.sageMaker(accounts.dev),
    );
    await settledWith(test, modelCardArn, "ApprovalRequested", 2);

    expect(await test.status(modelCardArn)).toBe("PendingReview 2");
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);
    expect(await test.story(modelCardArn)).toContain("ReviewReopened");
  });

  it("is the same where a new version starts in Draft", async () => {
    const test = createTestCloud({ modelCardBehaviour: { statusOfNewVersion: "Draft" } });
    const modelCardArn = await toProduction(test, "churn");

    await test.edit(modelCardArn, { model_overview: { problem_type: "Something else" } });
    await settledWith(test, modelCardArn, "AccessRevoked prod");

    expect(await test.status(modelCardArn)).toBe("Draft 2");
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);
  });

  it("accepts an approval set outside, and says so", async () => {
    const test = createTestCloud();
    const modelCardArn = await toReview(test, "churn");

    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionCompleted ApprovedOutsideCardway");

    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual([
      "works",
      "AccessDeniedException",
    ]);
    expect(await test.story(modelCardArn)).toContain("ApprovalDecided withdrawn");
  });

  it("stays out of production until a decision is on record, where the settings ask for one", async () => {
    const settings = defineSettings({ ...withoutVersion(), requireRecordedApproval: true });
    const test = createTestCloud({ settings });

    const modelCardArn = await test.createCard("churn", "Approved");
    await settledWith(test, modelCardArn, "ApprovalRequested");
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);

    await test.post(test.links("churn")[0] ?? "", "approve");
    await settledWith(test, modelCardArn, "AccessGranted prod");
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual([
      "works",
      "AccessDeniedException",
    ]);
  });

  it("ends as NoRouteMatched where no route names a lifecycle, with access for nobody", async () => {
    const settings = defineSettings({
      ...withoutVersion(),
      routes: [{ tag: { key: "line", value: "retail" }, lifecycle: "default" }],
    });
    const test = createTestCloud({ settings });

    const modelCardArn = await test.createCard("churn");
    await settledWith(test, modelCardArn, "PromotionCompleted NoRouteMatched");

    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(denied);
  });
});

describe("an event that comes more than once", () => {
  it("ends early, with one effect in all", async () => {
    const test = createTestCloud({ modelCardBehaviour: { eventCopies: 5 } });

    const modelCardArn = await test.createCard("churn");
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled");

    expect(await test.story(modelCardArn)).toStrictEqual([
      "AccessGranted dev",
      "PromotionCompleted AccessSettled",
    ]);
    const statuses = (await test.executions()).map(({ status }) => status);
    expect(statuses).toStrictEqual(statuses.map(() => "SUCCEEDED"));
    expect(statuses.length).toBeGreaterThanOrEqual(5);
  });
});

describe("a card that moves while it is worked on", () => {
  it("ends with the access of the status that it has in the end", async () => {
    const test = createTestCloud({ associationDelayMs: () => 1_000 });
    const modelCardArn = await test.createCard("churn");

    for (const status of ["PendingReview", "Archived", "Draft", "Approved", "Archived"] as const) {
      await test.clock.advance(300);
      await test.setStatus(modelCardArn, status);
    }
    await test.until("rest", async () => {
      await test.clock.advance(60_000);
      const running = (await test.executions()).filter(({ status }) => status === "RUNNING");
      return running.length === 0 ? true : undefined;
    });

    expect(await test.status(modelCardArn)).toBe("Archived 1");
    for (const account of [accounts.dev, accounts.test, accounts.prod]) {
      expect(await may(test.sageMaker(account), modelCardArn)).toStrictEqual(denied);
    }
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);
  });

  it.each([0, 1, 3, 6, 10, 15, 25, 40])(
    "ends cleanly when it is deleted after %i moments",
    async (moments) => {
      const test = createTestCloud();
      const modelCardArn = await test.createCard("churn", "PendingReview");
      for (let moment = 0; moment < moments; moment += 1)
        await new Promise((resolve) => setImmediate(resolve));

      await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "churn" }));
      await test.until("rest", async () => {
        await test.clock.advance(2_000);
        const running = (await test.executions()).filter(({ status }) => status === "RUNNING");
        return running.length === 0 ? true : undefined;
      });

      const failed = (await test.executions()).filter(({ status }) => status !== "SUCCEEDED");
      expect(failed).toStrictEqual([]);
      const { resourceShareAssociations } = await test
        .ram(accounts.owner)
        .send(
          new GetResourceShareAssociationsCommand({ associationType: "RESOURCE", resourceArn: modelCardArn }),
        );
      const live = resourceShareAssociations?.filter(({ status }) => status !== "DISASSOCIATED");
      expect(live).toStrictEqual([]);
    },
  );
});

describe("a failure", () => {
  it("is recorded with its cause, and a redrive finishes the job once the cause is gone", async () => {
    const test = createTestCloud();
    const broken = await test.breakFunction("cardway-grant-access");

    const modelCardArn = await test.createCard("churn");
    const failed = await test.until("the failure", async () =>
      (await test.executions()).find(({ status }) => status === "FAILED"),
    );
    const described = await test.execution(failed.executionArn ?? "");
    expect(described.error).toBe("PromotionFailedError");
    expect(described.cause).toContain("AccessDenied");
    expect(new Set(await test.story(modelCardArn))).toStrictEqual(new Set(["PromotionFailed"]));

    await broken.repair();
    await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn: failed.executionArn }));
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled");
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(["works", "works"]);
    expect((await test.execution(failed.executionArn ?? "")).status).toBe("SUCCEEDED");
  });

  it("of a malformed input ends in a recorded failure, never in silence", async () => {
    const test = createTestCloud();

    const { executionArn } = await test.stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn: promotionArn, input: JSON.stringify({ hello: "world" }) }),
    );
    await test.until("the failure", async () =>
      (await test.execution(executionArn ?? "")).status === "FAILED" ? true : undefined,
    );

    expect((await test.execution(executionArn ?? "")).cause).toContain("InvalidInputError");
    expect(await test.story(noCard)).toStrictEqual(["PromotionFailed"]);
  });

  it("of an execution that was stopped does not keep others from the card", async () => {
    const test = createTestCloud({ associationDelayMs: () => 60_000 });
    const modelCardArn = await test.createCard("churn");
    const running = await test.until("the wait for RAM", async () => {
      await test.clock.advance(1_000);
      return (await test.executions()).find(({ status }) => status === "RUNNING");
    });

    await test.stepFunctions.send(new StopExecutionCommand({ executionArn: running.executionArn }));
    await test.setStatus(modelCardArn, "Archived");
    await test.until("rest", async () => {
      await test.clock.advance(60_000);
      const left = (await test.executions()).filter(({ status }) => status === "RUNNING");
      return left.length === 0 ? true : undefined;
    });

    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(denied);
  });
});

describe("the principals of Cardway's shares", () => {
  it("are those of the settings again, whoever was taken out or put in by hand", async () => {
    const test = createTestCloud();
    const modelCardArn = await test.createCard("churn");
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled");
    const resourceShareArn = await test.shareOf("cardway-default-dev-read-write");
    const ram = test.ram(accounts.owner);
    await ram.send(new DisassociateResourceShareCommand({ resourceShareArn, principals: [accounts.dev] }));
    await ram.send(new AssociateResourceShareCommand({ resourceShareArn, principals: [accounts.test] }));
    expect(await may(test.sageMaker(accounts.test), modelCardArn)).toStrictEqual(["works", "works"]);

    await test.setStatus(modelCardArn, "Draft");
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled", 2);

    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(["works", "works"]);
    expect(await may(test.sageMaker(accounts.test), modelCardArn)).toStrictEqual(denied);
  });
});

describe("a share that lost its principal", () => {
  it.each(["no-op", "error"] as const)(
    "gets it back before the next card comes in (%s)",
    async (reassociate) => {
      const test = createTestCloud({ ramBehaviour: { reassociate } });
      const first = await test.createCard("first");
      await settledWith(test, first, "PromotionCompleted AccessSettled");
      const resourceShareArn = await test.shareOf("cardway-default-dev-read-write");
      await test
        .ram(accounts.owner)
        .send(new DisassociateResourceShareCommand({ resourceShareArn, principals: [accounts.dev] }));

      const second = await test.createCard("second");
      await settledWith(test, second, "PromotionCompleted AccessSettled");

      expect(await may(test.sageMaker(accounts.dev), second)).toStrictEqual(["works", "works"]);
    },
  );
});

describe("a share that somebody made by hand", () => {
  it("is left alone, also when the card is archived", async () => {
    const test = createTestCloud();
    const modelCardArn = await toProduction(test, "churn");
    const ram = test.ram(accounts.owner);
    const byHand = await test.shareByHand([modelCardArn], [accounts.dev]);

    await test.setStatus(modelCardArn, "Archived");
    await settledWith(test, modelCardArn, "AccessRevoked dev");

    const { resourceShareAssociations } = await ram.send(
      new GetResourceShareAssociationsCommand({
        associationType: "RESOURCE",
        resourceShareArns: [byHand],
      }),
    );
    expect(resourceShareAssociations?.map(({ status }) => status)).toStrictEqual(["ASSOCIATED"]);
  });
});

describe("read-only access", () => {
  it("begins only once whoever else the share names is out, which is announced", async () => {
    const test = createTestCloud();
    await toProduction(test, "first");
    const ram = test.ram(accounts.owner);
    const share = await test.shareOf("cardway-default-prod-read-only");
    await ram.send(
      new AssociateResourceShareCommand({ resourceShareArn: share, principals: [accounts.prod] }),
    );

    const second = await toProduction(test, "second");

    expect(await test.story(second)).toContain("ReadOnlyBroken prod");
    expect(await may(test.sageMaker(accounts.prod), second)).toStrictEqual(denied);
    expect(await may(await test.reader(accounts.prod), second)).toStrictEqual([
      "works",
      "AccessDeniedException",
    ]);
  });

  it("is proved in every account that has a read-only stage", async () => {
    const { policyVersion: _derived, lifecycles, ...others } = eitherDecides;
    const withSecondProduction = lifecycles.map(({ name, stages }) => ({
      name,
      stages: stages.flatMap((stage) =>
        stage.name === "prod" ? [stage, { ...stage, name: "prod-2", accountId: accounts.stranger }] : [stage],
      ),
    }));
    const test = createTestCloud({
      settings: defineSettings({ ...others, lifecycles: withSecondProduction }),
    });

    const modelCardArn = await toProduction(test, "churn");
    await settledWith(test, modelCardArn, "AccessGranted prod-2");

    for (const accountId of [accounts.prod, accounts.stranger]) {
      expect(await may(await test.reader(accountId), modelCardArn)).toStrictEqual([
        "works",
        "AccessDeniedException",
      ]);
      expect(await may(test.sageMaker(accountId), modelCardArn)).toStrictEqual(denied);
    }
  });

  it("does not come back with a reader role that could update by now", async () => {
    const test = createTestCloud();
    const modelCardArn = await toProduction(test, "churn");
    const share = await test.shareOf("cardway-default-prod-read-only");
    const principals = [`arn:aws:iam::${accounts.prod}:role/cardway-card-reader`];
    await test.widenReader(accounts.prod);
    await test
      .ram(accounts.owner)
      .send(new DisassociateResourceShareCommand({ resourceShareArn: share, principals }));

    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionFailed");

    expect(await test.story(modelCardArn)).toContain("ReadOnlyBroken prod");
    const { resourceShareAssociations } = await test
      .ram(accounts.owner)
      .send(
        new GetResourceShareAssociationsCommand({ associationType: "PRINCIPAL", resourceShareArns: [share] }),
      );
    expect(resourceShareAssociations?.filter(({ status }) => status !== "DISASSOCIATED")).toStrictEqual([]);
  });

  it("loses nobody but the intruder where the share comes to name more than the reader role", async () => {
    const test = createTestCloud({ associationDelayMs: () => 1_000 });
    const modelCardArn = await toProduction(test, "churn");
    const share = await test.shareOf("cardway-default-prod-read-only");
    await test
      .ram(accounts.owner)
      .send(new AssociateResourceShareCommand({ resourceShareArn: share, principals: [accounts.prod] }));
    await test.clock.advance(2_000);

    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionCompleted AccessSettled", 3);

    expect(await test.story(modelCardArn)).toContain("ReadOnlyBroken prod");
    expect(await may(test.sageMaker(accounts.prod), modelCardArn)).toStrictEqual(denied);
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual([
      "works",
      "AccessDeniedException",
    ]);
  });

  it("is closed to a production account that got into another stage's share", async () => {
    const test = createTestCloud();
    const modelCardArn = await toProduction(test, "churn");
    const share = await test.shareOf("cardway-default-dev-read-write");
    await test
      .ram(accounts.owner)
      .send(new AssociateResourceShareCommand({ resourceShareArn: share, principals: [accounts.prod] }));

    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "ReadOnlyBroken prod");

    expect(await may(test.sageMaker(accounts.prod), modelCardArn)).toStrictEqual(denied);
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(["works", "works"]);
  });

  it("does not outlive its proof: without a verifier role it is taken away", async () => {
    const test = createTestCloud();
    const modelCardArn = await toProduction(test, "churn");
    await test.deleteVerifier(accounts.prod);
    await test.widenReader(accounts.prod);

    await test.setStatus(modelCardArn, "Approved");
    await settledWith(test, modelCardArn, "PromotionFailed");

    expect(await test.story(modelCardArn)).toContain("ReadOnlyBroken prod");
    expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);
  });

  it.each(["identity-policies-only", "denied-without-resource-policy"] as const)(
    "is not granted where the reader role could update (%s)",
    async (crossAccountSimulation) => {
      const test = createTestCloud({ crossAccountSimulation });
      await test.widenReader(accounts.prod);

      const modelCardArn = await toReview(test, "churn");
      await test.post(test.links("churn")[0] ?? "", "approve");
      await settledWith(test, modelCardArn, "PromotionFailed");

      expect(await test.story(modelCardArn)).toContain("ReadOnlyBroken prod");
      expect(await may(await test.reader(accounts.prod), modelCardArn)).toStrictEqual(denied);
    },
  );
});

function withoutVersion() {
  const { policyVersion: _derived, ...settings } = lifecycleSettings;
  return settings;
}
