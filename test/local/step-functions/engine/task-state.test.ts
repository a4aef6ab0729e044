import { describe, expect, it } from "vitest";
import { chain, FunctionError, roleArn, setUp, task } from "../step-functions-in-process.ts";

describe("a Task state", () => {
  it("calls the function with the evaluated payload and returns Lambda's answer", async () => {
    const { run, output } = setUp({ functions: { double: ({ n }: { n: number }) => ({ n: n * 2 }) } });

    const execution = await run({ Double: task("double") }, { n: 21 });

    expect(await output(execution)).toStrictEqual({
      ExecutedVersion: "$LATEST",
      Payload: { n: 42 },
      StatusCode: 200,
    });
  });

  it("evaluates Output and Assign from result, input and context", async () => {
    const { run, output } = setUp({ functions: { double: ({ n }: { n: number }) => n * 2 } });

    const execution = await run(
      {
        Double: task("double", {
          Assign: { doubled: "{% $states.result.Payload %}", before: "{% $states.input.n %}" },
          Output: { state: "{% $states.context.State.Name %}", fixed: [1, { two: 2 }] },
          Next: "Show",
        }),
        Show: {
          Type: "Pass",
          Output: "{% $merge([$states.input, {'doubled': $doubled, 'before': $before}]) %}",
          End: true,
        },
      },
      { n: 4 },
    );

    expect(await output(execution)).toStrictEqual({
      state: "Double",
      fixed: [1, { two: 2 }],
      doubled: 8,
      before: 4,
    });
  });

  it("records the call as AWS's history does", async () => {
    const { run, history } = setUp({ functions: { greet: () => "hello" } });

    const events = await history(
      await run(
        { Greet: task("greet", { TimeoutSeconds: 30, Output: "{% $states.result.Payload %}", End: true }) },
        1,
      ),
    );

    expect(chain(events)).toStrictEqual([
      "1:ExecutionStarted<0",
      "2:TaskStateEntered<0",
      "3:TaskScheduled<2",
      "4:TaskStarted<3",
      "5:TaskSucceeded<4",
      "6:TaskStateExited<5",
      "7:ExecutionSucceeded<6",
    ]);
    expect(events[0]?.executionStartedEventDetails).toStrictEqual({
      input: "1",
      inputDetails: { truncated: false },
      roleArn,
    });
    expect(events[1]?.stateEnteredEventDetails).toStrictEqual({
      name: "Greet",
      input: "1",
      inputDetails: { truncated: false },
    });
    expect(events[2]?.taskScheduledEventDetails).toStrictEqual({
      resource: "invoke",
      resourceType: "lambda",
      region: "eu-central-1",
      parameters: '{"FunctionName":"greet","Payload":1}',
      timeoutInSeconds: 30,
    });
    expect(events[3]?.taskStartedEventDetails).toStrictEqual({ resource: "invoke", resourceType: "lambda" });
    expect(events[4]?.taskSucceededEventDetails).toStrictEqual({
      resource: "invoke",
      resourceType: "lambda",
      output: '{"ExecutedVersion":"$LATEST","Payload":"hello","StatusCode":200}',
      outputDetails: { truncated: false },
    });
    expect(events[5]?.stateExitedEventDetails).toStrictEqual({
      name: "Greet",
      output: '"hello"',
      outputDetails: { truncated: false },
    });
    expect(events[6]?.executionSucceededEventDetails).toStrictEqual({
      output: '"hello"',
      outputDetails: { truncated: false },
    });
  });

  it("fails the execution with the function's error and AWS's JSON cause", async () => {
    const { run, describe, history } = setUp({
      functions: {
        refuse: () => {
          throw new FunctionError("CardMovedError", "moved");
        },
      },
    });

    const execution = await run({ Refuse: task("refuse") });

    const cause = '{"errorType":"CardMovedError","errorMessage":"moved","trace":[]}';
    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "CardMovedError", cause });
    const events = await history(execution);
    expect(chain(events.slice(3))).toStrictEqual([
      "4:TaskStarted<3",
      "5:TaskFailed<4",
      "6:ExecutionFailed<5",
    ]);
    expect(events[4]?.taskFailedEventDetails).toStrictEqual({
      resource: "invoke",
      resourceType: "lambda",
      error: "CardMovedError",
      cause,
    });
    expect(events[5]?.executionFailedEventDetails).toStrictEqual({ error: "CardMovedError", cause });
  });

  it("fails with Lambda's own error when there is no such function", async () => {
    const { run, describe } = setUp();

    const execution = await run({ Call: task("nobody") });

    expect(await describe(execution)).toMatchObject({ error: "Lambda.ResourceNotFoundException" });
  });

  it("fails with AWS's access denied when the state machine's role may not invoke the function", async () => {
    const asked: unknown[] = [];
    const { run, describe } = setUp({
      functions: { greet: () => "never" },
      roleMay: (role, permission) => {
        asked.push({ role, ...permission });
        return false;
      },
    });

    const execution = await run({ Call: task("greet") });

    const resource = "arn:aws:lambda:eu-central-1:111111111111:function:greet";
    expect(asked).toStrictEqual([{ role: roleArn, action: "lambda:InvokeFunction", resource }]);
    const { error, cause } = await describe(execution);
    expect(error).toBe("Lambda.AWSLambdaException");
    expect(cause).toContain("User: arn:aws:sts::111111111111:assumed-role/workflow/");
    expect(cause).toContain(`is not authorized to perform: lambda:InvokeFunction on resource: ${resource}`);
  });

  it.each([
    ["a name", "greet"],
    ["a partial ARN", "111111111111:function:greet"],
    ["an ARN", "arn:aws:lambda:eu-central-1:111111111111:function:greet"],
  ])("asks for the permission on the function's ARN when it is named by %s", async (_, functionName) => {
    const asked: string[] = [];
    const { run } = setUp({
      functions: { greet: () => 1 },
      roleMay: (_role, { resource }) => asked.push(resource) > 0,
    });

    await run({ Call: task(functionName) });

    expect(asked).toStrictEqual(["arn:aws:lambda:eu-central-1:111111111111:function:greet"]);
  });

  it("times out after TimeoutSeconds, aborts the call and ignores what it returns later", async () => {
    let answer: (value: unknown) => void = () => {};
    let signal: AbortSignal | undefined;
    const { run, context, describe, history } = setUp({
      functions: {
        slow: (_payload, request) => {
          signal = request.signal;
          return new Promise((resolve) => {
            answer = resolve;
          });
        },
      },
    });
    const execution = await run({ Slow: task("slow", { TimeoutSeconds: "{% 5 * 2 %}", End: true }) });

    await context.clock.advance(9_999);
    const before = await describe(execution);
    await context.clock.advance(1);
    answer("too late");
    await context.clock.advance(0);

    expect(before.status).toBe("RUNNING");
    expect(signal?.aborted).toBe(true);
    const after = await describe(execution);
    expect(after).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(after).not.toHaveProperty("cause");
    const events = await history(execution);
    expect(chain(events.slice(4))).toStrictEqual(["5:TaskTimedOut<4", "6:ExecutionFailed<5"]);
    expect(events[4]?.taskTimedOutEventDetails).toStrictEqual({
      error: "States.Timeout",
      resource: "invoke",
      resourceType: "lambda",
    });
  });

  it("fails with States.DataLimitExceeded when the result is over 256 KiB", async () => {
    const { run, describe } = setUp({ functions: { much: () => "x".repeat(262_144) } });

    const execution = await run({
      Much: task("much", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }], Next: "Caught" }),
      Caught: { Type: "Succeed" },
    });

    expect(await describe(execution)).toMatchObject({
      status: "FAILED",
      error: "States.DataLimitExceeded",
      cause:
        "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
  });

  it("catches States.DataLimitExceeded by its name", async () => {
    const { run, output } = setUp({ functions: { much: () => "x".repeat(262_144) } });

    const execution = await run({
      Much: task("much", {
        Catch: [
          {
            ErrorEquals: ["States.DataLimitExceeded"],
            Output: "{% $states.errorOutput.Error %}",
            Next: "Caught",
          },
        ],
        Next: "Caught",
      }),
      Caught: { Type: "Succeed" },
    });

    expect(await output(execution)).toBe("States.DataLimitExceeded");
  });

  it("keeps its data apart from what the function does with the payload and the result", async () => {
    const shared = { list: [1] };
    const { stepFunctions, context, output, create } = setUp({ functions: { share: () => shared } });
    const execution = stepFunctions.startExecution({
      stateMachineArn: create({
        Share: task("share", { Output: "{% $states.result.Payload %}", Next: "Wait" }),
        Wait: { Type: "Wait", Seconds: 1, End: true },
      }),
      input: "{}",
    }).executionArn;
    await context.clock.advance(0);

    shared.list.push(2);
    await context.clock.advance(1000);

    expect(await output(execution)).toStrictEqual({ list: [1] });
  });

  it("ends as States.Runtime, not as a hang, when the call itself breaks", async () => {
    const { run, describe, context } = setUp({
      functions: {
        broken: () => {
          throw new TypeError("a bug with card content in it");
        },
      },
    });

    const execution = await run({
      Broken: task("broken", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }], Next: "Caught" }),
      Caught: { Type: "Succeed" },
    });

    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "States.Runtime" });
    expect(context.lines).toHaveLength(1);
    expect(context.lines[0]).toContain("TypeError at ");
    expect(context.lines[0]).not.toContain("card content");
  });
});
