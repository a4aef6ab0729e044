import {
  DescribeExecutionCommand,
  type HistoryEvent,
  RedriveExecutionCommand,
  StartExecutionCommand,
  paginateGetExecutionHistory,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { type ExecutionHistory, executionHistory } from "../../queries/execution-history.ts";
import { explainFailure } from "../../queries/explain-failure.ts";
import { stateGraph } from "../../queries/state-graph.ts";
import { takenWays } from "../../queries/taken-ways.ts";
import { sweepStateMachineArn } from "../../stacks/definitions/deployment.ts";
import { promotionWorkflow } from "../../stacks/definitions/workflow.ts";
import lifecycleSettings from "../../lifecycle.config.ts";
import { approver, atRest, happened, inReview, linkOf, mediumRisk } from "./reviews.ts";
import { type TestCloud, accounts, createTestCloud, pageUrl, region } from "./test-cloud.ts";

const deployment = { modelCardAccountId: accounts.owner, region, approvalPageUrl: pageUrl };

async function historyOf({ stepFunctions }: TestCloud, executionArn = ""): Promise<ExecutionHistory> {
  const described = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
  const events: HistoryEvent[] = [];
  const input = { executionArn, includeExecutionData: true };
  for await (const page of paginateGetExecutionHistory({ client: stepFunctions }, input)) {
    events.push(...(page.events ?? []));
  }
  return executionHistory(described, events);
}

const names = ({ visits }: ExecutionHistory): string[] => visits.map(({ name }) => name);

/** Every step from one state to the next is a way of the workflow's definition. */
function expectOnlyWaysOf(definition: object, { visits }: ExecutionHistory): void {
  const taken = takenWays(stateGraph(definition), visits);
  const steps = visits.filter(({ redrive }, index) => index > 0 && redrive === undefined);
  expect([...taken.values()].reduce((sum, times) => sum + times, 0)).toBe(steps.length);
}

describe("the history of an execution", () => {
  it("shows whom a promotion waits for and how it went on, and its task token nowhere", async () => {
    const { test, modelCardArn } = await inReview(mediumRisk, 1, { settings: lifecycleSettings });
    await test.pass(6.1);
    await atRest(test, 1);
    const [running] = (await test.executions()).filter(({ status }) => status === "RUNNING");
    const { currentRequest } = await test.records.readCard(modelCardArn);
    const request = await test.records.findRequest(currentRequest?.requestId ?? "");
    const waiting = await historyOf(test, running?.executionArn);
    await test.post(linkOf(test, approver), "approve");
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);
    const done = await historyOf(test, running?.executionArn);

    expect(waiting.visits.at(-1)).toMatchObject({
      name: "RequestApproval",
      outcome: "running",
      waitingForCallback: true,
      attempts: [{ outcome: "running" }],
    });
    const [asked] = waiting.visits.filter(({ name }) => name === "RequestApproval");
    expect(asked).toMatchObject({
      outcome: "caught",
      error: "States.Timeout",
      attempts: [{ outcome: "timed-out" }],
    });
    expect(names(done).slice(waiting.visits.length - 1, waiting.visits.length + 3)).toStrictEqual([
      "RequestApproval",
      "WaitOver",
      "ApplyDecision",
      "ReadCard",
    ]);
    expect(done.visits.at(-1)).toMatchObject({ name: "Done", type: "Succeed", outcome: "succeeded" });
    expectOnlyWaysOf(promotionWorkflow(deployment), done);
    const token = request?.waiting?.taskToken ?? "no token";
    expect(token.length).toBeGreaterThan(20);
    expect(JSON.stringify([waiting, done])).not.toContain(token.slice(0, 20));
  });

  it("shows why a promotion failed, what to do, and what became of it when it was redriven", async () => {
    const test = createTestCloud();
    const broken = await test.breakFunction("cardway-record-outcome");
    await test.createCard("churn");
    const executionArn = await test.until("a failure", async () => {
      const [failed] = (await test.executions()).filter(({ status }) => status === "FAILED");
      return failed?.executionArn;
    });
    const failed = await historyOf(test, executionArn);
    await broken.repair();
    await test.clock.advance(60_000);
    await test.stepFunctions.send(new RedriveExecutionCommand({ executionArn }));
    await atRest(test);
    const redriven = await historyOf(test, executionArn);

    expect(failed.visits.slice(-2)).toMatchObject([
      { name: "RecordOutcome", outcome: "caught" },
      { name: "RecordFailure", outcome: "failed", error: "PromotionFailedError" },
    ]);
    expect(explainFailure(failed.execution, "promotion")).toMatchObject({
      error: failed.visits.at(-2)?.error,
      message: failed.visits.at(-2)?.cause,
      redrive: "when-mended",
    });
    expect(failed.execution.cause).not.toContain("trace");
    expect(redriven.visits.slice(0, failed.visits.length)).toStrictEqual(failed.visits);
    expect(redriven.visits.slice(failed.visits.length, failed.visits.length + 2)).toMatchObject([
      { name: "RecordFailure", outcome: "succeeded", redrive: 1 },
      { name: "ReadCard", outcome: "succeeded" },
    ]);
    expect(redriven.redrives).toStrictEqual([
      { number: 1, at: redriven.visits[failed.visits.length]?.enteredAt },
    ]);
    expect(redriven.execution.status).toBe("SUCCEEDED");
    expect(explainFailure(redriven.execution, "promotion")).toBeUndefined();
    expectOnlyWaysOf(promotionWorkflow(deployment), redriven);
  });

  it("shows a sweep", async () => {
    const test = createTestCloud();
    const stateMachineArn = sweepStateMachineArn(deployment);
    const { executionArn } = await test.stepFunctions.send(new StartExecutionCommand({ stateMachineArn }));
    await test.until("its end", async () => {
      const { status } = await test.execution(executionArn ?? "");
      return status !== "RUNNING";
    });

    const { execution, visits, retries } = await historyOf(test, executionArn);

    expect(execution.status).toBe("SUCCEEDED");
    expect(visits.map(({ name, outcome }) => [name, outcome])).toStrictEqual([
      ["Sweep", "succeeded"],
      ["EveryCardCompared", "succeeded"],
      ["Done", "succeeded"],
    ]);
    expect(retries).toBe(0);
  });
});
