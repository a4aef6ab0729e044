import {
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StopExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { callbackTask, chain, FunctionError, machine, setUp, task } from "./step-functions-in-process.ts";

const dayMs = 24 * 3600 * 1000;

/** A machine whose second state fails until it is repaired. */
function broken(more: object = {}) {
  let isRepaired = false;
  const seen: unknown[] = [];
  const harness = setUp({
    functions: {
      first: () => "first",
      fragile: (payload: unknown) => {
        seen.push(payload);
        if (!isRepaired) throw new FunctionError("Broken");
        return "repaired";
      },
    },
  });
  const payload = "{% $states.result.Payload %}";
  return {
    ...harness,
    seen,
    repair: () => {
      isRepaired = true;
    },
    fail: () =>
      harness.run({
        First: task("first", {
          Assign: { kept: "{% $states.result.Payload %}" },
          Output: { n: 1 },
          Next: "Fragile",
        }),
        Fragile: task("fragile", {
          Arguments: {
            FunctionName: "fragile",
            Payload: {
              input: "{% $states.input %}",
              kept: "{% $kept %}",
              redrives: "{% $states.context.Execution.RedriveCount %}",
              retries: "{% $states.context.State.RetryCount %}",
            },
          },
          Output: payload,
          End: true,
          ...more,
        }),
      }),
    redrive: (executionArn: string, clientToken?: string) =>
      harness.client.send(new RedriveExecutionCommand({ executionArn, clientToken })),
  };
}

describe("RedriveExecution", () => {
  it("goes on at the state that failed, with its input and variables", async () => {
    const { fail, repair, redrive, output, seen, context } = broken();
    const execution = await fail();
    repair();
    await context.clock.advance(60_000);

    await redrive(execution);
    await context.clock.advance(0);

    expect(await output(execution)).toBe("repaired");
    expect(seen).toStrictEqual([
      { input: { n: 1 }, kept: "first", redrives: 0, retries: 0 },
      { input: { n: 1 }, kept: "first", redrives: 1, retries: 0 },
    ]);
  });

  it("appends to the history: the task is scheduled again, not entered again", async () => {
    const { fail, repair, redrive, history, context } = broken();
    const execution = await fail();
    repair();

    await redrive(execution);
    await context.clock.advance(0);

    const events = await history(execution);
    expect(chain(events.slice(9))).toStrictEqual([
      "10:TaskFailed<9",
      "11:ExecutionFailed<10",
      "12:ExecutionRedriven<11",
      "13:TaskScheduled<12",
      "14:TaskStarted<13",
      "15:TaskSucceeded<14",
      "16:TaskStateExited<15",
      "17:ExecutionSucceeded<16",
    ]);
    expect(events[11]?.executionRedrivenEventDetails).toStrictEqual({ redriveCount: 1 });
  });

  it("shows the redrive in DescribeExecution and ListExecutions", async () => {
    let calls = 0;
    const { run, describe, client, context } = setUp({
      functions: {
        fragile: () => {
          calls += 1;
          if (calls === 1) throw new FunctionError("Broken");
          return new Promise(() => {});
        },
      },
    });
    const executionArn = await run({ Fragile: task("fragile") });
    const failed = await describe(executionArn);
    await context.clock.advance(60_000);

    const { redriveDate } = await client.send(new RedriveExecutionCommand({ executionArn }));

    expect(redriveDate).toStrictEqual(new Date("2026-01-01T00:01:00.000Z"));
    expect(failed).toMatchObject({ redriveCount: 0, redriveStatus: "REDRIVABLE", error: "Broken" });
    expect(failed).not.toHaveProperty("redriveDate");
    const running = await describe(executionArn);
    expect(running).toMatchObject({
      status: "RUNNING",
      redriveCount: 1,
      redriveDate,
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution is RUNNING and cannot be redriven",
    });
    for (const member of ["stopDate", "error", "cause"]) expect(running).not.toHaveProperty(member);
    const list = async (redriveFilter: "REDRIVEN" | "NOT_REDRIVEN") => {
      const { stateMachineArn } = running;
      return (await client.send(new ListExecutionsCommand({ stateMachineArn, redriveFilter }))).executions;
    };
    expect(await list("REDRIVEN")).toMatchObject([{ executionArn, redriveCount: 1, redriveDate }]);
    expect(await list("NOT_REDRIVEN")).toStrictEqual([]);
  });

  it("starts the retries anew", async () => {
    const { fail, redrive, seen, context } = broken({
      Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
    });
    const execution = await fail();
    await context.clock.advance(1000);
    const before = seen.length;

    await redrive(execution);
    await context.clock.advance(1000);

    expect(before).toBe(2);
    expect(seen).toHaveLength(4);
    expect(seen[3]).toMatchObject({ retries: 1, redrives: 1 });
  });

  it("gives a callback task a new token", async () => {
    const tokens: string[] = [];
    const { run, client, context } = setUp({
      functions: { ask: ({ token }: { token: string }) => tokens.push(token) },
    });
    const executionArn = await run({ Ask: callbackTask("ask") });
    await client.send(new StopExecutionCommand({ executionArn }));

    await client.send(new RedriveExecutionCommand({ executionArn }));
    await context.clock.advance(0);

    expect(tokens).toHaveLength(2);
    expect(tokens[1]).not.toBe(tokens[0]);
  });

  it("runs a failed Parallel state again as a whole", async () => {
    let isRepaired = false;
    const calls: string[] = [];
    const { run, client, output, context } = setUp({
      functions: {
        good: () => calls.push("good"),
        bad: () => {
          calls.push("bad");
          if (!isRepaired) throw new FunctionError("Broken");
        },
      },
    });
    const branch = (name: string) => ({
      StartAt: name,
      States: { [name]: task(name, { Output: name, End: true }) },
    });
    const executionArn = await run({
      P: { Type: "Parallel", Branches: [branch("good"), branch("bad")], End: true },
    });
    isRepaired = true;

    await client.send(new RedriveExecutionCommand({ executionArn }));
    await context.clock.advance(0);

    expect(await output(executionArn)).toStrictEqual(["good", "bad"]);
    expect(calls).toStrictEqual(["good", "bad", "good", "bad"]);
  });

  it("gives the state machine its TimeoutSeconds again", async () => {
    const { run, client, describe, context } = setUp();
    const executionArn = await run(
      machine({
        TimeoutSeconds: 10,
        States: {
          Wait: { Type: "Wait", Seconds: 8, Next: "Too" },
          Too: { Type: "Wait", Seconds: 8, End: true },
        },
      }),
    );
    await context.clock.advance(10_000);
    const before = (await describe(executionArn)).status;

    await client.send(new RedriveExecutionCommand({ executionArn }));
    await context.clock.advance(8_000);

    expect(before).toBe("TIMED_OUT");
    expect((await describe(executionArn)).status).toBe("SUCCEEDED");
  });

  it("enters a Fail state again, which fails again", async () => {
    const { run, client, history, context } = setUp();
    const executionArn = await run({ Stop: { Type: "Fail", Error: "Always" } });

    await client.send(new RedriveExecutionCommand({ executionArn }));
    await context.clock.advance(0);

    expect(chain((await history(executionArn)).slice(2))).toStrictEqual([
      "3:ExecutionFailed<2",
      "4:ExecutionRedriven<3",
      "5:FailStateEntered<4",
      "6:ExecutionFailed<5",
    ]);
  });

  it("answers a repeated client token with the first redrive for 15 minutes", async () => {
    const { fail, redrive, describe, context } = broken();
    const execution = await fail();
    const first = await redrive(execution, "token-1");
    await context.clock.advance(14 * 60_000);

    const repeated = await redrive(execution, "token-1");
    const countAfterRepeat = (await describe(execution)).redriveCount;
    await context.clock.advance(2 * 60_000);
    await redrive(execution, "token-1");

    expect(repeated.redriveDate).toStrictEqual(first.redriveDate);
    expect(countAfterRepeat).toBe(1);
    expect((await describe(execution)).redriveCount).toBe(2);
  });

  it("refuses executions that run, that have succeeded, or that ended more than 14 days ago", async () => {
    const { fail, run, redrive, describe, context } = broken();
    const failed = await fail();
    const succeeded = await run({ Done: { Type: "Succeed" } });
    const running = await run({ Wait: { Type: "Wait", Seconds: 99_999_999, End: true } });
    await context.clock.advance(14 * dayMs + 1);

    await expect(redrive(running)).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "Execution is RUNNING and cannot be redriven",
    });
    await expect(redrive(succeeded)).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "Execution is SUCCEEDED and cannot be redriven",
    });
    await expect(redrive(failed)).rejects.toMatchObject({
      name: "ExecutionNotRedrivable",
      message: "Execution redrivable period exceeded",
    });
    expect(await describe(failed)).toMatchObject({
      redriveStatus: "NOT_REDRIVABLE",
      redriveStatusReason: "Execution redrivable period exceeded",
    });
  });

  it("keeps the definition that the execution was started with", async () => {
    const { fail, repair, redrive, output, describe, context, client } = broken();
    const execution = await fail();
    const { stateMachineArn = "" } = await describe(execution);
    await client.send(
      new UpdateStateMachineCommand({
        stateMachineArn,
        definition: JSON.stringify(machine({ Fragile: { Type: "Pass", Output: "new", End: true } })),
      }),
    );
    repair();

    await redrive(execution);
    await context.clock.advance(0);

    expect(await output(execution)).toBe("repaired");
  });
});
