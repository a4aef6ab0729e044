import { assert, double, integer, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../../../../local/step-functions/engine/error-handling.ts";
import { matchesError, StateFailure } from "../../../../local/step-functions/engine/state-failure.ts";
import { chain, FunctionError, setUp, task } from "../step-functions-in-process.ts";

/** A function that fails with the given errors, one per call, and then succeeds. */
function failing(...errors: string[]) {
  let calls = 0;
  return {
    calls: () => calls,
    run: () => {
      calls += 1;
      const error = errors[calls - 1];
      if (error !== undefined) throw new FunctionError(error);
      return `call ${calls}`;
    },
  };
}

const payload = "{% $states.result.Payload %}";

describe("Retry", () => {
  it("repeats the task after growing delays until it succeeds", async () => {
    const flaky = failing("Busy", "Busy", "Busy");
    const { run, context, output, describe, history } = setUp({ functions: { flaky: flaky.run } });
    const execution = await run({
      Flaky: task("flaky", {
        Retry: [{ ErrorEquals: ["Busy"], IntervalSeconds: 2, BackoffRate: 3, MaxAttempts: 5 }],
        Output: payload,
        End: true,
      }),
    });
    const calls = [flaky.calls()];

    for (const waitMs of [1_999, 1, 5_999, 1, 17_999, 1]) {
      await context.clock.advance(waitMs);
      calls.push(flaky.calls());
    }

    expect(calls).toStrictEqual([1, 1, 2, 2, 3, 3, 4]);
    expect((await describe(execution)).status).toBe("SUCCEEDED");
    expect(await output(execution)).toBe("call 4");
    expect(chain((await history(execution)).slice(2, 9))).toStrictEqual([
      "3:TaskScheduled<2",
      "4:TaskStarted<3",
      "5:TaskFailed<4",
      "6:TaskScheduled<5",
      "7:TaskStarted<6",
      "8:TaskFailed<7",
      "9:TaskScheduled<8",
    ]);
  });

  it("counts per retrier and shows the sum as State.RetryCount", async () => {
    const counts: number[] = [];
    const flaky = failing("A", "B", "A", "B");
    const { run, context, output } = setUp({
      functions: {
        flaky: ({ count }: { count: number }) => {
          counts.push(count);
          return flaky.run();
        },
      },
    });

    const execution = await run({
      Flaky: task("flaky", {
        Arguments: {
          FunctionName: "flaky",
          Payload: { count: "{% $states.context.State.RetryCount %}" },
        },
        Retry: [
          { ErrorEquals: ["A"], MaxAttempts: 2 },
          { ErrorEquals: ["B"], MaxAttempts: 2 },
        ],
        Output: payload,
        End: true,
      }),
    });
    await context.clock.advance(60_000);

    expect(await output(execution)).toBe("call 5");
    expect(counts).toStrictEqual([0, 1, 2, 3, 4]);
  });

  it("gives up after MaxAttempts of the first retrier that matches, even if a later one matches too", async () => {
    const flaky = failing("A", "A", "A", "A");
    const { run, context, describe } = setUp({ functions: { flaky: flaky.run } });

    const execution = await run({
      Flaky: task("flaky", {
        Retry: [
          { ErrorEquals: ["A"], MaxAttempts: 1 },
          { ErrorEquals: ["States.ALL"], MaxAttempts: 5 },
        ],
        End: true,
      }),
    });
    await context.clock.advance(60_000);

    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "A" });
    expect(flaky.calls()).toBe(2);
  });

  it("never repeats when MaxAttempts is 0", async () => {
    const flaky = failing("A");
    const { run, describe } = setUp({ functions: { flaky: flaky.run } });

    const execution = await run({
      Flaky: task("flaky", { Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 0 }], End: true }),
    });

    expect((await describe(execution)).status).toBe("FAILED");
    expect(flaky.calls()).toBe(1);
  });

  it("repeats three times, after 1, 2 and 4 seconds, when it says nothing else", async () => {
    const flaky = failing("A", "A", "A", "A");
    const { run, context, describe } = setUp({ functions: { flaky: flaky.run } });
    const execution = await run({
      Flaky: task("flaky", { Retry: [{ ErrorEquals: ["States.ALL"] }], End: true }),
    });

    await context.clock.advance(6_999);
    const before = flaky.calls();
    await context.clock.advance(1);

    expect(before).toBe(3);
    expect(flaky.calls()).toBe(4);
    expect((await describe(execution)).status).toBe("FAILED");
  });

  it("records each failure of an expression and evaluates it anew", async () => {
    const { run, context, history } = setUp();

    const execution = await run({
      Send: task("never", {
        Arguments: { FunctionName: "never", Payload: "{% $states.input.missing %}" },
        Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
        End: true,
      }),
    });
    await context.clock.advance(1000);

    const events = await history(execution);
    expect(chain(events)).toStrictEqual([
      "1:ExecutionStarted<0",
      "2:TaskStateEntered<0",
      "3:EvaluationFailed<2",
      "4:EvaluationFailed<3",
      "5:ExecutionFailed<4",
    ]);
    const cause =
      "An error occurred while executing the state 'Send' (entered at the event id #2). " +
      "The JSONata expression '$states.input.missing' specified for the field 'Arguments/Payload' " +
      "returned nothing (undefined).";
    expect(events[2]?.evaluationFailedEventDetails).toStrictEqual({
      error: "States.QueryEvaluationError",
      cause,
      location: "Arguments/Payload",
      state: "Send",
    });
    expect(events[4]?.executionFailedEventDetails).toStrictEqual({
      error: "States.QueryEvaluationError",
      cause,
    });
  });
});

describe("the delay of a retry", () => {
  const retrier = {
    errorEquals: ["States.ALL"],
    intervalSeconds: 2,
    maxAttempts: 3,
    backoffRate: 2,
    maxDelaySeconds: 60,
    jitter: false,
  };

  it("never exceeds MaxDelaySeconds, and with FULL jitter lies between zero and the delay without", () => {
    assert(
      property(
        integer({ min: 0, max: 200 }),
        double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (retries, random) => {
          const plain = retryDelayMs(retrier, retries, () => random);
          const jittered = retryDelayMs({ ...retrier, jitter: true }, retries, () => random);

          expect(plain).toBe(Math.min(2 * 2 ** retries, 60) * 1000);
          expect(jittered).toBe(plain * random);
        },
      ),
    );
  });
});

describe("Catch", () => {
  const caught = { Caught: { Type: "Succeed" } };

  it("goes on with the error as the state's output", async () => {
    const { run, output, history } = setUp({ functions: { flaky: failing("A").run } });

    const execution = await run({
      Flaky: task("flaky", { Catch: [{ ErrorEquals: ["A"], Next: "Caught" }], End: true }),
      ...caught,
    });

    expect(await output(execution)).toStrictEqual({
      Error: "A",
      Cause: '{"errorType":"A","errorMessage":"as the test wants it","trace":[]}',
    });
    expect(chain((await history(execution)).slice(4))).toStrictEqual([
      "5:TaskFailed<4",
      "6:TaskStateExited<5",
      "7:SucceedStateEntered<6",
      "8:SucceedStateExited<7",
      "9:ExecutionSucceeded<8",
    ]);
  });

  it("shapes output and variables from $states.errorOutput", async () => {
    const { run, output, history } = setUp({ functions: { flaky: failing("A").run } });

    const execution = await run(
      {
        Flaky: task("flaky", {
          Catch: [
            {
              ErrorEquals: ["States.ALL"],
              Assign: { failure: "{% $states.errorOutput.Error %}" },
              Output: "{% $states.input %}",
              Next: "Show",
            },
          ],
          End: true,
        }),
        Show: { Type: "Pass", Output: ["{% $states.input.id %}", "{% $failure %}"], End: true },
      },
      { id: 7 },
    );

    expect(await output(execution)).toStrictEqual([7, "A"]);
    expect((await history(execution))[5]?.stateExitedEventDetails).toStrictEqual({
      name: "Flaky",
      output: '{"id":7}',
      outputDetails: { truncated: false },
      assignedVariables: { failure: '"A"' },
      assignedVariablesDetails: { truncated: false },
    });
  });

  it("takes the first catcher that matches, after the retries are used up", async () => {
    const flaky = failing("A", "A");
    const { run, context, output } = setUp({ functions: { flaky: flaky.run } });

    const execution = await run({
      Flaky: task("flaky", {
        Retry: [{ ErrorEquals: ["A"], MaxAttempts: 1 }],
        Catch: [
          { ErrorEquals: ["B"], Output: "b", Next: "Caught" },
          { ErrorEquals: ["A", "C"], Output: "a or c", Next: "Caught" },
          { ErrorEquals: ["States.ALL"], Output: "all", Next: "Caught" },
        ],
        End: true,
      }),
      ...caught,
    });
    await context.clock.advance(1000);

    expect(await output(execution)).toBe("a or c");
    expect(flaky.calls()).toBe(2);
  });

  it("fails with the failure of its own Output, which nothing catches", async () => {
    const { run, describe, history } = setUp({ functions: { flaky: failing("A").run } });

    const execution = await run({
      Flaky: task("flaky", {
        Catch: [
          { ErrorEquals: ["B"], Next: "Caught" },
          { ErrorEquals: ["States.ALL"], Output: { v: "{% $states.input.missing %}" }, Next: "Caught" },
        ],
        End: true,
      }),
      ...caught,
    });

    expect(await describe(execution)).toMatchObject({
      error: "States.QueryEvaluationError",
      cause:
        "An error occurred while executing the state 'Flaky' (entered at the event id #2). " +
        "The JSONata expression '$states.input.missing' specified for the field 'Catch[1]/Output/v' " +
        "returned nothing (undefined).",
    });
    expect(chain((await history(execution)).slice(4))).toStrictEqual([
      "5:TaskFailed<4",
      "6:EvaluationFailed<5",
      "7:ExecutionFailed<6",
    ]);
  });

  it("gives a time-out an empty cause", async () => {
    const { run, context, output } = setUp({ functions: { slow: () => new Promise(() => {}) } });
    const execution = await run({
      Slow: task("slow", {
        TimeoutSeconds: 1,
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Caught" }],
        End: true,
      }),
      ...caught,
    });

    await context.clock.advance(1000);

    expect(await output(execution)).toStrictEqual({ Error: "States.Timeout", Cause: "" });
  });
});

describe("matchesError", () => {
  const matches = (pattern: string, failure: StateFailure) => matchesError([pattern], failure);
  const failure = (name: string | undefined) => new StateFailure(name, "cause");

  it.each([
    ["States.ALL", "Anything", true],
    ["States.ALL", undefined, true],
    ["States.ALL", "States.Timeout", true],
    ["States.ALL", "States.QueryEvaluationError", true],
    ["States.ALL", "States.DataLimitExceeded", false],
    ["States.ALL", "States.Runtime", false],
    ["States.Runtime", "States.Runtime", false],
    ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
    ["States.TaskFailed", "Anything", true],
    ["States.TaskFailed", "States.Timeout", false],
    ["States.TaskFailed", "States.DataLimitExceeded", false],
    ["States.TaskFailed", "States.Runtime", false],
    ["Any", "Anything", false],
    ["anything", "Anything", false],
  ])("answers for %s and the error %s: %s", (pattern, name, expected) => {
    expect(matches(pattern, failure(name))).toBe(expected);
  });

  it("matches a missed heartbeat under both names of it", () => {
    const missed = new StateFailure("States.Timeout", undefined, { missedHeartbeat: true });

    expect(matches("States.HeartbeatTimeout", missed)).toBe(true);
    expect(matches("States.Timeout", missed)).toBe(true);
    expect(matches("States.HeartbeatTimeout", failure("States.Timeout"))).toBe(false);
  });
});
