import { InvokeCommand } from "@aws-sdk/client-lambda";
import { AssociateResourceShareCommand, CreateResourceShareCommand } from "@aws-sdk/client-ram";
import {
  AddTagsCommand,
  DeleteModelCardCommand,
  DescribeModelCardCommand,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { ListExecutionsCommand, StartExecutionCommand, StopExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import type * as z from "zod";
import { SweepCompleted } from "../../events/sweep-completed.ts";
import { audienceTag } from "../../functions/aws/ram-lists.ts";
import { type SettingsInput, defineSettings } from "../../functions/lifecycle/settings.ts";
import type { ModelCardBehaviour } from "../../local/sagemaker/sagemaker.ts";
import { eventBusName, sweepStateMachineArn } from "../../stacks/definitions/deployment.ts";
import { deadLetterQueueArn } from "../../stacks/definitions/dead-letters.ts";
import { accounts, createTestCloud, eitherDecides, pageUrl, promotionArn } from "./test-cloud.ts";

type TestCloud = ReturnType<typeof createTestCloud>;

const deployment = { modelCardAccountId: accounts.owner, region: "us-east-1", approvalPageUrl: pageUrl };
const hour = 3_600_000;
/** In hours. */
const second = 1 / 3_600;

/** The system with events that a test can lose, what its sweeps announce, and the AWS calls that they make. */
function sweptCloud(
  change: (input: SettingsInput) => SettingsInput = (input) => input,
  modelCardBehaviour: Partial<ModelCardBehaviour> = {},
) {
  const { policyVersion: _derived, ...input } = structuredClone(eitherDecides);
  const settings = defineSettings(change(input));
  const events = { lost: false };
  const calls: string[] = [];
  const hooks = { beforeCall: async (_operation: string): Promise<void> => undefined };
  const test = createTestCloud({
    settings,
    modelCardBehaviour,
    eventDelayMs: () => (events.lost ? 100_000 * hour : 0),
    beforeCall: async (folder, operation) => {
      if (folder !== "sweep") return;
      calls.push(operation);
      await hooks.beforeCall(operation);
    },
  });
  const announced: z.output<typeof SweepCompleted.detail>[] = [];
  const { eventBridge } = test.cloud;
  const place = { accountId: accounts.owner, region: deployment.region };
  eventBridge.putRule(place, {
    Name: "sweeps",
    EventBusName: eventBusName,
    EventPattern: JSON.stringify(SweepCompleted.pattern),
  });
  eventBridge.putTargets(place, {
    Rule: "sweeps",
    EventBusName: eventBusName,
    Targets: [{ Id: "queue", Arn: deadLetterQueueArn("cardway-sweep", deployment) }],
  });
  eventBridge.onDelivery(({ ruleName, event }) => {
    if (ruleName === "sweeps") announced.push(SweepCompleted.schema.parse(event).detail);
  });
  return { test, settings, events, calls, hooks, announced };
}

async function sweeps(test: TestCloud): Promise<string[]> {
  const { executions } = await test.stepFunctions.send(
    new ListExecutionsCommand({ stateMachineArn: sweepStateMachineArn(deployment) }),
  );
  return (executions ?? []).map(({ status }) => status ?? "");
}

/** Lets all that has been started end, but for executions that wait for approvers. */
async function atRest(test: TestCloud, waiting = 0): Promise<void> {
  await test.pass(second);
  await test.until("rest", async () => {
    const running = (await test.executions()).filter(({ status }) => status === "RUNNING");
    return running.length === waiting ? true : undefined;
  });
}

async function reads(client: SageMakerClient, modelCardArn: string): Promise<boolean> {
  try {
    await client.send(new DescribeModelCardCommand({ ModelCardName: modelCardArn }));
    return true;
  } catch {
    return false;
  }
}

/** Lets an hour pass, with its sweep and all that it starts. */
async function anHour(test: TestCloud, waiting = 0): Promise<void> {
  await test.pass(1);
  await atRest(test, waiting);
}

/** The execution that waits for approvers, once there is one. */
async function waiterOf(test: TestCloud): Promise<string> {
  await atRest(test, 1);
  const executions = await test.executions();
  return executions.find(({ status }) => status === "RUNNING")?.executionArn ?? "";
}

describe("the sweep", () => {
  it("gives and takes production where every event was lost", async () => {
    const { test, events, announced } = sweptCloud();
    const up = await test.createCard("up");
    const down = await test.createCard("down", "Approved");
    await atRest(test);
    const production = async (): Promise<boolean[]> => {
      const reader = await test.reader(accounts.prod);
      return [await reads(reader, up), await reads(reader, down)];
    };
    expect(await production()).toStrictEqual([false, true]);

    events.lost = true;
    await test.setStatus(up, "Approved");
    await test.setStatus(down, "Draft");
    await anHour(test);

    expect(await production()).toStrictEqual([true, false]);
    expect(announced).toMatchObject([{ scanned: 2, differing: 2, started: 2, failing: 0 }]);
    await anHour(test);
    expect(announced[1]).toMatchObject({ scanned: 2, differing: 0, started: 0, failing: 0 });
  });

  it("starts nothing where nothing differs, however long it goes on", async () => {
    const { test, announced } = sweptCloud();
    for (const status of ["Draft", "PendingReview", "Approved", "Archived"] as const) {
      await test.createCard(status, status);
    }
    await atRest(test, 1);
    const before = (await test.executions()).length;

    await test.pass(5);

    expect(await sweeps(test)).toStrictEqual(Array<string>(5).fill("SUCCEEDED"));
    expect(announced.map(({ scanned }) => scanned)).toStrictEqual([4, 4, 4, 4, 4]);
    expect(announced.map(({ differences }) => differences)).toStrictEqual([{}, {}, {}, {}, {}]);
    expect(await test.executions()).toHaveLength(before);
  });

  it("takes a card that is gone out of its shares", async () => {
    const { test, events, announced } = sweptCloud();
    const gone = await test.createCard("gone", "Approved");
    await test.createCard("here");
    await atRest(test);

    events.lost = true;
    await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "gone" }));
    await anHour(test);
    await anHour(test);

    expect(announced.map(({ scanned, differing }) => [scanned, differing])).toStrictEqual([
      [1, 1],
      [1, 0],
    ]);
    expect(await test.story(gone)).toContain("PromotionCompleted CardDeleted");
  });

  it("asks approvers about a card in review that nobody was asked about", async () => {
    const { test, announced } = sweptCloud();
    const broken = await test.breakFunction("cardway-request-approval");
    const modelCardArn = await test.createCard("churn", "PendingReview");
    await atRest(test);
    await broken.repair();
    expect(test.links("churn")).toStrictEqual([]);

    await anHour(test, 1);
    await anHour(test, 1);

    expect(await test.story(modelCardArn)).toContain("ApprovalRequested");
    expect(announced.map(({ differing }) => differing)).toStrictEqual([1, 0]);
  });

  it("does not ask again about a card whose time to be approved is over", async () => {
    const { test, announced } = sweptCloud((input) => {
      const brief = { approvals: 1, remindAfterHours: [], expiresAfterHours: 1.5 };
      return {
        ...input,
        approval: { ...input.approval, policies: { Low: brief, Medium: brief, High: brief } },
      };
    });
    const modelCardArn = await test.createCard("churn", "PendingReview");

    await test.pass(5);

    expect(await test.story(modelCardArn)).toContain("ApprovalDecided expired");
    expect(announced.map(({ differing }) => differing)).toStrictEqual([0, 0, 0, 0, 0]);
  });

  it("leaves an approved card in peace that waits for a recorded approval", async () => {
    const { test, events, announced } = sweptCloud((input) => ({ ...input, requireRecordedApproval: true }));
    const modelCardArn = await test.createCard("churn");
    await atRest(test);
    events.lost = true;
    await test.setStatus(modelCardArn, "Approved");

    await anHour(test, 1);
    await anHour(test, 1);

    expect(announced.map(({ differing }) => differing)).toStrictEqual([1, 0]);
    expect(await reads(await test.reader(accounts.prod), modelCardArn)).toBe(false);
    await test.post(test.links("churn")[0] ?? "", "approve");
    await atRest(test);
    expect(await reads(await test.reader(accounts.prod), modelCardArn)).toBe(true);
  });

  it("notices that a card was tagged into another lifecycle, which no event tells", async () => {
    const { test, announced } = sweptCloud((input) => ({
      ...input,
      routes: [{ tag: { key: "team", value: "churn" }, lifecycle: "default" }],
    }));
    const modelCardArn = await test.createCard("churn");
    await atRest(test);
    const developer = test.sageMaker(accounts.dev);
    expect(await reads(developer, modelCardArn)).toBe(false);

    const Tags = [{ Key: "team", Value: "churn" }];
    await test.owner.send(new AddTagsCommand({ ResourceArn: modelCardArn, Tags }));
    await anHour(test);

    expect(await reads(developer, modelCardArn)).toBe(true);
    expect(announced).toMatchObject([{ differing: 1 }]);
  });

  it("converges where search is behind, and takes no card for gone that it does not find yet", async () => {
    const routes = [{ tag: { key: "team", value: "churn" }, lifecycle: "default" }];
    const { test, events, announced } = sweptCloud((input) => ({ ...input, routes }), {
      searchLagMs: 1.5 * hour,
    });
    const Tags = [{ Key: "team", Value: "churn" }];
    const tag = async (name: string): Promise<string> => {
      const ResourceArn = await test.createCard(name);
      await test.owner.send(new AddTagsCommand({ ResourceArn, Tags }));
      return ResourceArn;
    };
    events.lost = true;
    const lost = await tag("lost");
    events.lost = false;
    const shared = await tag("shared");
    await test.setStatus(shared, "PendingReview");
    await test.setStatus(shared, "Draft");
    await atRest(test);
    const developer = test.sageMaker(accounts.dev);

    await anHour(test);
    expect(await reads(developer, shared)).toBe(true);
    expect(await reads(developer, lost)).toBe(false);
    await anHour(test);
    expect(await reads(developer, lost)).toBe(true);
    events.lost = true;
    await test.owner.send(new DeleteModelCardCommand({ ModelCardName: "shared" }));
    await anHour(test);
    await anHour(test);
    await anHour(test);

    expect(announced.map(({ scanned, differences }) => [scanned, differences])).toStrictEqual([
      [0, {}],
      [2, { "access-missing": 1, "not-settled": 1 }],
      [2, {}],
      [1, { "gone-but-shared": 1, "gone-but-recorded": 1 }],
      [1, {}],
    ]);
  });

  it("counts promotions that run for longer than any approval may take", async () => {
    const { test, settings, announced } = sweptCloud();
    await test.pass(60 * second);
    await test.createCard("churn", "PendingReview");
    await atRest(test, 1);
    // The request keeps the two weeks that it was made with.
    for (const policy of Object.values(settings.approval.policies)) policy.expiresAfterHours = 2;

    await test.pass(26);
    expect(announced.map(({ stuckExecutions }) => stuckExecutions)).toStrictEqual(Array<number>(26).fill(0));
    await test.pass(1);
    expect(announced.at(-1)).toMatchObject({ stuckExecutions: 1, differing: 0 });
  });

  it("carries a decision out that nobody was woken for", async () => {
    const { test, events, announced } = sweptCloud();
    const modelCardArn = await test.createCard("churn", "PendingReview");
    await atRest(test, 1);
    const { currentRequest } = await test.records.readCard(modelCardArn);
    const at = test.clock.now().toISOString();
    const vote = { approverId: "model-approver", name: "A", roles: [], approve: true, comment: "", at };
    await test.records.changeRequest(currentRequest?.requestId ?? "", (request) => ({
      record: { ...request, status: "approved", endedAt: at, votes: [vote] },
      result: undefined,
    }));
    events.lost = true;

    // Who waits hears of it at its own deadline, after hours.
    await anHour(test, 1);

    expect(announced[0]?.differences).toStrictEqual({ "decision-not-applied": 1 });
    expect(await reads(await test.reader(accounts.prod), modelCardArn)).toBe(true);
    await anHour(test, 1);
    expect(announced[1]).toMatchObject({ differing: 0, repaired: 1 });
  });

  it("finds another who waits for approvers where the one who did was stopped", async () => {
    const { test, announced } = sweptCloud();
    await test.createCard("churn", "PendingReview");
    await atRest(test, 1);
    await test.stepFunctions.send(new StopExecutionCommand({ executionArn: await waiterOf(test) }));

    await anHour(test, 1);
    await anHour(test, 1);

    expect(announced.map(({ differences }) => differences)).toStrictEqual([{ "waiter-dead": 1 }, {}]);
  });

  it("takes a card from an execution that has ended with it, and from none that is at work", async () => {
    const { test, events, announced } = sweptCloud();
    await test.createCard("waits", "PendingReview");
    const cards = {
      held: await waiterOf(test),
      left: `${promotionArn.replace("stateMachine", "execution")}:gone`,
    };
    events.lost = true;
    for (const [name, executionArn] of Object.entries(cards)) {
      await test.records.changeCard(await test.createCard(name), (record) => ({
        record: { ...record, claim: { executionArn, state: { status: "Draft" } } },
        result: undefined,
      }));
    }

    await anHour(test, 1);

    expect(announced).toMatchObject([{ scanned: 3, differing: 1 }]);
    expect(announced[0]?.differences).toMatchObject({ "holder-dead": 1 });
  });

  it("sends an approved card back to review whose edit no event told of", async () => {
    const { test, events, announced } = sweptCloud();
    const modelCardArn = await test.createCard("churn", "Approved");
    await atRest(test);
    events.lost = true;
    await test.edit(modelCardArn, { model_overview: { model_description: "edited" } });
    expect(await test.status(modelCardArn)).toBe("Approved 2");

    await anHour(test, 1);

    expect(announced[0]?.differences).toStrictEqual({ "not-settled": 1 });
    expect(await test.status(modelCardArn)).toBe("PendingReview 2");
    expect(await reads(await test.reader(accounts.prod), modelCardArn)).toBe(false);
  });

  it("puts the principals of a share right", async () => {
    const { test, announced } = sweptCloud();
    const modelCardArn = await test.createCard("churn");
    await atRest(test);
    const resourceShareArn = await test.shareOf("cardway-default-dev-read-write");
    const principals = [accounts.test];
    await test.ram(accounts.owner).send(new AssociateResourceShareCommand({ resourceShareArn, principals }));
    await test.pass(second);
    expect(await reads(test.sageMaker(accounts.test), modelCardArn)).toBe(true);

    await anHour(test);
    await anHour(test);

    expect(await reads(test.sageMaker(accounts.test), modelCardArn)).toBe(false);
    expect(announced.map(({ differences }) => differences)).toStrictEqual([{ "principal-surplus": 1 }, {}]);
  });

  it.each([
    ["made by hand", []],
    ["whose tag names no audience", [{ key: audienceTag, value: "copied/from/elsewhere" }]],
  ])(
    "takes a card out of a share %s that lets a read-only stage update, and announces it once",
    async (_whose, tags) => {
      const { test, announced } = sweptCloud();
      const modelCardArn = await test.createCard("churn", "Approved");
      await test.createCard("other", "Approved");
      await atRest(test);
      await test.ram(accounts.owner).send(
        new CreateResourceShareCommand({
          name: "by-hand",
          principals: [accounts.prod],
          resourceArns: [modelCardArn],
          allowExternalPrincipals: false,
          tags,
        }),
      );
      await test.pass(second);

      await anHour(test);
      await anHour(test);

      expect(announced).toMatchObject([
        { differing: 1, started: 1, differences: { "read-only-broken": 1 } },
        { differing: 0, repaired: 1 },
      ]);
      expect((await test.story(modelCardArn)).filter((line) => line === "ReadOnlyBroken prod")).toHaveLength(
        1,
      );
    },
  );

  it("takes production away from every card once its readers could update, and waits for them to be mended", async () => {
    const { test, announced } = sweptCloud();
    const modelCardArns = [
      await test.createCard("one", "Approved"),
      await test.createCard("two", "Approved"),
    ];
    await atRest(test);
    await test.widenReader(accounts.prod);

    await anHour(test);
    const reader = await test.reader(accounts.prod);

    expect(announced).toMatchObject([{ started: 2, differences: { "read-only-broken": 2 } }]);
    for (const modelCardArn of modelCardArns) expect(await reads(reader, modelCardArn)).toBe(false);
    await anHour(test);
    expect(announced[1]).toMatchObject({ started: 0, differences: { "access-missing": 2 } });
  });

  it("only says what it would do in a dry run", async () => {
    const { test, events, announced } = sweptCloud();
    events.lost = true;
    await test.createCard("churn");
    const { executionArn } = await test.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: sweepStateMachineArn(deployment),
        input: JSON.stringify({ dryRun: true }),
      }),
    );

    const output = await test.until("its end", async () => (await test.execution(executionArn ?? "")).output);

    expect(JSON.parse(output)).toMatchObject({
      differing: 1,
      started: 0,
      found: [{ modelCardName: "churn", differences: ["access-missing", "not-settled"] }],
    });
    expect(await test.executions()).toStrictEqual([]);
    expect(announced).toStrictEqual([]);
  });

  it("comes as often as the settings say", async () => {
    const { test, announced } = sweptCloud((input) => ({ ...input, deployment: { sweepEveryHours: 3 } }));

    await test.pass(7);

    expect(announced).toHaveLength(2);
  });

  it("goes on where it was when its time has run out", async () => {
    const { test, events, calls, hooks, announced } = sweptCloud();
    events.lost = true;
    for (let card = 0; card < 250; card += 1) await test.createCard(`card-${card}`, "Archived");
    await anHour(test);
    announced.length = 0;
    calls.length = 0;
    const pages = (): number => calls.filter((call) => call === "ListModelCards").length;
    hooks.beforeCall = async (operation) => {
      if (operation === "ListModelCards" && pages() < 3) await test.clock.advance(200_000);
    };

    await test.pass(1);
    await test.until("the sweep", () => (announced.length > 0 ? true : undefined));

    expect(announced).toMatchObject([{ scanned: 250, differing: 0, repaired: 250 }]);
    expect(pages()).toBe(3);
    // Live access is read anew by each invocation.
    expect(calls.filter((call) => call === "/getresourceshares")).toHaveLength(3);
  });

  it("starts a card once, however often its function is tried again", async () => {
    const { test, events } = sweptCloud();
    events.lost = true;
    await test.createCard("churn");
    await test.breakFunction("cardway-grant-access");
    const Payload = JSON.stringify({
      executionArn: `arn:aws:states:us-east-1:${accounts.owner}:execution:cardway-sweep:1`,
      startedAt: test.clock.now().toISOString(),
      dryRun: false,
      progress: null,
    });
    const answers: unknown[] = [];
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      const answer = await test.lambda.send(new InvokeCommand({ FunctionName: "cardway-sweep", Payload }));
      answers.push(JSON.parse(answer.Payload?.transformToString() ?? ""));
      await atRest(test);
    }

    expect(answers).toMatchObject([{ started: 1 }, { started: 1 }]);
    expect((await test.executions()).map(({ status }) => status)).toStrictEqual(["FAILED"]);
  });

  it("fails where it can, so that alarms see it", async () => {
    const { test, announced } = sweptCloud();
    await test.breakFunction("cardway-sweep");

    await test.pass(1);

    expect(await sweeps(test)).toStrictEqual(["FAILED"]);
    expect(announced).toStrictEqual([]);
  });
});
