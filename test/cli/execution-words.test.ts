import { describe, expect, it } from "vitest";
import { type ExecutionView, executionWords } from "../../cli/commands/execution.ts";
import { type ListedWithCard, executionsWords } from "../../cli/commands/executions.ts";
import { shortNames } from "../../cli/execution-words.ts";
import { plainScreen } from "../../cli/screen.ts";
import type { StateVisit } from "../../queries/state-visit.ts";
import { explainFailure } from "../../queries/explain-failure.ts";

const now = new Date("2026-01-01T06:00:00.000Z");
const arn = "arn:aws:states:eu-west-1:111111111111:execution:cardway-promotion";
const name = "7f7c79fb-b7e5-4380-972a-76493dd0c09f";

function listed(begin: string, changes: Partial<ListedWithCard>): ListedWithCard {
  const full = `${begin}${name.slice(8)}`;
  const startedAt = "2026-01-01T05:00:00.000Z";
  return {
    executionArn: `${arn}:${full}`,
    name: full,
    status: "SUCCEEDED",
    startedAt,
    redriveCount: 0,
    ...changes,
  };
}

function visit(number: number, state: string, changes: Partial<StateVisit>): StateVisit {
  const at = "2026-01-01T05:00:00.000Z";
  const attempt = { startedAt: at, outcome: "succeeded" as const };
  return {
    number,
    name: state,
    type: "Task",
    enteredAt: at,
    leftAt: at,
    durationMs: 40,
    outcome: "succeeded",
    attempts: [attempt],
    waitingForCallback: false,
    ...changes,
  };
}

describe("executions", () => {
  it("are a line each, with as much of their names as tells them apart", async () => {
    const executions = [
      listed("5a0d1c2e", { modelCardName: "customer-churn", status: "RUNNING" }),
      listed("7f7c79fb", { modelCardName: "fraud", stoppedAt: "2026-01-01T05:00:00.533Z" }),
      listed("0b1c2d3e", {
        modelCardName: "loans",
        status: "FAILED",
        startedAt: "2025-12-30T05:00:00.000Z",
        stoppedAt: "2025-12-30T05:01:05.000Z",
        redriveCount: 2,
      }),
    ];

    await expect(executionsWords(executions, true, plainScreen)).toMatchFileSnapshot("words/executions.txt");
  });

  it("have names that tell them apart, also where they begin alike", () => {
    expect(shortNames(["aaaaaaaa-1-x", "aaaaaaaa-2-x", "bbbbbbbb-1-x"])).toStrictEqual([
      "aaaaaaaa-1",
      "aaaaaaaa-2",
      "bbbbbbbb-1",
    ]);
    expect(shortNames(["one", "one"])).toStrictEqual(["one", "one"]);
  });
});

describe("one execution", () => {
  const failed = {
    status: "FAILED",
    error: "AwsCallFailedError",
    cause: "RAM AssociateResourceShare was refused.",
  };
  const execution = {
    executionArn: `${arn}:${name}`,
    name,
    ...failed,
    status: "FAILED" as const,
    startedAt: "2026-01-01T05:00:00.000Z",
    stoppedAt: "2026-01-01T05:01:05.000Z",
    durationMs: 65_000,
    input: '{"modelCardArn":"arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn","reason":"operator"}',
  };
  const view: ExecutionView = {
    execution,
    visits: [
      visit(1, "ReadCard", { input: "{}", output: '{"kind":"promotion"}' }),
      visit(2, "GrantAccess", {
        durationMs: 64_000,
        outcome: "caught",
        error: "AwsCallFailedError",
        attempts: [1, 2, 3].map(() => ({
          startedAt: "2026-01-01T05:00:00.000Z",
          outcome: "failed" as const,
          error: "ResourceNotReadyError",
          cause: "The share is not usable yet.",
        })),
      }),
      visit(3, "RecordFailure", { outcome: "failed", error: "PromotionFailedError", redrive: 1 }),
    ],
    retries: 2,
    redrives: [{ number: 1, at: "2026-01-01T05:00:30.000Z" }],
    failure: explainFailure(execution, "promotion"),
    consoleUrl: `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${arn}:${name}`,
  };

  it("is its states in order, what it was given, its error and what to do", async () => {
    await expect(executionWords(view, false, plainScreen, now)).toMatchFileSnapshot("words/execution.txt");
  });

  it("is the same with what each state was given and gave, where that is asked for", async () => {
    await expect(executionWords(view, true, plainScreen, now)).toMatchFileSnapshot(
      "words/execution-data.txt",
    );
  });

  it("says what it waits for", () => {
    const waiting = visit(1, "RequestApproval", { outcome: "running", waitingForCallback: true });
    const { durationMs: _none, ...running } = execution;
    const words = executionWords(
      { execution: { ...running, status: "RUNNING" }, visits: [waiting], retries: 0, redrives: [] },
      false,
      plainScreen,
      now,
    );
    expect(words).toContain("RUNNING  started 2026-01-01 05:00:00 UTC (1 h ago), it runs");
    expect(words).toMatch(/1  RequestApproval +40 ms  waits for somebody/);
  });
});
