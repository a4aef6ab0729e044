import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ScheduleKeyDeletionCommand, DescribeKeyCommand } from "@aws-sdk/client-kms";
import { RedriveExecutionCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CardReferenceSchema } from "../../events/model-card.ts";
import { PromotionFailed } from "../../events/promotion-failed.ts";
import { SweepCompleted } from "../../events/sweep-completed.ts";
import { deadLetterQueueArn } from "../../stacks/definitions/dead-letters.ts";
import { eventBusName, linkKeyAlias, tableName } from "../../stacks/definitions/deployment.ts";
import { may } from "./draft-to-production.ts";
import { type TestCloud, accounts, createTestCloud, pageUrl, promotionArn, region } from "./test-cloud.ts";

const deployment = { modelCardAccountId: accounts.owner, region, approvalPageUrl: pageUrl };
const hour = 3_600_000;
const inWork = ["works", "works"];

const FailureSchema = z.object({
  effectId: z.string(),
  at: z.string(),
  error: z.string(),
  message: z.string(),
  card: CardReferenceSchema.optional(),
});

/** The system, what it announces of failures and sweeps, and events that a test can lose. */
function createPoisonWorld() {
  const events = { lost: false };
  const test = createTestCloud({ eventDelayMs: () => (events.lost ? 100_000 * hour : 0) });
  const failures: z.output<typeof FailureSchema>[] = [];
  const sweeps: z.output<typeof SweepCompleted.detail>[] = [];
  const { eventBridge } = test.cloud;
  const place = { accountId: accounts.owner, region };
  for (const { detailType, pattern } of [PromotionFailed, SweepCompleted]) {
    const rule = { Name: detailType, EventBusName: eventBusName };
    eventBridge.putRule(place, { ...rule, EventPattern: JSON.stringify(pattern) });
    const Targets = [{ Id: "queue", Arn: deadLetterQueueArn("cardway-sweep", deployment) }];
    eventBridge.putTargets(place, { Rule: detailType, EventBusName: eventBusName, Targets });
  }
  eventBridge.onDelivery(({ ruleName, event }) => {
    if (ruleName === PromotionFailed.detailType) failures.push(FailureSchema.parse(event.detail));
    if (ruleName === SweepCompleted.detailType) sweeps.push(SweepCompleted.schema.parse(event).detail);
  });
  return { test, events, failures, sweeps };
}

function tableClient({ cloud }: TestCloud): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({
      endpoint: "http://aws.test",
      region,
      credentials: { accessKeyId: accounts.owner, secretAccessKey: "any" },
      requestHandler: cloud.requestHandler,
    }),
  );
}

/** Puts something into the table that Cardway never wrote. */
async function spoil(test: TestCloud, pk: string, sk: string, attributes: object = {}): Promise<void> {
  const Item = { pk, sk, revision: 7, data: { modelCardArn: 5 }, ...attributes };
  await tableClient(test).send(new PutCommand({ TableName: tableName, Item }));
}

const spoilCard = (test: TestCloud, name: string): Promise<void> =>
  spoil(test, `CARD#${arnOf(name)}`, "CARD");

function arnOf(name: string): string {
  return `arn:aws:sagemaker:${region}:${accounts.owner}:model-card/${name}`;
}

async function start({ stepFunctions }: TestCloud, input: unknown): Promise<void> {
  await stepFunctions.send(
    new StartExecutionCommand({ stateMachineArn: promotionArn, input: JSON.stringify(input) }),
  );
}

/** Lets all that has been started end, but for executions that wait for approvers. */
async function atRest(test: TestCloud, waiting = 0): Promise<void> {
  await test.pass(1 / 3_600);
  await test.until("rest", async () => {
    const running = (await test.executions()).filter(({ status }) => status === "RUNNING");
    return running.length === waiting;
  });
}

async function anHour(test: TestCloud): Promise<void> {
  await test.pass(1);
  await atRest(test);
}

describe("a poisoned card or event", () => {
  it("keeps no other card from its access, and the others need no longer for it", async () => {
    const secondsOfOthers = async (isPoisoned: boolean): Promise<number> => {
      const { test } = createPoisonWorld();
      if (isPoisoned) {
        await spoilCard(test, "poison-1");
        await spoilCard(test, "poison-2");
        await start(test, { hello: "world" });
        await start(test, { apiCall: { modelCardName: "no card", account: "1", region: "nowhere" } });
        await test.createCard("poison-1");
        await test.createCard("poison-2", "Approved");
      }
      const beganMs = test.clock.now().getTime();
      const others: string[] = [];
      for (let index = 0; index < 10; index += 1)
        others.push(await test.createCard(`other-${index}`, "Approved"));
      await test.until("the others' access", async () => {
        const stories = await Promise.all(others.map((arn) => test.story(arn)));
        return stories.every((story) => story.includes("AccessGranted prod"));
      });
      const tookMs = test.clock.now().getTime() - beganMs;
      await atRest(test);
      for (const modelCardArn of others) {
        expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(inWork);
      }
      return tookMs / 1_000;
    };

    expect(await secondsOfOthers(true)).toBeLessThan((await secondsOfOthers(false)) + 2);
  });

  it("is named with what to do, whatever is wrong with it", async () => {
    const { test, failures } = createPoisonWorld();
    await spoilCard(test, "poison");

    await start(test, { modelCardArn: arnOf("poison"), reason: "a test" });
    await start(test, { apiCall: { modelCardName: "no card", account: accounts.owner, region } });
    await atRest(test);

    expect(failures.map(({ error, card }) => [error, card?.modelCardArn])).toStrictEqual([
      ["InvalidInputError", undefined],
      ["RecordUnreadableError", arnOf("poison")],
    ]);
    expect(failures[1]?.message).toContain(`CARD#${arnOf("poison")} cannot be read (modelCardArn`);
  });

  it("goes on once what is wrong with it is mended", async () => {
    const { test } = createPoisonWorld();
    await spoilCard(test, "poison");
    const modelCardArn = await test.createCard("poison");
    await atRest(test);
    const [failed] = await test.executions();

    const Key = { pk: `CARD#${modelCardArn}`, sk: "CARD" };
    await tableClient(test).send(new DeleteCommand({ TableName: tableName, Key }));
    await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn: failed?.executionArn }));
    await atRest(test);

    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(inWork);
  });
});

describe("a request that cannot go on", () => {
  it("keeps no other from being asked about and decided", async () => {
    const { test, failures } = createPoisonWorld();
    const key = await test.kms.send(new DescribeKeyCommand({ KeyId: linkKeyAlias }));
    await test.createCard("poison", "PendingReview");
    await atRest(test, 1);
    // The key that signed its links is gone, and another has taken its place.
    await test.rotateLinkKey();
    await test.kms.send(new ScheduleKeyDeletionCommand({ KeyId: key.KeyMetadata?.KeyId }));
    const { requestId = "" } = (await test.records.readCard(arnOf("poison"))).currentRequest ?? {};
    await spoil(test, `REQUEST#${requestId}`, "REQUEST");

    const other = await test.createCard("other", "PendingReview");
    await atRest(test, 2);
    await test.post(test.links("other")[0] ?? "", "approve");
    await atRest(test, 1);

    expect(await test.status(other)).toBe("Approved 1");
    // The poisoned one fails by itself, when its next change is looked at.
    await test.setStatus(arnOf("poison"), "Draft");
    await atRest(test, 1);
    expect(failures.map(({ error, card }) => [error, card?.modelCardArn])).toStrictEqual([
      ["RecordUnreadableError", arnOf("poison")],
    ]);
  });
});

describe("the sweep among poisoned cards", () => {
  it("mends all others, and counts the poisoned", async () => {
    const { test, events, sweeps } = createPoisonWorld();
    events.lost = true;
    await spoilCard(test, "a-poison");
    await test.createCard("a-poison", "PendingReview");
    const others = [await test.createCard("b"), await test.createCard("c", "Approved")];

    await anHour(test);
    await anHour(test);

    expect(sweeps).toHaveLength(2);
    expect(sweeps[1]).toMatchObject({ scanned: 3, repaired: 2, differing: 0, failing: 1 });
    for (const modelCardArn of others) {
      expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(inWork);
    }
  });

  it("mends all others also where what it keeps for itself cannot be read, and keeps that anew", async () => {
    const { test, events, sweeps } = createPoisonWorld();
    events.lost = true;
    await spoil(test, "SWEEP", "SWEEP");
    const modelCardArn = await test.createCard("b");

    await anHour(test);
    await anHour(test);

    expect(sweeps).toMatchObject([
      { started: 1, repaired: 0, failing: 0 },
      { differing: 0, repaired: 1, failing: 0 },
    ]);
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(inWork);
  });

  it("mends all others, and counts one whose digest cannot be read", async () => {
    const { test, events, sweeps } = createPoisonWorld();
    events.lost = true;
    await spoil(test, `CARD#${arnOf("a-poison")}`, "CARD", { digest: 7, digestShard: "00" });
    await test.createCard("a-poison");
    const modelCardArn = await test.createCard("b");

    await anHour(test);

    expect(sweeps).toMatchObject([{ scanned: 2, started: 1, failing: 1 }]);
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(inWork);
  });

  it("announces what fails in the same way once, until it is mended, and counts how often it was tried", async () => {
    const { test, failures, sweeps } = createPoisonWorld();
    const broken = await test.breakFunction("cardway-grant-access");
    const modelCardArn = await test.createCard("churn");
    await atRest(test);

    for (let count = 0; count < 4; count += 1) await anHour(test);

    expect(sweeps.map(({ started }) => started)).toStrictEqual([1, 1, 1, 1]);
    expect(failures).toMatchObject([{ error: "AwsCallFailedError", card: { modelCardArn } }]);
    const record = await test.records.readCard(modelCardArn);
    // At its creation, and by each sweep.
    expect(record.failure?.tries).toBeGreaterThanOrEqual(5);
    expect(record.failure?.ordinal).toBe(1);
    expect(Date.parse(record.failure?.lastAt ?? "")).toBeGreaterThan(
      Date.parse(failures[0]?.at ?? "") + 3 * hour,
    );

    await broken.repair();
    await anHour(test);
    expect((await test.records.readCard(modelCardArn)).failure).toMatchObject({ tries: 0 });
    expect(await may(test.sageMaker(accounts.dev), modelCardArn)).toStrictEqual(inWork);
  });

  it("announces it anew after it was mended, and where the card or the failure is another", async () => {
    const { test, failures } = createPoisonWorld();
    const grant = await test.breakFunction("cardway-grant-access");
    const modelCardArn = await test.createCard("churn");
    await atRest(test);
    await test.setStatus(modelCardArn, "PendingReview");
    await atRest(test);
    const outcome = await test.breakFunction("cardway-read-card");
    await anHour(test);
    expect(failures.map(({ card }) => card?.status)).toStrictEqual(["Draft", "PendingReview", undefined]);

    await outcome.repair();
    await grant.repair();
    await test.setStatus(modelCardArn, "Draft");
    await atRest(test);
    expect(failures).toHaveLength(3);
    await test.breakFunction("cardway-read-card");
    await test.setStatus(modelCardArn, "Archived");
    await atRest(test);

    expect(failures).toHaveLength(4);
    expect(new Set(failures.map(({ effectId }) => effectId)).size).toBe(4);
  });
});
