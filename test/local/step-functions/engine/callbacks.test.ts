import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import type { Permission } from "../../../../local/wire/operation.ts";
import { sdkClientSettings } from "../../sdk-request-handler.ts";
import { callbackTask, chain, FunctionError, place, setUp } from "../step-functions-in-process.ts";

/** A machine that asks for an approval; the tokens that its function got. */
function approvals(more: object = {}, furtherStates: object = {}) {
  const tokens: string[] = [];
  const harness = setUp({
    functions: {
      ask: ({ token }: { token: string }) => {
        tokens.push(token);
        return { asked: tokens.length };
      },
    },
  });
  const definition = { Ask: callbackTask("ask", { End: true, ...more }), ...furtherStates };
  return {
    ...harness,
    token: (index = 0) => tokens[index] ?? "",
    tokens,
    ask: () => harness.run(definition),
    succeed: (taskToken: string, output: unknown = "yes") =>
      harness.client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
    fail: (taskToken: string, error?: string, cause?: string) =>
      harness.client.send(new SendTaskFailureCommand({ taskToken, error, cause })),
    beat: (taskToken: string) => harness.client.send(new SendTaskHeartbeatCommand({ taskToken })),
  };
}

describe("a task that waits for a callback", () => {
  it("takes no output that is nested deeper than AWS's services read, and goes on waiting", async () => {
    const { ask, token, client, describe } = approvals();
    const execution = await ask();
    const output = "[".repeat(100_000) + "]".repeat(100_000);

    const refused = client.send(new SendTaskSuccessCommand({ taskToken: token(), output }));

    await expect(refused).rejects.toMatchObject({ name: "InvalidOutput" });
    expect((await describe(execution)).status).toBe("RUNNING");
  });

  it("ends with the output of SendTaskSuccess", async () => {
    const { ask, token, succeed, output, describe, history, context } = approvals();
    const execution = await ask();
    const waiting = await describe(execution);

    await succeed(token(), { decision: "approve" });
    await context.clock.advance(0);

    expect(waiting.status).toBe("RUNNING");
    expect(await output(execution)).toStrictEqual({ decision: "approve" });
    const events = await history(execution);
    expect(chain(events.slice(2))).toStrictEqual([
      "3:TaskScheduled<2",
      "4:TaskStarted<3",
      "5:TaskSubmitted<4",
      "6:TaskSucceeded<5",
      "7:TaskStateExited<6",
      "8:ExecutionSucceeded<7",
    ]);
    expect(events[2]?.taskScheduledEventDetails).toMatchObject({
      resource: "invoke.waitForTaskToken",
      resourceType: "lambda",
      parameters: JSON.stringify({ FunctionName: "ask", Payload: { token: token() } }),
    });
    expect(events[4]?.taskSubmittedEventDetails).toStrictEqual({
      resource: "invoke.waitForTaskToken",
      resourceType: "lambda",
      output: '{"ExecutedVersion":"$LATEST","Payload":{"asked":1},"StatusCode":200}',
      outputDetails: { truncated: false },
    });
    expect(events[5]?.taskSucceededEventDetails?.output).toBe('{"decision":"approve"}');
  });

  it("fails with the error of SendTaskFailure, which Catch sees", async () => {
    const { ask, token, fail, output, context } = approvals(
      {
        Catch: [{ ErrorEquals: ["Rejected"], Output: "{% $states.errorOutput %}", Next: "Done" }],
      },
      { Done: { Type: "Succeed" } },
    );
    const execution = await ask();

    await fail(token(), "Rejected");
    await context.clock.advance(0);

    expect(await output(execution)).toStrictEqual({ Error: "Rejected", Cause: "" });
  });

  it("fails with error and cause of SendTaskFailure", async () => {
    const { ask, token, fail, describe, history, context } = approvals();
    const execution = await ask();

    await fail(token(), "Rejected", "not good enough");
    await context.clock.advance(0);

    expect(await describe(execution)).toMatchObject({
      status: "FAILED",
      error: "Rejected",
      cause: "not good enough",
    });
    expect((await history(execution))[5]?.taskFailedEventDetails).toStrictEqual({
      resource: "invoke.waitForTaskToken",
      resourceType: "lambda",
      error: "Rejected",
      cause: "not good enough",
    });
  });

  it("takes the first callback and refuses the second as TaskTimedOut", async () => {
    const { ask, token, succeed, fail, beat, output, context } = approvals();
    const execution = await ask();

    await succeed(token(), "first");
    const second = {
      name: "TaskTimedOut",
      message: "Task Timed Out: 'Provided task does not exist anymore'",
    };
    await expect(succeed(token(), "second")).rejects.toMatchObject(second);
    await expect(fail(token())).rejects.toMatchObject(second);
    await expect(beat(token())).rejects.toMatchObject(second);
    await context.clock.advance(0);

    expect(await output(execution)).toBe("first");
  });

  it("takes a callback that comes while the function still runs", async () => {
    const harness = setUp({
      functions: {
        hasty: async ({ token }: { token: string }, request) => {
          await harness.client.send(new SendTaskSuccessCommand({ taskToken: token, output: '"done"' }));
          return request.signal.aborted;
        },
      },
    });

    const execution = await harness.run({
      Hasty: callbackTask("hasty", { Next: "Later" }),
      Later: { Type: "Wait", Seconds: 1, End: true },
    });

    expect(chain((await harness.history(execution)).slice(3))).toStrictEqual([
      "4:TaskStarted<3",
      "5:TaskSucceeded<4",
      "6:TaskStateExited<5",
      "7:WaitStateEntered<6",
    ]);
  });

  it("fails at once when the function fails, and the token is closed", async () => {
    const tokens: string[] = [];
    const { run, client, describe } = setUp({
      functions: {
        ask: ({ token }: { token: string }) => {
          tokens.push(token);
          throw new FunctionError("NoMail");
        },
      },
    });

    const execution = await run({ Ask: callbackTask("ask") });

    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "NoMail" });
    await expect(
      client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: "1" })),
    ).rejects.toMatchObject({ name: "TaskTimedOut" });
  });

  it("gets a new token for every attempt, and closes the old one", async () => {
    const { ask, tokens, token, fail, succeed, output, context } = approvals({
      Retry: [{ ErrorEquals: ["Again"], IntervalSeconds: 5 }],
    });
    const execution = await ask();

    await fail(token(0), "Again");
    await context.clock.advance(5_000);

    expect(tokens).toHaveLength(2);
    expect(token(1)).not.toBe(token(0));
    await expect(succeed(token(0))).rejects.toMatchObject({ name: "TaskTimedOut" });
    await succeed(token(1), "second");
    await context.clock.advance(0);
    expect(await output(execution)).toBe("second");
  });

  it("times out after a week of silence and closes the token", async () => {
    const weekMs = 7 * 24 * 3600 * 1000;
    const { ask, token, succeed, describe, history, context } = approvals({ TimeoutSeconds: weekMs / 1000 });
    const execution = await ask();

    await context.clock.advance(weekMs);

    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect(chain((await history(execution)).slice(4))).toStrictEqual([
      "5:TaskSubmitted<4",
      "6:TaskTimedOut<5",
      "7:ExecutionFailed<6",
    ]);
    await expect(succeed(token())).rejects.toMatchObject({ name: "TaskTimedOut" });
  });

  it("times out when a heartbeat is missed, under the name States.Timeout", async () => {
    const { ask, token, beat, describe, history, context } = approvals({
      HeartbeatSeconds: "{% 10 %}",
      TimeoutSeconds: 100,
    });
    const execution = await ask();

    await context.clock.advance(9_000);
    await beat(token());
    await context.clock.advance(9_999);
    const before = (await describe(execution)).status;
    await context.clock.advance(1);

    expect(before).toBe("RUNNING");
    expect(await describe(execution)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
    expect((await history(execution))[2]?.taskScheduledEventDetails).toMatchObject({
      heartbeatInSeconds: 10,
      timeoutInSeconds: 100,
    });
  });

  it("times out after TimeoutSeconds however often it gets heartbeats", async () => {
    const { ask, token, beat, describe, context } = approvals({ HeartbeatSeconds: 10, TimeoutSeconds: 25 });
    const execution = await ask();

    for (let round = 0; round < 4; round += 1) {
      await beat(token());
      await context.clock.advance(6_000);
    }
    const before = (await describe(execution)).status;
    await context.clock.advance(1_000);

    expect(before).toBe("RUNNING");
    expect((await describe(execution)).status).toBe("FAILED");
  });

  it("parks two hundred executions side by side", async () => {
    const tokens: string[] = [];
    const { create, start, stepFunctions, client, context } = setUp({
      functions: { ask: ({ token }: { token: string }) => tokens.push(token) },
    });
    const arn = create({ Ask: callbackTask("ask", { TimeoutSeconds: 99, End: true }) });
    for (let count = 0; count < 200; count += 1) start(arn);
    await context.clock.advance(0);
    const ends: string[] = [];
    stepFunctions.onExecutionChange(({ status }) => ends.push(status));

    await Promise.all(
      tokens.map((taskToken) => client.send(new SendTaskSuccessCommand({ taskToken, output: "1" }))),
    );
    await context.clock.advance(0);

    expect(new Set(tokens).size).toBe(200);
    expect(ends.filter((status) => status === "SUCCEEDED")).toHaveLength(200);
  });
});

describe("a task token", () => {
  it("cannot stand in a URL as it is, like AWS's", async () => {
    const { ask, token } = approvals();
    await ask();

    expect(token()).toMatch(/[+]/);
    expect(token()).toMatch(/[/]/);
    expect(token()).toMatch(/=$/);
    expect(token().length).toBeLessThanOrEqual(2048);
  });

  it.each(["not-a-token", "AQDL", "AQDLnonsense"])("is refused when it is malformed: %s", async (token) => {
    const { succeed } = approvals();

    await expect(succeed(token)).rejects.toMatchObject({
      name: "InvalidToken",
      message: "Invalid Token: 'Invalid token'",
    });
  });

  it.each([
    ["account", { ...place, accountId: "222222222222" }],
    ["Region", { ...place, region: "us-east-1" }],
  ])("is unknown in another %s", async (_, elsewhere) => {
    const { ask, token, stepFunctions } = approvals();
    await ask();
    const stranger = new SFNClient(sdkClientSettings(stepFunctions.service, elsewhere));

    const call = stranger.send(new SendTaskSuccessCommand({ taskToken: token(), output: "1" }));

    await expect(call).rejects.toMatchObject({ name: "TaskDoesNotExist" });
  });

  it("needs a permission that names no resource, also after it was used", async () => {
    const { ask, token, succeed, stepFunctions } = approvals();
    await ask();
    await succeed(token());
    const asked: Permission[][] = [];
    const client = new SFNClient(
      sdkClientSettings(stepFunctions.service, {
        region: place.region,
        authorize: (permissions) => {
          asked.push(permissions);
          return undefined;
        },
      }),
    );

    const call = client.send(new SendTaskHeartbeatCommand({ taskToken: token() }));

    await expect(call).rejects.toMatchObject({ name: "TaskTimedOut" });
    expect(asked).toMatchObject([[{ action: "states:SendTaskHeartbeat", resource: "*" }]]);
  });

  it("wants an output that is JSON of at most 256 KiB", async () => {
    const { ask, token, client } = approvals();
    await ask();
    const send = (output: string) => client.send(new SendTaskSuccessCommand({ taskToken: token(), output }));

    await expect(send("{")).rejects.toMatchObject({ name: "InvalidOutput" });
    await expect(send(`"${"é".repeat(131_072)}"`)).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value at 'output' failed to satisfy constraint: " +
        "Member must have size less than or equal to 262144 bytes in UTF-8 encoding",
    });
  });
});
