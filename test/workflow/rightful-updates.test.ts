import { DescribeModelCardCommand } from "@aws-sdk/client-sagemaker";
import { StartExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { type SettingsInput, defineSettings } from "../../functions/lifecycle/settings.ts";
import { denied, may } from "./draft-to-production.ts";
import { type TestCloud, atRest, happened } from "./reviews.ts";
import { accounts, createTestCloud, eitherDecides, promotionArn } from "./test-cloud.ts";

const { policyVersion: _derived, ...others } = eitherDecides;
const [plain = { name: "default", stages: [] }] = others.lifecycles;
const work = { model_overview: { problem_type: "Written by those who may" } };

/** Settings whose stage `test` has this access to approved cards, and to those in review where it may write. */
function settingsWith(
  access: "read-only" | "read-write",
  routes: SettingsInput["routes"] = [{ namePattern: "*", lifecycle: "default" }],
) {
  const writes = { Draft: "read-write", PendingReview: "read-write", Approved: "read-write" } as const;
  const lab = { name: "lab", accountId: accounts.prod, access: { ...writes, Archived: "none" as const } };
  const stages = plain.stages.map((stage) =>
    stage.name === "test"
      ? {
          ...stage,
          access: {
            ...stage.access,
            PendingReview: access === "read-write" ? access : ("none" as const),
            Approved: access,
          },
        }
      : stage,
  );
  return defineSettings({
    ...others,
    lifecycles: [
      { name: "default", stages },
      { name: "lab", stages: [lab] },
    ],
    routes,
  });
}

const laboratory = settingsWith("read-write", [
  { namePattern: "lab*", lifecycle: "lab" },
  { namePattern: "*", lifecycle: "default" },
]);

async function contentOf(test: TestCloud, modelCardArn: string): Promise<unknown> {
  const { Content } = await test.owner.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn }));
  return JSON.parse(Content ?? "");
}

async function look({ stepFunctions }: TestCloud, modelCardArn: string): Promise<void> {
  const input = JSON.stringify({ modelCardArn, reason: "deployed" });
  await stepFunctions.send(new StartExecutionCommand({ stateMachineArn: promotionArn, input }));
}

describe.each(["empty", "iam-identity"] as const)(
  "what a stage has written while it might (user context %s)",
  (userContext) => {
    it("stays where the settings let it only read from now on", async () => {
      const test = createTestCloud({
        settings: settingsWith("read-write"),
        modelCardBehaviour: { userContext },
      });
      const modelCardArn = await test.createCard("churn", "PendingReview");
      await happened(test, modelCardArn, "AccessGranted test");
      await test.clock.advance(60_000);
      await test.edit(modelCardArn, work, test.sageMaker(accounts.test));
      await happened(test, modelCardArn, "ApprovalRequested", 2);
      await atRest(test, 1);

      test.deploy(settingsWith("read-only"));
      await look(test, modelCardArn);
      await happened(test, modelCardArn, "AccessRevoked test");
      await atRest(test, 1);

      expect(await contentOf(test, modelCardArn)).toMatchObject(work);
      expect(await test.story(modelCardArn)).not.toContain("UpdateReverted test");
    });

    it("stays where the card moves to a lifecycle in which it may only read", async () => {
      const test = createTestCloud({ settings: laboratory, modelCardBehaviour: { userContext } });
      const modelCardArn = await test.createCard("lab-churn", "Draft");
      await happened(test, modelCardArn, "AccessGranted lab");
      await atRest(test);
      await test.clock.advance(60_000);
      await test.edit(modelCardArn, work, test.sageMaker(accounts.prod));
      await happened(test, modelCardArn, "PromotionCompleted AccessSettled", 2);
      await atRest(test);

      test.deploy(settingsWith("read-write"));
      await look(test, modelCardArn);
      await happened(test, modelCardArn, "AccessRevoked lab");
      await atRest(test);

      expect(await contentOf(test, modelCardArn)).toMatchObject(work);
      expect(await test.story(modelCardArn)).not.toContain("UpdateReverted prod");
      expect(await may(test.sageMaker(accounts.prod), modelCardArn)).toStrictEqual(denied);
    });
  },
);
