import { InvokeCommand } from "@aws-sdk/client-lambda";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { proveIdentity } from "../../functions/aws/caller-identity.ts";
import { type Act, hashOfAct } from "../../functions/operate/act.ts";
import { createOperateDependencies } from "../../functions/operate/handler.ts";
import { operate } from "../../functions/operate/operate.ts";
import { noCard } from "../../functions/records/effects.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { functionNameOf } from "../../stacks/definitions/functions.ts";
import {
  type TestCloud,
  approver,
  atRest,
  detailsOf,
  happened,
  inReview,
  mediumRisk,
  subjectsTo,
} from "./reviews.ts";
import { accounts, createTestCloud, region } from "./test-cloud.ts";

const AnswerSchema = z.looseObject({ errorType: z.string().optional(), errorMessage: z.string().optional() });

const ids = (last: number): string => `0f4c2c5e-7f1d-4a52-9d51-0000000000${String(last).padStart(2, "0")}`;

async function ask(test: TestCloud, act: Act, { provedFor = act, accountId = accounts.owner } = {}) {
  const proof = await proveIdentity(test.administrator(accountId), hashOfAct(provedFor));
  const { Payload } = await test.lambda.send(
    new InvokeCommand({
      FunctionName: functionNameOf("operate"),
      Payload: JSON.stringify({ act, proof }),
    }),
  );
  return AnswerSchema.parse(JSON.parse(Payload?.transformToString() ?? "null"));
}

function requestIdOf(test: TestCloud, modelCardArn: string): Promise<string> {
  return test.until("the request", async () => {
    const { currentRequest } = await test.records.readCard(modelCardArn);
    return currentRequest?.requestId;
  });
}

describe("an operator", () => {
  it("redrives an execution whose cause is gone, and is on record with the ARN that AWS knows them by", async () => {
    const test = createTestCloud();
    const broken = await test.breakFunction(functionNameOf("grant-access"));
    const modelCardArn = await test.createCard("churn");
    const [failed] = await test.until("the failure", async () => {
      const found = (await test.executions()).filter(({ status }) => status === "FAILED");
      return found.length > 0 ? found : undefined;
    });
    await broken.repair();
    const executionArn = failed?.executionArn ?? "";

    expect(await ask(test, { act: "redrive", actId: ids(1), executionArn })).toStrictEqual({ executionArn });

    await happened(test, modelCardArn, "AccessGranted dev");
    expect(await detailsOf(test, modelCardArn, "OperatorActed")).toMatchObject([
      {
        act: "redrive",
        operator: `arn:aws:iam::${accounts.owner}:user/administrator`,
        through: "command-line",
        executionArn,
      },
    ]);
    await atRest(test);
    expect(await ask(test, { act: "redrive", actId: ids(2), executionArn })).toMatchObject({
      errorType: "ActNotPossibleError",
    });
  });

  it("reminds those who have not answered, and the links go on working", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const requestId = await requestIdOf(test, modelCardArn);

    const answer = await ask(test, { act: "remind", actId: ids(1), requestId });
    await test.until("the mail", () => (subjectsTo(test, approver).length > 1 ? true : undefined));

    expect(answer).toMatchObject({ approverIds: ["model-approver"] });
    expect(subjectsTo(test, approver).at(-1)).toMatch(/^Reminder: /);
    await test.post(test.links("churn").at(-1) ?? "", "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
    expect(await ask(test, { act: "remind", actId: ids(2), requestId })).toMatchObject({
      errorType: "ActNotPossibleError",
      errorMessage: expect.stringContaining("is approved already"),
    });
  });

  it("withdraws a question: everybody hears, its link says so, and nobody is asked the same again", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const requestId = await requestIdOf(test, modelCardArn);
    const link = test.links("churn").at(-1) ?? "";

    await ask(test, { act: "withdraw", actId: ids(1), requestId });
    await happened(test, modelCardArn, "ApprovalDecided withdrawn");
    await test.until("the mail", () => (subjectsTo(test, approver).length > 1 ? true : undefined));
    await atRest(test);

    expect((await test.post(link, "approve")).status).not.toBe(200);
    expect(await test.status(modelCardArn)).toBe("PendingReview 1");
    const mails = test.cloud.ses.messages().length;
    await test.pass(3);
    expect(test.cloud.ses.messages()).toHaveLength(mails);
    expect(await detailsOf(test, modelCardArn, "ApprovalRequested")).toHaveLength(1);
    await test.setStatus(modelCardArn, "Draft");
    await test.setStatus(modelCardArn, "PendingReview");
    await happened(test, modelCardArn, "ApprovalRequested", 2);
  });

  it("stops an execution, starts a sweep and has a card looked at, each on record", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const waiting = (await test.executions()).find(({ status }) => status === "RUNNING");
    await ask(test, { act: "stop", actId: ids(1), executionArn: waiting?.executionArn ?? "" });
    expect((await test.execution(waiting?.executionArn ?? "")).status).toBe("ABORTED");

    await ask(test, { act: "look", actId: ids(2), modelCardArn });
    await atRest(test, 1);
    await ask(test, { act: "sweep", actId: ids(3), dryRun: true });
    await ask(test, { act: "redrive-dead-letters", actId: ids(4), messages: 2 });

    expect(await detailsOf(test, modelCardArn, "OperatorActed")).toMatchObject([
      { act: "stop", executionArn: waiting?.executionArn },
      { act: "look" },
    ]);
    expect(await detailsOf(test, noCard, "OperatorActed")).toMatchObject([
      { act: "sweep", dryRun: true },
      { act: "redrive-dead-letters", messages: 2 },
    ]);
  });

  it("is on record for each act, also for one that has the id of another or of somebody else's", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const requestId = await requestIdOf(test, modelCardArn);
    const look: Act = { act: "look", actId: ids(1), modelCardArn };
    await ask(test, look);
    await ask(test, look);
    const console = createOperateDependencies(test.cloud.functionRuntime("operate", region));
    await operate(look, { identity: "somebody-else", through: "console" }, console);
    await ask(test, { act: "remind", actId: ids(1), requestId });
    await ask(test, { act: "withdraw", actId: ids(1), requestId });

    const operator = `arn:aws:iam::${accounts.owner}:user/administrator`;
    const acts = await detailsOf(test, modelCardArn, "OperatorActed");
    expect(acts).toMatchObject([
      { act: "look", operator },
      { act: "look", operator: "somebody-else" },
      { act: "remind", operator },
      { act: "withdraw", operator },
    ]);
    const [first, other] = acts.map(({ executionArn }) => executionArn);
    expect(other).not.toBe(first);
  });

  it("is on record each time, where one and the same act comes again and there is more to be done", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const remind: Act = { act: "remind", actId: ids(1), requestId: await requestIdOf(test, modelCardArn) };
    for (const times of [1, 2]) {
      await ask(test, remind);
      await test.until("the mail", () => (subjectsTo(test, approver).length > times ? true : undefined));
    }
    const waiting = (await test.executions()).find(({ status }) => status === "RUNNING");
    const stop: Act = { act: "stop", actId: ids(2), executionArn: waiting?.executionArn ?? "" };
    await ask(test, stop);
    await ask(test, { act: "redrive", actId: ids(3), executionArn: stop.executionArn });
    await ask(test, stop);

    const acts = await detailsOf(test, modelCardArn, "OperatorActed");
    expect(acts.map(({ act }) => act)).toStrictEqual(["remind", "remind", "stop", "redrive", "stop"]);
  });

  it("can act on nothing of another account or Region, and leaves no record there", async () => {
    const test = createTestCloud();
    const modelCardArn = `arn:aws:sagemaker:${region}:${accounts.dev}:model-card/churn`;
    const elsewhere = `arn:aws:sagemaker:eu-central-1:${accounts.owner}:model-card/churn`;
    const executionArn = `arn:aws:states:eu-central-1:${accounts.owner}:execution:cardway-promotion:x`;
    const refused = { errorType: "ActNotPossibleError", errorMessage: expect.stringContaining("is not of") };
    const acts: Act[] = [
      { act: "look", actId: ids(1), modelCardArn },
      { act: "collect-evidence", actId: ids(2), modelCardArn: elsewhere, version: 1 },
      { act: "stop", actId: ids(3), executionArn },
    ];
    for (const act of acts) expect(await ask(test, act)).toMatchObject(refused);
    expect(await detailsOf(test, modelCardArn, "OperatorActed")).toStrictEqual([]);
    expect(await detailsOf(test, elsewhere, "OperatorActed")).toStrictEqual([]);
  });

  it("is believed by a proof for this very act alone", async () => {
    const test = createTestCloud();
    const act: Act = { act: "sweep", actId: ids(1), dryRun: true };
    const refused = { errorType: "OperatorNotProvedError" };
    expect(await ask(test, act, { provedFor: { ...act, dryRun: false } })).toMatchObject(refused);
    expect(await ask(test, act, { provedFor: { ...act, actId: ids(2) } })).toMatchObject(refused);
    expect(await detailsOf(test, noCard, "OperatorActed")).toStrictEqual([]);
    expect(await ask(test, act, { accountId: accounts.test })).toMatchObject(refused);
    expect(await detailsOf(test, noCard, "OperatorActed")).toStrictEqual([]);
    await ask(test, act);
    expect(await detailsOf(test, noCard, "OperatorActed")).toMatchObject([
      { operator: `arn:aws:iam::${accounts.owner}:user/administrator` },
    ]);
  });
});
