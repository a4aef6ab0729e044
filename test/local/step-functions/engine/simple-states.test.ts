import { describe, expect, it } from "vitest";
import { chain, setUp, stateMachineArn } from "../step-functions-in-process.ts";

describe("a Pass state", () => {
  it("passes its input on when it has no Output", async () => {
    const { run, output, history } = setUp();

    const execution = await run({ Pass: { Type: "Pass", End: true } }, { a: [1, null] });

    expect(await output(execution)).toStrictEqual({ a: [1, null] });
    expect(chain(await history(execution))).toStrictEqual([
      "1:ExecutionStarted<0",
      "2:PassStateEntered<0",
      "3:PassStateExited<2",
      "4:ExecutionSucceeded<3",
    ]);
  });

  it("shows the context object in AWS's shape", async () => {
    const { run, output, context } = setUp();
    await context.clock.advance(1_500);

    const execution = await run(
      { Show: { Type: "Pass", Output: "{% $states.context %}", End: true } },
      { a: 1 },
    );

    expect(await output(execution)).toStrictEqual({
      Execution: {
        Id: execution,
        Input: { a: 1 },
        StartTime: "2026-01-01T00:00:01.500Z",
        Name: execution.split(":").at(-1),
        RoleArn: "arn:aws:iam::111111111111:role/workflow",
        RedriveCount: 0,
      },
      StateMachine: { Id: stateMachineArn("machine-1"), Name: "machine-1" },
      State: { Name: "Show", EnteredTime: "2026-01-01T00:00:01.500Z" },
    });
  });
});

describe("a Choice state", () => {
  const choice = (more: object = {}) => ({
    Choose: {
      Type: "Choice",
      Choices: [
        {
          Condition: "{% $states.input.n < 0 %}",
          Next: "Negative",
          Output: "below zero",
          Assign: { sign: -1 },
        },
        { Condition: "{% $states.input.n > 0 %}", Next: "Positive" },
      ],
      ...more,
    },
    Negative: { Type: "Pass", Output: ["{% $states.input %}", "{% $sign %}"], End: true },
    Positive: { Type: "Pass", Output: "positive", End: true },
  });

  it("follows the first rule that is true, with the rule's own Output and Assign", async () => {
    const { run, output } = setUp();

    expect(await output(await run(choice(), { n: -3 }))).toStrictEqual(["below zero", -1]);
    expect(await output(await run(choice(), { n: 3 }))).toBe("positive");
  });

  it("follows Default, with the state's Output and Assign, when no rule is true", async () => {
    const { run, output } = setUp();

    const execution = await run(
      {
        ...choice({ Default: "Zero", Output: "nought", Assign: { sign: 0 } }),
        Zero: { Type: "Pass", Output: ["{% $states.input %}", "{% $sign %}"], End: true },
      },
      { n: 0 },
    );

    expect(await output(execution)).toStrictEqual(["nought", 0]);
  });

  it("fails as States.Runtime when no rule is true and there is no Default", async () => {
    const { run, describe, history } = setUp();

    const execution = await run(choice(), { n: 0 });

    expect(await describe(execution)).toMatchObject({
      status: "FAILED",
      error: "States.Runtime",
      cause:
        "An error occurred while executing the state 'Choose' (entered at the event id #2). " +
        "Failed to transition out of the state. The state does not point to a next state.",
    });
    expect(chain(await history(execution))).toStrictEqual([
      "1:ExecutionStarted<0",
      "2:ChoiceStateEntered<0",
      "3:ExecutionFailed<2",
    ]);
  });

  it("fails when a condition is not a boolean", async () => {
    const { run, describe } = setUp();

    const execution = await run({
      Choose: { Type: "Choice", Choices: [{ Condition: "{% 'yes' %}", Next: "Done" }] },
      Done: { Type: "Succeed" },
    });

    const { error, cause } = await describe(execution);
    expect(error).toBe("States.QueryEvaluationError");
    expect(cause).toContain("specified for the field 'Choices[0]/Condition'");
    expect(cause).toContain("Expected 'boolean', but was 'string'");
  });
});

describe("a Wait state", () => {
  it.each([
    ["a number of seconds", { Seconds: 3600 }],
    ["seconds from an expression", { Seconds: "{% $states.input.hours * 3600 %}" }],
    ["a timestamp", { Timestamp: "2026-01-01T01:00:00Z" }],
    ["a timestamp from an expression", { Timestamp: "{% $fromMillis($millis() + 3600000) %}" }],
  ])("waits for %s", async (_, wait) => {
    const { run, describe, context, history } = setUp();
    const execution = await run({ Wait: { Type: "Wait", ...wait, End: true } }, { hours: 1 });

    await context.clock.advance(3_599_999);
    const before = (await describe(execution)).status;
    await context.clock.advance(1);

    expect(before).toBe("RUNNING");
    expect((await describe(execution)).status).toBe("SUCCEEDED");
    expect(chain(await history(execution)).slice(1, 3)).toStrictEqual([
      "2:WaitStateEntered<0",
      "3:WaitStateExited<2",
    ]);
  });

  it.each([
    ["0 seconds", { Seconds: 0 }],
    ["a timestamp in the past", { Timestamp: "2020-01-01T00:00:00Z" }],
  ])("goes on at once after %s", async (_, wait) => {
    const { run, describe } = setUp();

    const execution = await run({ Wait: { Type: "Wait", ...wait, End: true } });

    expect((await describe(execution)).status).toBe("SUCCEEDED");
  });

  it.each([
    ["negative seconds", { Seconds: "{% -1 %}" }],
    ["a fraction of a second", { Seconds: "{% 0.5 %}" }],
    ["seconds that are text", { Seconds: "{% '10' %}" }],
    ["a timestamp that is none", { Timestamp: "{% 'tomorrow' %}" }],
  ])("fails on %s", async (_, wait) => {
    const { run, describe } = setUp();

    const execution = await run({ Wait: { Type: "Wait", ...wait, End: true } });

    expect(await describe(execution)).toMatchObject({
      status: "FAILED",
      error: "States.QueryEvaluationError",
    });
  });
});

describe("a Succeed state", () => {
  it("ends the execution with its Output", async () => {
    const { run, output, history } = setUp();

    const execution = await run(
      { Done: { Type: "Succeed", Output: { n: "{% $states.input.n + 1 %}" } } },
      { n: 1 },
    );

    expect(await output(execution)).toStrictEqual({ n: 2 });
    expect(chain(await history(execution)).slice(1)).toStrictEqual([
      "2:SucceedStateEntered<0",
      "3:SucceedStateExited<2",
      "4:ExecutionSucceeded<3",
    ]);
  });
});

describe("a Fail state", () => {
  it("fails the execution with the evaluated Error and Cause", async () => {
    const { run, describe, history } = setUp();

    const execution = await run(
      { Stop: { Type: "Fail", Error: "{% 'Card' & 'Gone' %}", Cause: "{% $states.input.why %}" } },
      { why: "deleted" },
    );

    expect(await describe(execution)).toMatchObject({
      error: "CardGone",
      cause: "deleted",
      status: "FAILED",
    });
    const events = await history(execution);
    expect(chain(events).slice(1)).toStrictEqual(["2:FailStateEntered<0", "3:ExecutionFailed<2"]);
    expect(events[2]?.executionFailedEventDetails).toStrictEqual({ error: "CardGone", cause: "deleted" });
  });

  it("fails with the failure of its own expression instead", async () => {
    const { run, describe } = setUp();

    const execution = await run({ Stop: { Type: "Fail", Error: "Boom", Cause: "{% $states.input.why %}" } });

    expect(await describe(execution)).toMatchObject({
      error: "States.QueryEvaluationError",
      cause:
        "An error occurred while executing the state 'Stop' (entered at the event id #2). " +
        "The JSONata expression '$states.input.why' specified for the field 'Cause' returned nothing (undefined).",
    });
  });
});

describe("variables", () => {
  it("are seen by the next state, not by the one that assigns them", async () => {
    const { run, output } = setUp();

    const execution = await run({
      Seed: { Type: "Pass", Assign: { x: 3, a: 6 }, Next: "Swap" },
      Swap: {
        Type: "Pass",
        Assign: { x: "{% $a %}", nextX: "{% $x %}" },
        Output: { seenWhileAssigning: "{% $x %}" },
        Next: "Show",
      },
      Show: {
        Type: "Pass",
        Output: { before: "{% $states.input.seenWhileAssigning %}", x: "{% $x %}", nextX: "{% $nextX %}" },
        End: true,
      },
    });

    expect(await output(execution)).toStrictEqual({ before: 3, x: 6, nextX: 3 });
  });

  it("keep a JSON null as a value", async () => {
    const { run, output } = setUp();

    const execution = await run(
      {
        Seed: { Type: "Pass", Assign: { nothing: "{% $states.input.bar %}" }, Next: "Show" },
        Show: {
          Type: "Pass",
          Output: { nothing: "{% $nothing %}", exists: "{% $exists($nothing) %}" },
          End: true,
        },
      },
      { bar: null },
    );

    expect(await output(execution)).toStrictEqual({ nothing: null, exists: true });
  });

  it("keep a list of one as the value that JSONata made of it", async () => {
    const { run, output } = setUp();

    const execution = await run(
      {
        Filter: {
          Type: "Pass",
          Assign: {
            one: "{% $states.input.list[n > 2] %}",
            kept: "{% [$states.input.list[n > 2]] %}",
            all: "{% $states.input.list.n %}",
          },
          Next: "Show",
        },
        Show: { Type: "Pass", Output: ["{% $one %}", "{% $kept %}", "{% $count($all) %}"], End: true },
      },
      { list: [{ n: 1 }, { n: 2 }, { n: 3 }] },
    );

    expect(await output(execution)).toStrictEqual([{ n: 3 }, [{ n: 3 }], 3]);
  });

  it("over 256 KiB in one Assign fail the state", async () => {
    const { run, describe } = setUp();

    const execution = await run(
      {
        Much: {
          Type: "Pass",
          Assign: { a: "{% $states.input %}", b: "{% $states.input %}" },
          End: true,
        },
      },
      "x".repeat(140_000),
    );

    expect(await describe(execution)).toMatchObject({ error: "States.DataLimitExceeded" });
  });
});
