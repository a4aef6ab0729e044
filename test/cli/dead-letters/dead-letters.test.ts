import { ListExecutionsCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { sweepStateMachineArn } from "../../../stacks/definitions/deployment.ts";
import { settledWith } from "../../workflow/draft-to-production.ts";
import { detailsOf } from "../../workflow/reviews.ts";
import { accounts, pageUrl, region } from "../../workflow/test-cloud.ts";
import {
  callOf,
  calls,
  createDeadLetterWorld,
  scheduled,
  stateChangeOf,
  stateChanges,
  sweeps,
  withoutChance,
} from "./dead-letter-world.ts";

const deployment = { modelCardAccountId: accounts.owner, region, approvalPageUrl: pageUrl };
const cardArn = (name: string): string => `arn:aws:sagemaker:${region}:${accounts.owner}:model-card/${name}`;

/** One message of each code, and some that make no sense. */
async function worldOfDeadLetters() {
  const world = await createDeadLetterWorld();
  const throttled = {
    ERROR_CODE: "THROTTLING",
    ERROR_MESSAGE: "Rate exceeded",
    EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
    RETRY_ATTEMPTS: "185",
  };
  await world.bury(stateChanges, stateChangeOf(cardArn("churn")), {
    ERROR_CODE: "NO_PERMISSIONS",
    ERROR_MESSAGE: "User: arn:aws:sts::111111111111:assumed-role/x is not authorized\u001b[2J\nto start",
    RETRY_ATTEMPTS: "0",
  });
  await world.bury(stateChanges, stateChangeOf(cardArn("fraud")), throttled);
  await world.bury(stateChanges, stateChangeOf(cardArn("churn")), throttled);
  await world.bury(stateChanges, "{", throttled);
  await world.bury(stateChanges, stateChangeOf("arn:aws:s3:::no-card"), {
    ERROR_CODE: "RESOURCE_ALREADY_EXISTS",
  });
  await world.bury(calls, callOf("churn"), {
    ERROR_CODE: "INVALID_JSON",
    ERROR_MESSAGE: 'no JSON: {"secret":"content"}',
  });
  await world.bury(calls, callOf("no card's name"), { ERROR_CODE: "FAILED_TO_ASSUME_ROLE" });
  await world.bury(calls, "5", { ERROR_CODE: "THIRD_ACCOUNT_HOP_DETECTED" });
  await world.bury(calls, callOf("loans"), {
    ERROR_CODE: "SOMETHING_NEW",
    ERROR_MESSAGE: '{"secret":"content"}',
    EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
    RETRY_ATTEMPTS: "1",
  });
  await world.bury(sweeps, scheduled);
  await world.bury(sweeps, scheduled, {
    ERROR_CODE: "NO_RESOURCE",
    ERROR_MESSAGE: "State Machine Does Not Exist",
  });
  return world;
}

describe("dead letters", () => {
  it("are listed and explained, and stay", async () => {
    const { run } = await worldOfDeadLetters();

    const { code, output } = await run();

    await expect(withoutChance(output)).toMatchFileSnapshot("list.txt");
    expect(code).toBe(0);
    // Whoever looks gives back at once what it received.
    expect((await run()).output).toBe(output);
  });

  it("are listed also where there are more than one call receives", async () => {
    const { run, bury } = await createDeadLetterWorld();
    for (let count = 0; count < 25; count += 1)
      await bury(stateChanges, stateChangeOf(cardArn(`card-${count}`)));

    const { output } = await run();

    expect(output).toContain("cardway-model-card-state-change-dead-letters: 25 events");
    for (let count = 0; count < 25; count += 1) expect(output).toContain(` card-${count}, `);
  });

  it("are re-driven by one execution for a card and one for the sweep, all but what is malformed", async () => {
    const { run, test, acts } = await worldOfDeadLetters();

    const { code, output } = await run(["--redrive"], "y");

    const [, told] = output.split(/(?=^\d+ events are re-driven)/m);
    await expect(withoutChance(told ?? "")).toMatchFileSnapshot("redrive.txt");
    expect(code).toBe(1);
    const operator = `arn:aws:sts::${accounts.owner}:assumed-role/cardway-operator/operator`;
    const act = "redrive-dead-letters";
    expect(await acts()).toMatchObject([{ act, messages: 2, operator }]);
    expect(await detailsOf(test, cardArn("churn"), "OperatorActed")).toMatchObject([{ act, operator }]);
    // churn, fraud and loans.
    expect(await test.executions()).toHaveLength(3);
    const { executions } = await test.stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn: sweepStateMachineArn(deployment) }),
    );
    expect(executions).toHaveLength(1);
    const left = (await run()).output;
    expect(left).toContain("state-change-dead-letters: 2 events");
    expect(left).toContain("call-dead-letters: 2 events");
    expect(left).toContain("sweep-dead-letters: 0 events");
  });

  it("bring a card its access once the cause is mended", async () => {
    const { run, test, breakRule } = await createDeadLetterWorld();
    const broken = [await breakRule(stateChanges), await breakRule(calls)];
    const modelCardArn = await test.createCard("churn");
    await test.until("the dead letter", async () =>
      (await run()).output.includes("NO_PERMISSIONS") ? true : undefined,
    );
    expect(await test.executions()).toStrictEqual([]);
    for (const { repair } of broken) await repair();

    const { code, output } = await run(["--redrive", "--yes"]);

    expect(output).toMatch(/events? re-driven by 1 execution\.\n$/);
    expect(code).toBe(0);
    await settledWith(test, modelCardArn, "AccessGranted dev");
  });

  it("stay where the person who is asked says no", async () => {
    const { run, test, acts } = await worldOfDeadLetters();

    const { code, output } = await run(["--redrive"], "n");

    expect(output).toContain("Nothing was changed.");
    expect(code).toBe(0);
    expect(await acts()).toStrictEqual([]);
    expect(await test.executions()).toStrictEqual([]);
    expect((await run()).output).toContain("state-change-dead-letters: 5 events");
  });

  it("stay where nobody can be asked, or what is done cannot go on record", async () => {
    const { run, bury, refuse } = await createDeadLetterWorld();
    await bury(stateChanges, stateChangeOf(cardArn("churn")));

    expect(await run(["--redrive"])).toMatchObject({ code: 2, stderr: expect.stringContaining("add --yes") });
    expect(await run(["--redrive", "--json"], "y")).toMatchObject({ code: 2, output: "" });
    const refusal = refuse("/2015-03-31/functions/cardway-operate/invocations");
    expect(await run(["--redrive", "--yes"])).toMatchObject({
      code: 1,
      output: expect.stringContaining("AWS refused lambda:InvokeFunction with AccessDeniedException"),
    });
    refusal.restore();
    expect((await run()).output).toContain("state-change-dead-letters: 1 event");
  });

  it("stay where nothing could be started, and say why", async () => {
    const { run, bury, refuse } = await createDeadLetterWorld();
    const id = await bury(stateChanges, stateChangeOf(cardArn("churn")));
    await bury(stateChanges, stateChangeOf(cardArn("fraud")));
    const refusal = refuse("/2015-03-31/functions/cardway-operate/invocations", (times) => times === 0);

    const { code, output } = await run(["--redrive", "--yes"]);

    expect(code).toBe(1);
    expect(output).toContain("1 event re-driven by 1 execution.");
    expect(output).toContain(`${id}  churn: AWS refused lambda:InvokeFunction with AccessDeniedException.`);
    refusal.restore();
    expect(await run(["--redrive", "--yes"])).toMatchObject({ code: 0 });
  });

  it("start nothing twice where a message could not be deleted", async () => {
    const { run, bury, test, refuse } = await createDeadLetterWorld();
    for (let count = 0; count < 4; count += 1) await bury(stateChanges, stateChangeOf(cardArn("churn")));
    const refusal = refuse("DeleteMessage", (times) => times >= 1);

    const first = await run(["--redrive", "--yes"]);

    expect(first.code).toBe(1);
    expect(first.output).toContain("3 messages still in the queue:");
    expect(first.output).toContain("its execution has started, but AWS refused sqs:DeleteMessage");
    refusal.restore();
    expect(await run(["--redrive", "--yes"])).toMatchObject({ code: 0 });
    expect(await test.executions()).toHaveLength(1);
  });

  it("start another execution for an event that came later", async () => {
    const { run, bury, test, refuse } = await createDeadLetterWorld();
    await bury(stateChanges, stateChangeOf(cardArn("churn")));
    const refusal = refuse("DeleteMessage");
    await run(["--redrive", "--yes"]);
    refusal.restore();
    await bury(stateChanges, stateChangeOf(cardArn("churn")));

    await run(["--redrive", "--yes"]);

    expect(await test.executions()).toHaveLength(2);
  });

  it("go without starting anything where they are discarded", async () => {
    const { run, bury, test, acts } = await createDeadLetterWorld();
    const id = await bury(stateChanges, "poison");
    await bury(stateChanges, stateChangeOf(cardArn("churn")));

    const { code, output } = await run(["--discard", id, "--yes"]);

    expect(output).toContain("1 message discarded.");
    expect(await acts()).toMatchObject([{ act: "discard-dead-letters", messages: 1 }]);
    expect(code).toBe(0);
    expect(await test.executions()).toStrictEqual([]);
    expect((await run()).output).toContain("state-change-dead-letters: 1 event");
    expect(await run(["--discard", id, "--yes"])).toMatchObject({
      code: 1,
      output: expect.stringContaining(`There is no message ${id} in any queue.`),
    });
  });

  it("of other queues are shown where one queue cannot be read", async () => {
    const { run, bury, refuse } = await createDeadLetterWorld();
    await bury(sweeps, scheduled);
    refuse("GetQueueUrl", (times) => times === 0);

    const { code, output } = await run();

    expect(code).toBe(1);
    expect(output).toContain("These credentials may not call sqs:GetQueueUrl (AccessDeniedException).");
    expect(output).toMatch(/dead-letters: could not be read\n/);
    expect(output).toContain("cardway-sweep-dead-letters: 1 event");
  });

  it("that somebody else has in hand are counted", async () => {
    const { run, bury, refuse, test } = await createDeadLetterWorld();
    await bury(sweeps, scheduled);
    const refusal = refuse("ChangeMessageVisibility");
    await run();
    refusal.restore();

    expect((await run()).output).toContain("1 other message received by somebody else and not given back");
    await test.pass(0.25);
    expect((await run()).output).toContain("cardway-sweep-dead-letters: 1 event");
  });

  it("are one JSON object for machines, with what became of each and never what was in them", async () => {
    const { run } = await worldOfDeadLetters();

    const { output } = await run(["--json", "--redrive", "--yes"]);

    expect(JSON.parse(output)).toMatchObject({
      accountId: accounts.owner,
      queues: [
        { letters: [{ subject: { kind: "card" }, outcome: { done: "re-driven" } }, {}, {}, {}, {}] },
        {},
        { ruleName: sweeps, letters: [{ subject: { kind: "sweep" } }, { failure: { code: "NO_RESOURCE" } }] },
      ],
    });
    expect(output).not.toContain("secret");
    expect(output).not.toContain("receiptHandle");
  });
});
