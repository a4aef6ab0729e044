import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
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
} from "../workflow/reviews.ts";
import { accounts, createTestCloud, promotionArn } from "../workflow/test-cloud.ts";
import { cardway, withoutChance } from "./cardway-world.ts";
import { type Credentials, operatorCredentials } from "./operator-credentials.ts";

const operator = `arn:aws:sts::${accounts.owner}:assumed-role/cardway-operator/operator`;

function operatorOf(test: TestCloud): Promise<Credentials> {
  return operatorCredentials(test.administrator(accounts.owner));
}

describe("an operator who acts", () => {
  it("redrives a failed execution by how its name begins, is asked first, and is on record", async () => {
    const test = createTestCloud({ settings: lifecycleSettings });
    const credentials = await operatorOf(test);
    const broken = await test.breakFunction(functionNameOf("grant-access"));
    const modelCardArn = await test.createCard("churn");
    await happened(test, modelCardArn, "PromotionFailed");
    await atRest(test);
    await broken.repair();
    const [failed] = (await test.executions()).filter(({ status }) => status === "FAILED");
    const start = failed?.name?.slice(0, 8) ?? "";

    const unasked = await cardway(test, ["redrive", start], { credentials });
    const declined = await cardway(test, ["redrive", start], { credentials, answer: "n" });
    expect(unasked).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("add --yes") });
    expect(declined).toMatchObject({ code: 0, stdout: expect.stringContaining("Nothing was changed.") });
    expect(await detailsOf(test, modelCardArn, "OperatorActed")).toStrictEqual([]);

    const agreed = await cardway(test, ["redrive", start], { credentials, answer: "y" });
    await happened(test, modelCardArn, "AccessGranted dev");

    expect(agreed).toMatchObject({ code: 0, stderr: "" });
    await expect(withoutChance(agreed.stdout)).toMatchFileSnapshot("words/redrive.txt");
    expect(await detailsOf(test, modelCardArn, "OperatorActed")).toMatchObject([
      { act: "redrive", operator },
    ]);
    await atRest(test);
    const again = await cardway(test, ["redrive", start, "--yes"], { credentials });
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be redriven") });
    expect(await detailsOf(test, modelCardArn, "OperatorActed")).toHaveLength(1);
  });

  it("looks at no card that never was, and puts nothing on record about it", async () => {
    const test = createTestCloud({ settings: lifecycleSettings });
    const credentials = await operatorOf(test);

    const misspelt = await cardway(test, ["look", "chrun", "--yes"], { credentials });

    expect(misspelt).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("There is no card chrun"),
    });
    expect(await test.executions()).toStrictEqual([]);
  });

  it("stops an execution, and has its card looked at", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const credentials = await operatorOf(test);
    const waiting = (await test.executions()).find(({ status }) => status === "RUNNING");

    const stopped = await cardway(test, ["stop", waiting?.executionArn ?? "", "--yes", "--json"], {
      credentials,
    });
    expect(JSON.parse(stopped.stdout)).toMatchObject({ act: "stop", executionArn: waiting?.executionArn });
    expect((await test.execution(waiting?.executionArn ?? "")).status).toBe("ABORTED");

    await test.pass(0.1);
    const looked = await cardway(test, ["look", "churn", "--yes"], { credentials });
    expect(looked).toMatchObject({ code: 0, stderr: "" });
    await atRest(test, 1);
    expect(await detailsOf(test, modelCardArn, "OperatorActed")).toMatchObject([
      { act: "stop", operator },
      { act: "look", operator },
    ]);
  });

  it("redrives a sweep that failed, and none that has succeeded", async () => {
    const test = createTestCloud({ settings: lifecycleSettings });
    const credentials = await operatorOf(test);
    const broken = await test.breakFunction(functionNameOf("sweep"));
    expect(await cardway(test, ["sweep", "--yes"], { credentials })).toMatchObject({ code: 1 });
    await broken.repair();
    const { executions = [] } = await test.stepFunctions.send(
      new ListExecutionsCommand({
        stateMachineArn: promotionArn.replace("cardway-promotion", "cardway-sweep"),
      }),
    );
    const executionArn = executions[0]?.executionArn ?? "";

    const redriven = await cardway(test, ["redrive", executionArn, "--yes"], { credentials });
    expect(redriven).toMatchObject({ code: 0, stderr: "" });
    await test.until("the end", async () =>
      (await test.execution(executionArn)).status === "SUCCEEDED" ? true : undefined,
    );
    const again = await cardway(test, ["redrive", executionArn, "--yes"], { credentials });
    expect(again).toMatchObject({ code: 1, stderr: expect.stringContaining("cannot be redriven") });
    const stopped = await cardway(test, ["stop", executionArn, "--yes"], { credentials });
    expect(stopped).toMatchObject({ code: 0, stderr: "" });
    expect((await test.execution(executionArn)).status).toBe("SUCCEEDED");
  });

  it("reminds also where the execution that waits was stopped", async () => {
    const { test } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const credentials = await operatorOf(test);
    const waiting = (await test.executions()).find(({ status }) => status === "RUNNING");
    await cardway(test, ["stop", waiting?.executionArn ?? "", "--yes"], { credentials });
    const before = subjectsTo(test, approver).length;

    const reminded = await cardway(test, ["remind", "churn", "--yes"], { credentials });

    expect(reminded).toMatchObject({ code: 0, stdout: expect.stringContaining("1 person to be mailed") });
    await test.until("the reminder", () => (subjectsTo(test, approver).length > before ? true : undefined));
    expect(reminded.stdout).not.toContain(waiting?.name);
  });

  it("reminds and withdraws by the card's name, and sees in the list what came of it", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    const credentials = await operatorOf(test);

    const reminded = await cardway(test, ["remind", "churn", "--yes"], { credentials });
    await test.until("the mail", () => (subjectsTo(test, approver).length > 1 ? true : undefined));
    expect(reminded.stdout).toContain("1 person to be mailed: model-approver.");

    const { stdout } = await cardway(test, ["requests", "churn", "--json"], { credentials });
    const { requestId } = JSON.parse(stdout).requests[0];
    const withdrawn = await cardway(test, ["withdraw", requestId, "--yes"], { credentials });
    await happened(test, modelCardArn, "ApprovalDecided withdrawn");

    expect(withdrawn).toMatchObject({ code: 0, stderr: "" });
    expect(await cardway(test, ["requests"], { credentials })).toMatchObject({
      code: 0,
      stdout: "No approval request is open.\n",
    });
    const ended = await cardway(test, ["requests", requestId], { credentials });
    expect(ended.stdout.replaceAll(/\s+/g, " ")).toContain(`withdrawn by ${operator}`);
    expect(await cardway(test, ["remind", "churn", "--yes"], { credentials })).toMatchObject({
      code: 1,
      stderr: "No approval request is open about churn.\n",
    });
  });

  it.each([
    [["redrive", "abc"], "EXECUTION: must be the ARN of an execution"],
    [["redrive", "nothing-like-it", "--yes"], "No execution begins with nothing-like-it"],
    [["stop", "arn:aws:states:us-east-1:111111111111:execution:other:1"], "EXECUTION: must be the ARN"],
    [["remind", "no_name"], "REQUEST: must be the id of an approval request"],
  ])("is told what is wrong with %j", async (words, sentence) => {
    expect(await cardway(createTestCloud(), words)).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(sentence),
    });
  });

  it("is told in a sentence where they may not", async () => {
    const test = createTestCloud();
    const { stderr, code } = await cardway(test, ["look", "churn", "--yes"], {
      credentials: { accessKeyId: accounts.prod, secretAccessKey: "any" },
    });
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("of account 444444444444"),
    });
  });
});
