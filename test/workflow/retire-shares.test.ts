import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { InvokeCommand, type InvokeCommandOutput } from "@aws-sdk/client-lambda";
import { CreateResourceShareCommand, GetResourceSharesCommand } from "@aws-sdk/client-ram";
import { DescribeModelCardCommand } from "@aws-sdk/client-sagemaker";
import { StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { type Settings, defineSettings } from "../../functions/lifecycle/settings.ts";
import { eventBusName } from "../../stacks/definitions/deployment.ts";
import { kept } from "../../stacks/definitions/kept.ts";
import { type TestCloud, atRest, detailsOf, happened } from "./reviews.ts";
import { accounts, createTestCloud, eitherDecides, promotionArn } from "./test-cloud.ts";

const { policyVersion: _derived, ...input } = eitherDecides;
const [lifecycle = { name: "", stages: [] }] = input.lifecycles;
const moved = "666666666666";

function withStages(change: (stages: typeof lifecycle.stages) => typeof lifecycle.stages): Settings {
  return defineSettings({ ...input, lifecycles: [{ ...lifecycle, stages: change(lifecycle.stages) }] });
}

const withoutTest = withStages((stages) => stages.filter(({ name }) => name !== "test"));

/** Invokes the function as the Terraform provider does, and lets time pass until it answers. */
async function retire(test: TestCloud, action: "create" | "update" | "delete"): Promise<unknown> {
  const { FunctionError, Payload } = await ended(test, begin(test, action));
  const answer: unknown = JSON.parse(Payload?.transformToString() ?? "");
  if (FunctionError === undefined) return answer;
  throw Object.assign(new Error("retire-shares failed"), { answer });
}

function begin(test: TestCloud, action: string): Promise<InvokeCommandOutput> {
  const Payload = JSON.stringify({ policyVersion: "any", tf: { action, prev_input: null } });
  return test.lambda.send(new InvokeCommand({ FunctionName: "cardway-retire-shares", Payload }));
}

async function ended(test: TestCloud, invoked: Promise<InvokeCommandOutput>): Promise<InvokeCommandOutput> {
  let isOver = () => false;
  void invoked.then(() => (isOver = () => true));
  for (let round = 0; !isOver() && round < 1_000; round += 1) await test.pass(2 / 3_600);
  return invoked;
}

const FailureSchema = z.object({ answer: z.object({ errorType: z.string() }) });

async function failureOf(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => "none",
    (error: unknown) => FailureSchema.parse(error).answer.errorType,
  );
}

/** Names of the shares that are not deleted. */
async function shareNames(test: TestCloud): Promise<string[]> {
  const { resourceShares } = await test
    .ram(accounts.owner)
    .send(new GetResourceSharesCommand({ resourceOwner: "SELF" }));
  return (resourceShares ?? []).flatMap(({ name, status }) => (status === "DELETED" ? [] : [name ?? ""]));
}

async function mayDescribe(test: TestCloud, accountId: string, modelCardArn: string): Promise<boolean> {
  return test
    .sageMaker(accountId)
    .send(new DescribeModelCardCommand({ ModelCardName: modelCardArn }))
    .then(
      () => true,
      () => false,
    );
}

/** Cards in Draft that the dev stage has. */
async function drafts(names: string[], options: Parameters<typeof createTestCloud>[0] = {}) {
  const test = createTestCloud(options);
  const modelCardArns: string[] = [];
  for (const name of names) modelCardArns.push(await test.createCard(name));
  for (const modelCardArn of modelCardArns) await happened(test, modelCardArn, "AccessGranted dev");
  await atRest(test);
  return { test, modelCardArns };
}

/** A card in review, which the dev and the test stage have. */
async function reviewed(options: Parameters<typeof createTestCloud>[0] = {}) {
  const test = createTestCloud(options);
  const modelCardArn = await test.createCard("churn", "PendingReview");
  await happened(test, modelCardArn, "ApprovalRequested");
  await atRest(test, 1);
  return { test, modelCardArn };
}

/** Subscribes to an event on the bus; the function that comes back gives the next one. */
async function hear(test: TestCloud, detailType: string): Promise<() => Promise<unknown>> {
  const { QueueUrl } = await test.sqs.send(new CreateQueueCommand({ QueueName: "heard" }));
  const rule = { Name: "heard", EventBusName: eventBusName };
  const EventPattern = JSON.stringify({ "detail-type": [detailType] });
  await test.events.send(new PutRuleCommand({ ...rule, EventPattern }));
  const Arn = `arn:aws:sqs:us-east-1:${accounts.owner}:heard`;
  await test.events.send(
    new PutTargetsCommand({ Rule: rule.Name, EventBusName: eventBusName, Targets: [{ Id: "heard", Arn }] }),
  );
  return async () => {
    const { Messages } = await test.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    const body = Messages?.[0]?.Body;
    return body === undefined ? undefined : JSON.parse(body);
  };
}

const revoked = (story: string[]): string[] => story.filter((effect) => effect.startsWith("AccessRevoked"));

/** A cloud in which a function waits before a call, until it may go on. */
function pausedAt(pausedFolder: string, place: string) {
  const reached = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  const test = createTestCloud({
    async beforeCall(folder, operation) {
      if (folder !== pausedFolder || operation !== place) return;
      reached.resolve();
      await goOn.promise;
    },
  });
  return { test, reached, goOn };
}

describe("a deployment", () => {
  it("ends the access of a stage that the settings lack, and of no other", async () => {
    const { test, modelCardArn } = await reviewed();

    test.deploy(withoutTest);
    const answer = await retire(test, "update");

    expect(await mayDescribe(test, accounts.test, modelCardArn)).toBe(false);
    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(true);
    expect(await shareNames(test)).toStrictEqual(["cardway-default-dev-read-write"]);
    expect(revoked(await test.story(modelCardArn))).toStrictEqual(["AccessRevoked test"]);
    expect(answer).toStrictEqual({
      retired: [
        {
          name: "cardway-default-test-read-write",
          lifecycle: "default",
          stage: "test",
          accountId: accounts.test,
          access: "read-write",
          cards: 1,
        },
      ],
      kept: [],
    });
  });

  it("announces it on the bus, naming the function as its cause", async () => {
    const { test, modelCardArn } = await reviewed();
    const heard = await hear(test, "AccessRevoked");
    test.deploy(withoutTest);

    await retire(test, "update");

    const event = await test.until("the event", heard);
    const [detail] = await detailsOf(test, modelCardArn, "AccessRevoked");
    expect(event).toMatchObject({ resources: [modelCardArn], detail });
    expect(detail).toMatchObject({
      executionArn: `arn:aws:lambda:us-east-1:${accounts.owner}:function:cardway-retire-shares`,
      policyVersion: withoutTest.policyVersion,
    });
  });

  it("retires nothing while every share has an audience, whether cards are in it or not", async () => {
    const { test, modelCardArn } = await reviewed();
    await test.setStatus(modelCardArn, "Draft");
    await happened(test, modelCardArn, "AccessRevoked test");
    await atRest(test);

    expect(await retire(test, "create")).toStrictEqual({ retired: [], kept: [] });
    expect(await shareNames(test)).toHaveLength(2);
  });

  it("ends the access of the account that a stage has left, and the next look gives it to the new one", async () => {
    const organizationAccountIds = [...Object.values(accounts), moved];
    const { test, modelCardArn } = await reviewed({ organizationAccountIds });

    test.deploy(
      withStages((stages) =>
        stages.map((stage) => (stage.name === "test" ? { ...stage, accountId: moved } : stage)),
      ),
    );
    await retire(test, "update");
    expect(await mayDescribe(test, accounts.test, modelCardArn)).toBe(false);

    await look(test, { modelCardArn, reason: "the settings have changed" });
    await happened(test, modelCardArn, "AccessGranted test", 2);
    expect(await mayDescribe(test, moved, modelCardArn)).toBe(true);
    expect(await mayDescribe(test, accounts.test, modelCardArn)).toBe(false);
    expect(revoked(await test.story(modelCardArn))).toStrictEqual(["AccessRevoked test"]);
  });

  it("ends access outside the organisation once the settings share nothing there, and nobody there gets a further card", async () => {
    const sharing = { ...input, shareOutsideOrganization: true };
    const test = createTestCloud({
      settings: defineSettings(sharing),
      organizationAccountIds: [accounts.owner, accounts.test],
    });
    const modelCardArn = await test.createCard("churn", "PendingReview");
    await happened(test, modelCardArn, "AccessGranted dev");
    await atRest(test, 1);
    await retire(test, "update");
    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(true);

    test.deploy(eitherDecides);
    await retire(test, "update");
    expect(revoked(await test.story(modelCardArn))).toStrictEqual(["AccessRevoked dev"]);

    const next = await test.createCard("next", "PendingReview");
    for (const arn of [modelCardArn, next]) {
      await look(test, { modelCardArn: arn, reason: "the settings have changed" });
      await test.pass(1);
      const { waiting } = await test.records.readCard(arn);
      expect(Object.values(waiting)).toMatchObject([
        { audience: { stage: "dev" }, state: "OutsideOrganizationRefused" },
      ]);
      expect(await mayDescribe(test, accounts.dev, arn)).toBe(false);
      expect(await mayDescribe(test, accounts.test, arn)).toBe(true);
    }
  });

  it("tells lifecycles apart whose stages have the same names", async () => {
    const routes = [
      { namePattern: "retail-*", lifecycle: "retail" },
      { namePattern: "*", lifecycle: "default" },
    ];
    const both = defineSettings({
      ...input,
      lifecycles: [lifecycle, { ...lifecycle, name: "retail" }],
      routes,
    });
    const { test, modelCardArns } = await drafts(["retail-churn", "credit-churn"], { settings: both });
    const [retail = "", credit = ""] = modelCardArns;

    test.deploy(eitherDecides);
    await retire(test, "update");

    expect(await shareNames(test)).toStrictEqual(["cardway-default-dev-read-write"]);
    expect(await mayDescribe(test, accounts.dev, retail)).toBe(false);
    expect(await mayDescribe(test, accounts.dev, credit)).toBe(true);
    expect(revoked(await test.story(credit))).toStrictEqual([]);
  });
});

describe("an execution that was planned under other settings", () => {
  const withoutDev = withStages((stages) => stages.filter(({ name }) => name !== "dev"));

  it("gives nobody back what a deployment has taken", async () => {
    let ramKnowsShares = false;
    const test = createTestCloud({
      beforeCall(folder, operation) {
        if (folder !== "grant-access" || operation !== "/associateresourceshare" || ramKnowsShares) return;
        throw Object.assign(new Error("not yet"), { name: "UnknownResourceException" });
      },
    });
    const modelCardArn = await test.createCard("churn");
    await test.until("the share", async () => ((await shareNames(test)).length > 0 ? true : undefined));

    test.deploy(withoutDev);
    await retire(test, "update");
    ramKnowsShares = true;
    await happened(test, modelCardArn, "PromotionCompleted AccessSettled");

    expect(await shareNames(test)).toStrictEqual([]);
    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(false);
  });

  it("does not wait for access that nobody is to have any more", async () => {
    const test = createTestCloud({ associationDelayMs: () => 60_000 });
    const modelCardArn = await test.createCard("churn");
    await test.until("the share", async () => ((await shareNames(test)).length > 0 ? true : undefined));

    test.deploy(withoutDev);
    await retire(test, "update");
    await happened(test, modelCardArn, "PromotionCompleted AccessSettled");

    expect(await test.story(modelCardArn)).not.toContain("AccessGranted dev");
  });

  it("settles the card under those alone, so that the next event about it plans anew", async () => {
    const test = createTestCloud({
      beforeCall(folder, operation) {
        // It writes once access is confirmed, right before the outcome is recorded.
        if (folder === "confirm-access" && operation === "PutItem") test.deploy(withoutTest);
      },
    });
    const modelCardArn = await test.createCard("churn");
    await happened(test, modelCardArn, "PromotionCompleted AccessSettled", 2);

    const outcomes = await detailsOf(test, modelCardArn, "PromotionCompleted");
    expect(outcomes.map(({ policyVersion }) => policyVersion)).toStrictEqual([
      eitherDecides.policyVersion,
      withoutTest.policyVersion,
    ]);
  });
});

describe("the end of an access is one effect", () => {
  it.each(["/getresourceshareassociations", "GetItem", "PutItem", "PutEvents"])(
    "also where the card's own execution sees it too, while the deployment is at %s",
    async (place) => {
      let armed = false;
      const { test, modelCardArn } = await reviewed({
        async beforeCall(folder, operation) {
          if (folder !== "retire-shares" || operation !== place || !armed) return;
          armed = false;
          await look(test, { modelCardArn, reason: "a look" });
          await new Promise<void>((resolve) => {
            test.clock.after(5_000, resolve);
          });
        },
      });
      test.deploy(withoutTest);
      armed = true;
      await retire(test, "update");

      expect(armed).toBe(false);
      expect(revoked(await test.story(modelCardArn))).toStrictEqual(["AccessRevoked test"]);
    },
  );

  it.each(["/getresourceshareassociations", "GetItem", "PutItem"])(
    "and never its only one, where an execution that announces its beginning is at %s",
    async (place) => {
      const { test, reached, goOn } = pausedAt("confirm-access", place);
      const modelCardArn = await test.createCard("churn");
      await test.clock.advance(1);
      await reached.promise;
      const invoked = begin(test, "delete");
      await test.clock.advance(20_000);
      goOn.resolve();
      await ended(test, invoked);

      const story = (await test.story(modelCardArn)).filter((effect) => effect.startsWith("Access"));
      expect([[], ["AccessGranted dev", "AccessRevoked dev"]]).toContainEqual(story);
      expect((await test.records.readCard(modelCardArn)).announced).toStrictEqual({});
    },
  );

  it("and its beginning too, where the function that announced it has died", async () => {
    let announced = false;
    let dies = true;
    const test = createTestCloud({
      beforeCall(folder, operation) {
        if (folder !== "confirm-access" || !dies) return;
        announced ||= operation === "PutEvents";
        if (announced) throw new Error("The function died.");
      },
    });
    const modelCardArn = await test.createCard("churn");
    await happened(test, modelCardArn, "PromotionFailed");

    dies = false;
    await look(test, { modelCardArn, reason: "a look" });
    await happened(test, modelCardArn, "PromotionCompleted AccessSettled");

    const story = await test.story(modelCardArn);
    expect(story.filter((effect) => effect.startsWith("Access"))).toStrictEqual(["AccessGranted dev"]);
  });
});

describe("removing Cardway", () => {
  it("leaves none of its shares and every other one, and says what it keeps", async () => {
    const { test, modelCardArn } = await reviewed();
    const byHand = { name: "cardway-default-dev-read-write", principals: [accounts.dev] };
    await test
      .ram(accounts.owner)
      .send(new CreateResourceShareCommand({ ...byHand, resourceArns: [modelCardArn] }));

    const answer = await retire(test, "delete");

    expect(answer).toMatchObject({ retired: [{ stage: "dev" }, { stage: "test" }], kept });
    expect(await shareNames(test)).toStrictEqual([byHand.name]);
    expect(await mayDescribe(test, accounts.test, modelCardArn)).toBe(false);
    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(true);
    expect(revoked(await test.story(modelCardArn)).sort()).toStrictEqual([
      "AccessRevoked dev",
      "AccessRevoked test",
    ]);
    expect((await test.records.readCard(modelCardArn)).announced).toStrictEqual({});
  });

  it("announces nothing before RAM has let everybody go, however long that takes", async () => {
    let delayMs = 0;
    let announcements = 0;
    const { test, modelCardArns } = await drafts(["churn"], {
      associationDelayMs: () => delayMs,
      beforeCall(folder, operation) {
        if (folder === "retire-shares" && operation === "PutEvents") announcements += 1;
      },
    });
    const [modelCardArn = ""] = modelCardArns;
    delayMs = 4 * 60_000;

    const invoked = begin(test, "delete");
    await test.clock.advance(3 * 60_000);
    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(true);
    expect(revoked(await test.story(modelCardArn))).toStrictEqual([]);

    expect((await ended(test, invoked)).FunctionError).toBeUndefined();
    expect(revoked(await test.story(modelCardArn))).toStrictEqual(["AccessRevoked dev"]);
    expect(announcements).toBe(1);
    expect(await shareNames(test)).toStrictEqual([]);
  });

  it("fails before Lambda ends it where RAM takes longer still, and goes on when it is run again", async () => {
    let delayMs = 0;
    // At a removal the rules are gone, and with them the sweep, which would give back what is taken.
    const settings = defineSettings({ ...input, deployment: { sweepEveryHours: 24 } });
    const { test, modelCardArns } = await drafts(["churn"], { settings, associationDelayMs: () => delayMs });
    delayMs = 20 * 60_000;

    expect(await failureOf(retire(test, "delete"))).toBe("ResourceNotReadyError");
    await test.clock.advance(20 * 60_000);
    expect(await failureOf(retire(test, "delete"))).toBe("ResourceNotReadyError");
    await test.clock.advance(20 * 60_000);

    expect(await retire(test, "delete")).toMatchObject({ retired: [] });
    expect(await shareNames(test)).toStrictEqual([]);
    expect(revoked(await test.story(modelCardArns[0] ?? ""))).toStrictEqual(["AccessRevoked dev"]);
  });

  it("takes out who is only just let in", async () => {
    const test = createTestCloud({ associationDelayMs: () => 60_000 });
    const modelCardArn = await test.createCard("churn");
    await test.until("the share", async () => ((await shareNames(test)).length > 0 ? true : undefined));
    const [running] = await test.executions();
    await test.stepFunctions.send(new StopExecutionCommand({ executionArn: running?.executionArn }));

    await retire(test, "delete");

    expect(await shareNames(test)).toStrictEqual([]);
    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(false);
  });

  it.each(["/createresourceshare", "/associateresourceshare"])(
    "also retires the share of a function that was still at work, at %s",
    async (place) => {
      const { test, reached, goOn } = pausedAt("grant-access", place);
      const modelCardArn = await test.createCard("churn");
      await test.clock.advance(1);
      await reached.promise;
      const [running] = await test.executions();
      await test.stepFunctions.send(new StopExecutionCommand({ executionArn: running?.executionArn }));

      const invoked = begin(test, "delete");
      await test.clock.advance(28_000);
      goOn.resolve();
      await ended(test, invoked);

      expect(await shareNames(test)).toStrictEqual([]);
      expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(false);
    },
  );

  it("retires all shares that it can where AWS refuses one, and says so at the end", async () => {
    let calls = 0;
    const { test, modelCardArn } = await reviewed({
      beforeCall(folder, operation) {
        if (folder !== "retire-shares" || operation !== "/disassociateresourceshare") return;
        calls += 1;
        // The share of test is asked second, and never again.
        if (calls === 2) return;
        throw Object.assign(new Error("not permitted"), { name: "OperationNotPermittedException" });
      },
    });

    expect(await failureOf(retire(test, "delete"))).toBe("AwsCallFailedError");

    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(true);
    expect(await mayDescribe(test, accounts.test, modelCardArn)).toBe(false);
    expect(await shareNames(test)).toStrictEqual(["cardway-default-dev-read-write"]);
    expect(revoked(await test.story(modelCardArn))).toStrictEqual(["AccessRevoked test"]);
  });

  it(
    "ends the same wherever it dies, once it is run again, with each effect once",
    { timeout: 60_000 },
    async () => {
      let finished = false;
      for (let point = 1; !finished; point += 1) {
        let calls = 0;
        let dies = true;
        const { test, modelCardArns } = await drafts(["churn", "fraud"], {
          beforeCall(folder) {
            if (folder !== "retire-shares" || !dies) return;
            calls += 1;
            // A function that died makes no calls any more.
            if (calls >= point) throw new Error("The function died.");
          },
        });

        expect(await failureOf(retire(test, "delete"))).toBe("AwsCallFailedError");
        // From here on it only looks.
        finished = (await shareNames(test)).length === 0;
        dies = false;
        await retire(test, "delete");

        expect(await shareNames(test)).toStrictEqual([]);
        for (const modelCardArn of modelCardArns) {
          const story = revoked(await test.story(modelCardArn));
          expect({ point, story }).toStrictEqual({ point, story: ["AccessRevoked dev"] });
          expect((await test.records.readCard(modelCardArn)).announced).toStrictEqual({});
        }
      }
    },
  );

  it("lets a Cardway that is deployed again give the access back, though nothing else has changed", async () => {
    const { test, modelCardArns } = await drafts(["churn"]);
    const [modelCardArn = ""] = modelCardArns;
    const [first] = await test.executions();
    const { input: event = "" } = await test.execution(first?.executionArn ?? "");
    await retire(test, "delete");

    await look(test, JSON.parse(event));
    await happened(test, modelCardArn, "AccessGranted dev", 2);

    expect(await mayDescribe(test, accounts.dev, modelCardArn)).toBe(true);
  });
});

async function look(test: TestCloud, about: unknown): Promise<void> {
  const start = { stateMachineArn: promotionArn, input: JSON.stringify(about) };
  await test.stepFunctions.send(new StartExecutionCommand(start));
}
