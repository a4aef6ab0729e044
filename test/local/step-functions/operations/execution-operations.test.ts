import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { FunctionError, setUp, stateMachineArn, task } from "../step-functions-in-process.ts";

const waiting = { Wait: { Type: "Wait", Seconds: 60, End: true } };
const done = { Done: { Type: "Succeed" } };
const dayMs = 24 * 3600 * 1000;

describe("StartExecution", () => {
  it("refuses an input that is nested deeper than AWS's services read", async () => {
    const { client, create } = setUp();
    const input = "[".repeat(100_000) + "]".repeat(100_000);

    const refused = client.send(new StartExecutionCommand({ stateMachineArn: create(done), input }));

    await expect(refused).rejects.toMatchObject({ name: "InvalidExecutionInput" });
  });

  it("runs with an input of a thousand levels, and adds more", async () => {
    const { client, create, context } = setUp();
    const stateMachineArn = create({
      Wrap: { Type: "Pass", Output: ["{% $states.input %}"], Next: "Wait" },
      Wait: { Type: "Wait", Seconds: 1, End: true },
    });
    const input = "[".repeat(1000) + "]".repeat(1000);

    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn, input }));
    await context.clock.advance(1000);

    const { output } = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(output).toBe(`[${input}]`);
  });

  it("starts an execution under the given name", async () => {
    const { client, create, context } = setUp();
    const arn = create(done);

    const started = await client.send(
      new StartExecutionCommand({
        stateMachineArn: arn,
        name: "run-1",
        input: '{"a": 1}',
        traceHeader: "Root=1",
      }),
    );
    await context.clock.advance(0);

    const executionArn = "arn:aws:states:eu-central-1:111111111111:execution:machine-1:run-1";
    expect(started).toMatchObject({ executionArn, startDate: new Date("2026-01-01T00:00:00.000Z") });
    const { $metadata, ...described } = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect($metadata.httpStatusCode).toBe(200);
    expect(described).toStrictEqual({
      executionArn,
      stateMachineArn: arn,
      name: "run-1",
      status: "SUCCEEDED",
      startDate: new Date("2026-01-01T00:00:00.000Z"),
      stopDate: new Date("2026-01-01T00:00:00.000Z"),
      input: '{"a": 1}',
      inputDetails: { included: true },
      output: '{"a":1}',
      outputDetails: { included: true },
      traceHeader: "Root=1",
      redriveCount: 0,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is SUCCEEDED and cannot be redriven",
    });
  });

  it("takes a UUID as the name and an empty object as the input when none are given", async () => {
    const { client, create } = setUp();

    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn: create(waiting) }),
    );

    expect(executionArn).toMatch(/:execution:machine-1:00000000-0000-4000-8000-\d{12}$/);
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      input: "{}",
      status: "RUNNING",
    });
  });

  it("answers with the running execution when name and input are the same", async () => {
    const { client, create, context } = setUp();
    const start = new StartExecutionCommand({ stateMachineArn: create(waiting), name: "same", input: "{}" });
    const first = await client.send(start);
    await context.clock.advance(1000);

    const second = await client.send(start);

    expect(second.executionArn).toBe(first.executionArn);
    expect(second.startDate).toStrictEqual(first.startDate);
  });

  it("refuses a taken name with another input, or after the execution has closed", async () => {
    const { client, create, context } = setUp();
    const arn = create(waiting);
    const start = (input: string) =>
      client.send(new StartExecutionCommand({ stateMachineArn: arn, name: "same", input }));
    const { executionArn } = await start("1");
    const refusal = {
      name: "ExecutionAlreadyExists",
      message: `Execution Already Exists: '${executionArn}'`,
    };

    await expect(start("2")).rejects.toMatchObject(refusal);
    await context.clock.advance(60_000);
    await expect(start("1")).rejects.toMatchObject(refusal);
  });

  it("frees a name 90 days after the execution has closed", async () => {
    const { client, create, context, describe: show } = setUp();
    const start = new StartExecutionCommand({ stateMachineArn: create(done), name: "same", input: "1" });
    const { executionArn = "" } = await client.send(start);
    await context.clock.advance(90 * dayMs);
    await expect(client.send(start)).rejects.toMatchObject({ name: "ExecutionAlreadyExists" });
    await context.clock.advance(1);

    const again = await client.send(start);

    expect(again.executionArn).toBe(executionArn);
    expect((await show(executionArn)).startDate).toStrictEqual(again.startDate);
  });

  it.each([
    [{ stateMachineArn: "not-an-arn" }, "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: not-an-arn'"],
    [
      { stateMachineArn: stateMachineArn("missing"), name: "a b", input: "{" },
      "StateMachineDoesNotExist",
      `State Machine Does Not Exist: '${stateMachineArn("missing")}'`,
    ],
    [
      { stateMachineArn: `${stateMachineArn("machine-1")}:1` },
      "StateMachineDoesNotExist",
      `State Machine Does Not Exist: '${stateMachineArn("machine-1")}:1'`,
    ],
    [{ name: "a b" }, "InvalidName", "Invalid Name: 'a b'"],
    [
      { input: "{" },
      "InvalidExecutionInput",
      "Invalid State Machine Execution Input: 'Invalid execution input.'",
    ],
    [
      { input: "" },
      "InvalidExecutionInput",
      "Invalid State Machine Execution Input: 'Invalid execution input.'",
    ],
    [
      { stateMachineArn: stateMachineArn("missing"), name: "a".repeat(81) },
      "ValidationException",
      `1 validation error detected: Value '${"a".repeat(81)}' at 'name' failed to satisfy constraint: ` +
        "Member must have length less than or equal to 80",
    ],
    [
      { input: `"${"a".repeat(262_144)}"` },
      "ValidationException",
      "1 validation error detected: Value at 'input' failed to satisfy constraint: " +
        "Member must have size less than or equal to 262144 bytes in UTF-8 encoding",
    ],
  ])("refuses %j", async (request, name, message) => {
    const { client, create } = setUp();
    const arn = create(done);

    await expect(
      client.send(new StartExecutionCommand({ stateMachineArn: arn, ...request })),
    ).rejects.toMatchObject({ name, message });
  });

  it.each(["1", '"text"', "null", "[]"])("takes any JSON as the input: %s", async (input) => {
    const { client, create, context, describe: show } = setUp();
    const { executionArn = "" } = await client.send(
      new StartExecutionCommand({ stateMachineArn: create(done), input }),
    );
    await context.clock.advance(0);

    expect((await show(executionArn)).output).toBe(input);
  });

  it("is there in process with the same checks", () => {
    const { stepFunctions } = setUp();

    expect(() =>
      stepFunctions.startExecution({ stateMachineArn: stateMachineArn("none"), input: "{}" }),
    ).toThrow(`State Machine Does Not Exist: '${stateMachineArn("none")}'`);
  });
});

describe("ListExecutions", () => {
  it("lists the newest first, in pages that later starts do not shift", async () => {
    const { client, create, start } = setUp();
    const arn = create(waiting);
    for (const name of ["1", "2", "3", "4", "5"]) start(arn, {}, name);
    const list = (nextToken?: string) =>
      client.send(new ListExecutionsCommand({ stateMachineArn: arn, maxResults: 2, nextToken }));
    const names = ({ executions = [] }: { executions?: { name?: string | undefined }[] | undefined }) =>
      executions.map(({ name }) => name);

    const first = await list();
    start(arn, {}, "6");
    const second = await list(first.nextToken);
    const third = await list(second.nextToken);

    expect([first, second, third].map(names)).toStrictEqual([["5", "4"], ["3", "2"], ["1"]]);
    expect(third).not.toHaveProperty("nextToken");
    expect(first.executions?.[0]).toStrictEqual({
      executionArn: "arn:aws:states:eu-central-1:111111111111:execution:machine-1:5",
      stateMachineArn: arn,
      name: "5",
      status: "RUNNING",
      startDate: new Date("2026-01-01T00:00:00.000Z"),
      redriveCount: 0,
    });
  });

  it("filters by status", async () => {
    const { client, create, start, context } = setUp({
      functions: {
        maybe: ({ fail }: { fail: boolean }) => {
          if (fail) throw new FunctionError("Broken");
        },
      },
    });
    const arn = create({ Maybe: task("maybe", { Next: "Wait" }), ...waiting });
    start(arn, { fail: true }, "failed");
    start(arn, { fail: false }, "succeeded");
    await context.clock.advance(60_000);
    start(arn, { fail: false }, "running");
    const stopped = start(arn, { fail: false }, "aborted");
    await client.send(new StopExecutionCommand({ executionArn: stopped }));
    const list = async (statusFilter: ExecutionStatus) => {
      const { executions = [] } = await client.send(
        new ListExecutionsCommand({ stateMachineArn: arn, statusFilter }),
      );
      return executions.map(({ name }) => name);
    };

    expect(await list("FAILED")).toStrictEqual(["failed"]);
    expect(await list("SUCCEEDED")).toStrictEqual(["succeeded"]);
    expect(await list("RUNNING")).toStrictEqual(["running"]);
    expect(await list("ABORTED")).toStrictEqual(["aborted"]);
    expect(await list("TIMED_OUT")).toStrictEqual([]);
  });

  it("refuses a token of another list, an unknown machine and a Map Run", async () => {
    const { client, create, start } = setUp();
    const [one, other] = [create(waiting), create(waiting)];
    start(one);
    start(one);
    const { nextToken } = await client.send(
      new ListExecutionsCommand({ stateMachineArn: one, maxResults: 1 }),
    );

    await expect(
      client.send(new ListExecutionsCommand({ stateMachineArn: other, nextToken })),
    ).rejects.toMatchObject({ name: "InvalidToken", message: "Invalid Token: 'Invalid token'" });
    await expect(
      client.send(new ListExecutionsCommand({ stateMachineArn: stateMachineArn("none") })),
    ).rejects.toMatchObject({ name: "StateMachineDoesNotExist" });
    await expect(client.send(new ListExecutionsCommand({ mapRunArn: "arn" }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});

describe("DescribeExecution", () => {
  it("leaves the data out when only metadata is asked for", async () => {
    const { client, run } = setUp();
    const executionArn = await run(done, { secret: 1 });

    const described = await client.send(
      new DescribeExecutionCommand({ executionArn, includedData: "METADATA_ONLY" }),
    );

    expect(described).toMatchObject({ status: "SUCCEEDED", inputDetails: { included: false } });
    expect(described).not.toHaveProperty("input");
    expect(described).not.toHaveProperty("output");
  });

  it.each([
    ["invalid", "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: invalid'"],
    [
      stateMachineArn("flow"),
      "InvalidArn",
      "Invalid Arn: 'Resource type not valid in this context: stateMachine'",
    ],
    [
      "arn:aws:states:eu-central-1:111111111111:execution:flow:none",
      "ExecutionDoesNotExist",
      "Execution Does Not Exist: 'arn:aws:states:eu-central-1:111111111111:execution:flow:none'",
    ],
  ])("refuses %s", async (executionArn, name, message) => {
    const { client } = setUp();

    await expect(client.send(new DescribeExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name,
      message,
    });
  });
});

describe("GetExecutionHistory", () => {
  it("pages through the events in both orders", async () => {
    const { client, run } = setUp();
    const executionArn = await run({ A: { Type: "Pass", Next: "Done" }, ...done });
    const read = async (reverseOrder: boolean) => {
      const ids: (number | undefined)[][] = [];
      let nextToken: string | undefined;
      do {
        const answer = await client.send(
          new GetExecutionHistoryCommand({ executionArn, reverseOrder, maxResults: 4, nextToken }),
        );
        ids.push((answer.events ?? []).map(({ id }) => id));
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return ids;
    };

    expect(await read(false)).toStrictEqual([
      [1, 2, 3, 4],
      [5, 6],
    ]);
    expect(await read(true)).toStrictEqual([
      [6, 5, 4, 3],
      [2, 1],
    ]);
  });

  it("leaves payloads out when execution data is not asked for", async () => {
    const { client, run } = setUp({ functions: { f: () => 1 } });
    const executionArn = await run({ Call: task("f") });

    const { events = [] } = await client.send(
      new GetExecutionHistoryCommand({ executionArn, includeExecutionData: false }),
    );

    expect(JSON.stringify(events)).not.toMatch(/"(input|output)/);
    expect(events[1]?.stateEnteredEventDetails).toStrictEqual({ name: "Call" });
    expect(events[2]?.taskScheduledEventDetails?.parameters).toBeDefined();
  });

  it("refuses a token of the other order", async () => {
    const { client, run } = setUp();
    const executionArn = await run(done);
    const { nextToken } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1 }));

    await expect(
      client.send(new GetExecutionHistoryCommand({ executionArn, nextToken, reverseOrder: true })),
    ).rejects.toMatchObject({ name: "InvalidToken" });
  });
});

describe("finished executions", () => {
  it("are forgotten, the longest finished first, beyond the number that is kept", async () => {
    const { create, start, describe: show, context, client } = setUp({ keepFinishedExecutions: 2 });
    const arn = create({ Wait: { Type: "Wait", Seconds: "{% $states.input %}", End: true } });
    const slow = start(arn, 50, "slow");
    const quick = start(arn, 1, "quick");
    const middle = start(arn, 20, "middle");
    const running = start(arn, 1000, "running");

    await context.clock.advance(60_000);

    await expect(show(quick)).rejects.toMatchObject({ name: "ExecutionDoesNotExist" });
    for (const kept of [slow, middle, running]) expect((await show(kept)).executionArn).toBe(kept);
    const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn: arn }));
    expect(executions.map(({ name }) => name)).toStrictEqual(["running", "middle", "slow"]);
  });
});
