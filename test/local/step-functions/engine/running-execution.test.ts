import { StopExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { callbackTask, chain, machine, setUp, task } from "../step-functions-in-process.ts";

const waiting = { Wait: { Type: "Wait", Seconds: 60, Next: "Done" }, Done: { Type: "Succeed" } };

describe("stopping an execution", () => {
  it("ends it as ABORTED with error and cause, and nothing of it goes on", async () => {
    const { run, client, describe, history, context } = setUp();
    const executionArn = await run(waiting);
    await context.clock.advance(1000);

    const { stopDate } = await client.send(
      new StopExecutionCommand({ executionArn, error: "Enough", cause: "by hand" }),
    );
    await context.clock.advance(100_000);

    expect(stopDate).toStrictEqual(new Date("2026-01-01T00:00:01.000Z"));
    expect(await describe(executionArn)).toMatchObject({
      status: "ABORTED",
      error: "Enough",
      cause: "by hand",
      stopDate,
    });
    const events = await history(executionArn);
    expect(chain(events.slice(1))).toStrictEqual(["2:WaitStateEntered<0", "3:ExecutionAborted<0"]);
    expect(events[2]?.executionAbortedEventDetails).toStrictEqual({ error: "Enough", cause: "by hand" });
  });

  it("aborts the function that runs, closes the token and ignores what comes later", async () => {
    let signal: AbortSignal | undefined;
    let answer: (value: unknown) => void = () => {};
    const { run, client, describe, history, context } = setUp({
      functions: {
        slow: (_payload, request) => {
          signal = request.signal;
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    const executionArn = await run({ Slow: callbackTask("slow", { HeartbeatSeconds: 5, End: true }) });

    await client.send(new StopExecutionCommand({ executionArn }));
    answer("late");
    await context.clock.advance(100_000);

    expect(signal?.aborted).toBe(true);
    expect((await describe(executionArn)).status).toBe("ABORTED");
    expect((await history(executionArn)).at(-1)?.type).toBe("ExecutionAborted");
  });

  it("changes nothing when the execution has ended already", async () => {
    const { run, client, describe } = setUp();
    const executionArn = await run({ Done: { Type: "Succeed" } });

    await client.send(new StopExecutionCommand({ executionArn, error: "TooLate" }));

    const after = await describe(executionArn);
    expect(after.status).toBe("SUCCEEDED");
    expect(after).not.toHaveProperty("error");
  });
});

describe("the state machine's own TimeoutSeconds", () => {
  it("ends the execution as TIMED_OUT, naming the error only in the history", async () => {
    const { run, describe, history, context } = setUp();
    const execution = await run(machine({ TimeoutSeconds: 30, States: waiting }));

    await context.clock.advance(30_000);

    const after = await describe(execution);
    expect(after.status).toBe("TIMED_OUT");
    expect(after).not.toHaveProperty("error");
    expect(after).not.toHaveProperty("cause");
    const events = await history(execution);
    expect(chain(events.slice(1))).toStrictEqual(["2:WaitStateEntered<0", "3:ExecutionTimedOut<0"]);
    expect(events[2]?.executionTimedOutEventDetails).toStrictEqual({ error: "States.Timeout" });
  });

  it("does nothing to an execution that ends in time", async () => {
    const { run, describe, history, context } = setUp();
    const execution = await run(machine({ TimeoutSeconds: 90, States: waiting }));

    await context.clock.advance(200_000);

    expect((await describe(execution)).status).toBe("SUCCEEDED");
    expect((await history(execution)).at(-1)?.type).toBe("ExecutionSucceeded");
  });
});

describe("an execution", () => {
  it("fails when its history reaches 25,000 events", async () => {
    const { run, describe } = setUp();

    const execution = await run({
      Again: { Type: "Pass", Next: "AgainToo" },
      AgainToo: {
        Type: "Choice",
        Choices: [{ Condition: "{% false %}", Next: "Done" }],
        Default: "Again",
      },
      Done: { Type: "Succeed" },
    });

    expect(await describe(execution)).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause: "The execution reached the maximum number of history events (25000).",
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution history event limit exceeded",
    });
  });

  it("fails when an iteration fills the history", async () => {
    const { run, describe } = setUp();

    const execution = await run({
      M: {
        Type: "Map",
        Items: "{% [1..9000] %}",
        ItemProcessor: { StartAt: "P", States: { P: { Type: "Pass", End: true } } },
        End: true,
      },
    });

    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  });

  it("fails when an output is over 256 KiB", async () => {
    const { run, describe } = setUp();

    const execution = await run(
      { Much: { Type: "Pass", Output: "{% $states.input & $states.input %}", End: true } },
      "x".repeat(140_000),
    );

    expect(await describe(execution)).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'Much' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it("tells listeners of every new status, even when one of them fails", async () => {
    const { run, stepFunctions, context } = setUp({ functions: { greet: () => 1 } });
    const changes: string[] = [];
    stepFunctions.onExecutionChange(() => {
      throw new RangeError("a bug of the listener");
    });
    const stop = stepFunctions.onExecutionChange(({ status, stopDate }) =>
      changes.push(`${status} ${stopDate?.toISOString()}`),
    );

    await run({ Greet: task("greet") });
    stop();
    await run({ Greet: task("greet") });

    expect(changes).toStrictEqual(["RUNNING undefined", "SUCCEEDED 2026-01-01T00:00:00.000Z"]);
    expect(context.lines).toContain("states: a listener failed: RangeError");
  });
});
