import type { HistoryEvent, HistoryEventType } from "@aws-sdk/client-sfn";
import {
  RedriveExecutionCommand,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ExecutionHistory, executionHistory } from "../../queries/execution-history.ts";
import {
  FunctionError,
  callbackTask,
  setUp,
  task,
} from "../local/step-functions/step-functions-in-process.ts";

const token = "AQCEAAAAKgAAAAMAAAAAAAAAAbsecretsecretsecret=";
const described = { executionArn: "arn", name: "one", status: "RUNNING", startDate: new Date(0) } as const;

/** A history as AWS would write it, an event each second. */
function written(events: [HistoryEventType, Partial<HistoryEvent>?][]): HistoryEvent[] {
  return events.map(([type, details], index) => ({
    ...details,
    id: index + 1,
    previousEventId: index,
    type,
    timestamp: new Date(index * 1_000),
  }));
}

const entered = (
  type: HistoryEventType,
  name: string,
  input = "{}",
): [HistoryEventType, Partial<HistoryEvent>] => [type, { stateEnteredEventDetails: { name, input } }];

const exited = (
  type: HistoryEventType,
  name: string,
  output = "{}",
): [HistoryEventType, Partial<HistoryEvent>] => [type, { stateExitedEventDetails: { name, output } }];

const lambda = { resource: "invoke", resourceType: "lambda" };
const scheduled: [HistoryEventType, Partial<HistoryEvent>] = [
  "TaskScheduled",
  { taskScheduledEventDetails: { ...lambda, region: "us-east-1", parameters: "{}" } },
];
const failed = (error: string, cause: string): [HistoryEventType, Partial<HistoryEvent>] => [
  "TaskFailed",
  { taskFailedEventDetails: { ...lambda, error, cause } },
];

const lambdaCause = JSON.stringify({ errorType: "E", errorMessage: "It is so.", trace: ["at /var/task/x"] });

describe("executionHistory", () => {
  it("tells a state that was tried again from one whose failure was caught, with the messages alone", () => {
    const { visits, retries } = executionHistory(
      described,
      written([
        ["ExecutionStarted"],
        entered("TaskStateEntered", "Grant", '{"a":1}'),
        scheduled,
        ["TaskStarted"],
        failed("AwsUnavailableError", lambdaCause),
        scheduled,
        ["TaskStarted"],
        ["TaskSucceeded", { taskSucceededEventDetails: { ...lambda, output: "{}" } }],
        exited("TaskStateExited", "Grant", '{"b":2}'),
        entered("TaskStateEntered", "Confirm"),
        scheduled,
        failed("CardMovedError", lambdaCause),
        exited("TaskStateExited", "Confirm"),
        entered("ChoiceStateEntered", "Settled"),
      ]),
    );

    const at = (seconds: number): string => new Date(seconds * 1_000).toISOString();
    const failure = { error: "AwsUnavailableError", cause: "It is so." };
    expect(retries).toBe(1);
    expect(visits).toStrictEqual([
      {
        number: 1,
        name: "Grant",
        type: "Task",
        enteredAt: at(1),
        input: '{"a":1}',
        outcome: "succeeded",
        attempts: [
          { startedAt: at(2), outcome: "failed", endedAt: at(4), ...failure },
          { startedAt: at(5), outcome: "succeeded", endedAt: at(7) },
        ],
        waitingForCallback: false,
        output: '{"b":2}',
        leftAt: at(8),
        durationMs: 7_000,
      },
      {
        number: 2,
        name: "Confirm",
        type: "Task",
        enteredAt: at(9),
        input: "{}",
        outcome: "caught",
        attempts: [
          {
            startedAt: at(10),
            outcome: "failed",
            endedAt: at(11),
            error: "CardMovedError",
            cause: "It is so.",
          },
        ],
        waitingForCallback: false,
        error: "CardMovedError",
        cause: "It is so.",
        output: "{}",
        leftAt: at(12),
        durationMs: 3_000,
      },
      {
        number: 3,
        name: "Settled",
        type: "Choice",
        enteredAt: at(13),
        input: "{}",
        outcome: "running",
        attempts: [],
        waitingForCallback: false,
      },
    ]);
  });

  it.each<[string, HistoryEventType, Partial<HistoryEvent>, string]>([
    ["a task", "TaskTimedOut", { taskTimedOutEventDetails: { ...lambda, error: "E" } }, "timed-out"],
    ["a start", "TaskStartFailed", { taskStartFailedEventDetails: { ...lambda, error: "E" } }, "failed"],
    [
      "a submission",
      "TaskSubmitFailed",
      { taskSubmitFailedEventDetails: { ...lambda, error: "E" } },
      "failed",
    ],
    ["a function", "LambdaFunctionFailed", { lambdaFunctionFailedEventDetails: { error: "E" } }, "failed"],
    [
      "its time",
      "LambdaFunctionTimedOut",
      { lambdaFunctionTimedOutEventDetails: { error: "E" } },
      "timed-out",
    ],
    [
      "its start",
      "LambdaFunctionStartFailed",
      { lambdaFunctionStartFailedEventDetails: { error: "E" } },
      "failed",
    ],
    [
      "its schedule",
      "LambdaFunctionScheduleFailed",
      { lambdaFunctionScheduleFailedEventDetails: { error: "E" } },
      "failed",
    ],
    ["an activity", "ActivityFailed", { activityFailedEventDetails: { error: "E" } }, "failed"],
  ])("knows the failure of %s", (_what, type, details, outcome) => {
    const service = /^(Task|LambdaFunction|Activity)/.exec(type)?.[1];
    const start = (["TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"] as const).find((one) =>
      one.startsWith(service ?? "-"),
    );

    const { visits } = executionHistory(
      described,
      written([
        entered("TaskStateEntered", "Grant"),
        [start ?? "TaskScheduled"],
        [type, details],
        exited("TaskStateExited", "Grant"),
      ]),
    );

    expect(visits).toMatchObject([{ outcome: "caught", error: "E", attempts: [{ outcome, error: "E" }] }]);
  });

  it("ends a Fail state with the execution, and names the error of an execution that timed out", () => {
    const end = { status: "FAILED", stopDate: new Date(9_000), error: "E", cause: lambdaCause } as const;
    const fails = executionHistory(
      { ...described, ...end },
      written([
        entered("FailStateEntered", "No"),
        ["ExecutionFailed", { executionFailedEventDetails: { error: "E", cause: "C" } }],
      ]),
    );
    const timesOut = executionHistory(
      { ...described, status: "TIMED_OUT", stopDate: new Date(9_000) },
      written([
        entered("TaskStateEntered", "Grant"),
        scheduled,
        ["ExecutionTimedOut", { executionTimedOutEventDetails: { error: "States.Timeout" } }],
      ]),
    );

    expect(fails.visits).toMatchObject([{ type: "Fail", outcome: "failed", error: "E", cause: "C" }]);
    expect(fails.execution).toStrictEqual({
      executionArn: "arn",
      name: "one",
      status: "FAILED",
      startedAt: "1970-01-01T00:00:00.000Z",
      stoppedAt: "1970-01-01T00:00:09.000Z",
      durationMs: 9_000,
      error: "E",
      cause: "It is so.",
    });
    expect(timesOut.visits).toMatchObject([{ outcome: "timed-out", attempts: [{ outcome: "aborted" }] }]);
    expect(timesOut.execution.error).toBe("States.Timeout");
  });

  it("shows no task token, wherever it stands and however its member is written", () => {
    const holders = [
      { taskToken: "other token" },
      { deep: [{ TASKTOKEN: token }] },
      { task_token: 5 },
      { text: JSON.stringify({ TaskToken: "another one" }) },
      { text: `It was ${token}.`, [token]: token },
    ];
    const parameters = JSON.stringify({ Payload: { promotion: {}, taskToken: token } });
    const asking = {
      taskScheduledEventDetails: { ...lambda, resource: "invoke.waitForTaskToken", region: "r", parameters },
    };
    for (const holder of holders) {
      const text = JSON.stringify({ ...holder, kept: "yes" });
      const shown = JSON.stringify(
        executionHistory(
          { ...described, input: text, output: text, status: "FAILED", cause: `No ${token}` },
          written([
            entered("TaskStateEntered", "Ask", text),
            ["TaskScheduled", asking],
            failed("E", text),
            failed("E", JSON.stringify({ errorMessage: `Not ${token}` })),
            exited("TaskStateExited", "Ask", text),
          ]),
        ),
      );

      expect(shown).not.toMatch(/secret|other token|another one/);
      expect(shown.match(/\\"kept\\":\\"yes\\"/g)).toHaveLength(5);
    }
  });

  it("leaves texts without a token as they were written, and out what is not JSON", () => {
    const { visits } = executionHistory(
      described,
      written([
        entered("PassStateEntered", "One", '{ "n": 12345678901234567890 }'),
        exited("PassStateExited", "One", '{"cut'),
      ]),
    );

    expect(visits[0]?.input).toBe('{ "n": 12345678901234567890 }');
    expect(visits[0]).not.toHaveProperty("output");
  });

  it("agrees with every history that the engine writes, at every moment, whatever was done to the execution", async () => {
    await fc.assert(
      fc.asyncProperty(workflows, fc.array(deeds, { maxLength: 8 }), async (definition, done) => {
        const world = worldOf(definition.outcomes);
        const executionArn = await world.run(definition.states);
        for (const deed of [{ kind: "wait" as const, ms: 0 }, ...done]) {
          await world.act(executionArn, deed);
          const described = await world.describe(executionArn);
          const events = await world.history(executionArn);

          const history = executionHistory(described, events);

          expectAgreement(history, events, described.error);
          expect(world.tokens.filter((one) => JSON.stringify(history).includes(one))).toStrictEqual([]);
          for (let length = 0; length < events.length; length += 1) {
            const { visits } = executionHistory(described, events.slice(0, length));
            expect(visits.filter(({ leftAt }) => leftAt === undefined).length).toBeLessThanOrEqual(1);
          }
        }
      }),
      { numRuns: 40 },
    );
  });
});

type Deed = { kind: "wait"; ms: number } | { kind: "call back" | "fail back" | "stop" | "redrive" };

const deeds: fc.Arbitrary<Deed> = fc.oneof(
  fc.record({ kind: fc.constant("wait" as const), ms: fc.integer({ min: 0, max: 20_000 }) }),
  fc.record({ kind: fc.constantFrom("call back" as const, "fail back" as const, "stop" as const) }),
  fc.record({ kind: fc.constant("redrive" as const) }),
);

/** Workflows that only lead on, with functions that fail as the list of outcomes says. */
const workflows = fc
  .record({
    kinds: fc.array(fc.constantFrom("task", "callback", "pass", "choice", "wait", "misspelt"), {
      minLength: 1,
      maxLength: 5,
    }),
    end: fc.constantFrom("Succeed", "Fail"),
    retries: fc.integer({ min: 0, max: 2 }),
    isCaught: fc.boolean(),
    outcomes: fc.array(fc.boolean(), { maxLength: 8 }),
  })
  .map(({ kinds, end, retries, isCaught, outcomes }) => {
    const rest = (next: string) => ({
      Next: next,
      ...(retries > 0 && {
        Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: retries, IntervalSeconds: 3 }],
      }),
      ...(isCaught && { Catch: [{ ErrorEquals: ["States.ALL"], Next: "End" }] }),
    });
    const states = kinds.map((kind, index): [string, object] => {
      const next = index === kinds.length - 1 ? "End" : `S${index + 1}`;
      const all: Record<string, object> = {
        task: task("work", rest(next)),
        callback: callbackTask("ask", { TimeoutSeconds: 10, ...rest(next) }),
        pass: { Type: "Pass", Next: next },
        choice: { Type: "Choice", Choices: [{ Condition: "{% true %}", Next: next }] },
        wait: { Type: "Wait", Seconds: 5, Next: next },
        misspelt: task("work", { Output: "{% $number('x') %}", ...rest(next) }),
      };
      return [`S${index}`, all[kind] ?? {}];
    });
    const endState =
      end === "Fail" ? { Type: "Fail", Error: "Ended", Cause: "As it should." } : { Type: end };
    return { states: Object.fromEntries([...states, ["End", endState]]), outcomes };
  });

function worldOf(outcomes: boolean[]) {
  const left = [...outcomes];
  const tokens: string[] = [];
  const harness = setUp({
    functions: {
      work: () => {
        if (left.shift() === false) throw new FunctionError("Broken");
        return { taskToken: tokens.at(-1) ?? "none" };
      },
      ask: ({ token }: { token: string }) => {
        tokens.push(token);
        return { token };
      },
    },
  });
  const { client, context } = harness;
  const taskToken = (): string => tokens.at(-1) ?? "";
  const act = async (executionArn: string, deed: Deed): Promise<void> => {
    const { status } = await harness.describe(executionArn);
    const isOver = status !== "RUNNING";
    if (deed.kind === "wait") await context.clock.advance(deed.ms);
    else if (deed.kind === "stop") {
      if (!isOver) await client.send(new StopExecutionCommand({ executionArn, error: "Stopped" }));
    } else if (deed.kind === "redrive") {
      if (isOver && status !== "SUCCEEDED") await client.send(new RedriveExecutionCommand({ executionArn }));
    } else if (taskToken() !== "" && !isOver) {
      const token = { taskToken: taskToken() };
      const call =
        deed.kind === "call back"
          ? () => client.send(new SendTaskSuccessCommand({ ...token, output: JSON.stringify(token) }))
          : () =>
              client.send(
                new SendTaskFailureCommand({ ...token, error: "No", cause: JSON.stringify(token) }),
              );
      // Of a task that is over already, AWS says so.
      await call().catch((error: unknown) => expect(error).toMatchObject({ name: "TaskTimedOut" }));
    }
    await context.clock.advance(0);
  };
  return { ...harness, tokens, act };
}

function expectAgreement(
  { execution, visits, retries, redrives }: ExecutionHistory,
  events: HistoryEvent[],
  error: string | undefined,
): void {
  const count = (type: HistoryEventType): number => events.filter((event) => event.type === type).length;
  const names = events.flatMap(({ stateEnteredEventDetails }) => stateEnteredEventDetails?.name ?? []);
  const attempts = visits.flatMap(({ attempts }) => attempts);
  const takenUp = visits.filter(({ redrive, type }) => redrive !== undefined && type !== "Fail");

  expect(visits.filter((visit) => !takenUp.includes(visit)).map(({ name }) => name)).toStrictEqual(names);
  expect(visits.map(({ number }) => number)).toStrictEqual(visits.map((_visit, index) => index + 1));
  expect(redrives).toHaveLength(count("ExecutionRedriven"));
  expect(visits.flatMap(({ redrive }) => redrive ?? [])).toStrictEqual(redrives.map(({ number }) => number));
  expect(attempts).toHaveLength(count("TaskScheduled"));
  expect(retries).toBe(attempts.length - visits.filter(({ attempts }) => attempts.length > 0).length);
  const tasksOver = count("TaskSucceeded") + count("TaskFailed") + count("TaskTimedOut");
  expect(attempts.filter(({ outcome }) => outcome !== "running" && outcome !== "aborted")).toHaveLength(
    tasksOver,
  );

  const moments = visits.flatMap(({ enteredAt, attempts, leftAt }) => [
    enteredAt,
    ...attempts.flatMap((attempt) =>
      [attempt.startedAt, attempt.submittedAt ?? [], attempt.endedAt ?? []].flat(),
    ),
    ...(leftAt === undefined ? [] : [leftAt]),
  ]);
  expect(moments).toStrictEqual(moments.toSorted());
  for (const { enteredAt, leftAt, durationMs, outcome, error, attempts, waitingForCallback } of visits) {
    expect(durationMs).toBe(leftAt === undefined ? undefined : Date.parse(leftAt) - Date.parse(enteredAt));
    expect(outcome === "running").toBe(leftAt === undefined);
    if (outcome === "succeeded") expect(error).toBeUndefined();
    if (outcome === "caught") expect(error).toBeDefined();
    if (leftAt !== undefined) expect(attempts.every(({ endedAt }) => endedAt !== undefined)).toBe(true);
    if (waitingForCallback)
      expect(attempts.at(-1)).toMatchObject({ outcome: "running", submittedAt: expect.any(String) });
  }

  const last = visits.at(-1);
  const outcomes: Record<string, string> = {
    RUNNING: "running",
    SUCCEEDED: "succeeded",
    FAILED: "failed",
    ABORTED: "aborted",
  };
  expect(last?.outcome).toBe(outcomes[execution.status]);
  if (execution.status === "FAILED") expect(last?.error).toBe(error);
}
