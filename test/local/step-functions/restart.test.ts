import { SendTaskHeartbeatCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { afterAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../local/clock.ts";
import { journalDirectories } from "../journal-directory.ts";
import { testContext } from "../sdk-request-handler.ts";
import { callbackTask, type FakeFunction, FunctionError, setUp, task } from "./step-functions-in-process.ts";

const directories = journalDirectories();
afterAll(() => directories.removeAll());

type Functions = Record<string, FakeFunction>;

/** Step Functions with a journal, and what another process makes of it after a kill. */
function durable(functions: Functions, directory = directories.make()) {
  const begin = (journal: ReturnType<typeof directories.open>, now?: Date) => {
    const context = { ...testContext(), journal, ...(now && { clock: new VirtualClock(now) }) };
    const services = setUp({ functions, context });
    services.stepFunctions.resume();
    return services;
  };
  const first = begin(directories.open(directory));
  return {
    first,
    /** Kills the process, and starts the next one `downMs` later. */
    async restart(downMs = 0) {
      const { journal } = directories.kill(directory);
      const next = begin(journal, new Date(first.context.clock.now().getTime() + downMs));
      await next.context.clock.advance(0);
      return next;
    },
  };
}

const never = () => new Promise(() => {});

describe("an execution after a restart", () => {
  it("shows the same, and its history goes on", async () => {
    const { first, restart } = durable({ work: () => "done" });
    const arn = await first.run({
      One: { Type: "Pass", Next: "Two", Assign: { kept: 7 } },
      Two: { Type: "Wait", Seconds: 60, Next: "Three" },
      Three: task("work"),
    });
    const before = await first.history(arn);

    const next = await restart(20_000);

    expect(await next.describe(arn)).toMatchObject({ status: "RUNNING", input: "{}" });
    expect(await next.history(arn)).toStrictEqual(before);
    await next.context.clock.advance(39_999);
    expect((await next.describe(arn)).status).toBe("RUNNING");
    await next.context.clock.advance(1);
    expect((await next.describe(arn)).status).toBe("SUCCEEDED");
    expect((await next.history(arn)).slice(0, before.length)).toStrictEqual(before);
  });

  it("ends a wait at once whose moment has passed", async () => {
    const { first, restart } = durable({});
    const arn = await first.run({ One: { Type: "Wait", Seconds: 60, End: true } });

    const next = await restart(61_000);

    expect((await next.describe(arn)).status).toBe("SUCCEEDED");
  });

  it("calls a function that was at work again, as the same attempt", async () => {
    let calls = 0;
    const { first, restart } = durable({ work: () => ((calls += 1) === 1 ? never() : "done") });
    const arn = await first.run({ One: task("work") });

    const next = await restart();

    expect(await next.output(arn)).toMatchObject({ Payload: "done" });
    expect((await next.history(arn)).filter(({ type }) => type === "TaskScheduled")).toHaveLength(1);
  });

  it("keeps the token that a function was given, and the rest of the time-out", async () => {
    const tokens: string[] = [];
    const { first, restart } = durable({ ask: ({ token }: { token: string }) => tokens.push(token) });
    const states = { One: callbackTask("ask", { TimeoutSeconds: 100, End: true }) };
    const answered = await first.run(states);
    const unanswered = await first.run(states);

    const next = await restart(60_000);
    await next.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '"yes"' }));
    await next.context.clock.advance(39_999);

    expect(await next.output(answered)).toBe("yes");
    expect(tokens).toHaveLength(2);
    expect((await next.describe(unanswered)).status).toBe("RUNNING");
    await next.context.clock.advance(1);
    expect(await next.describe(unanswered)).toMatchObject({ status: "FAILED", error: "States.Timeout" });
  });

  it("gives a function that had not returned its token once more", async () => {
    const tokens: string[] = [];
    const { first, restart } = durable({
      ask: ({ token }: { token: string }) => (tokens.push(token) === 1 ? never() : "asked"),
    });
    const arn = await first.run({ One: callbackTask("ask") });

    const next = await restart();
    await next.client.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: "1" }));
    await next.context.clock.advance(0);

    expect(tokens[1]).toBe(tokens[0]);
    expect(await next.output(arn)).toBe(1);
  });

  it("counts a heartbeat from the last one", async () => {
    const tokens: string[] = [];
    const { first, restart } = durable({ ask: ({ token }: { token: string }) => tokens.push(token) });
    const arn = await first.run({ One: callbackTask("ask", { HeartbeatSeconds: 50, End: true }) });
    await first.context.clock.advance(40_000);
    await first.client.send(new SendTaskHeartbeatCommand({ taskToken: tokens[0] }));

    const next = await restart(30_000);

    expect((await next.describe(arn)).status).toBe("RUNNING");
    await next.context.clock.advance(20_000);
    expect((await next.describe(arn)).status).toBe("FAILED");
  });

  it("goes on with its retries: the same moment, and no more of them", async () => {
    let calls = 0;
    const fail = () => {
      calls += 1;
      throw new FunctionError("Busy");
    };
    const { first, restart } = durable({ fail });
    const Retry = [{ ErrorEquals: ["Busy"], IntervalSeconds: 10, MaxAttempts: 2, BackoffRate: 2 }];
    const arn = await first.run({ One: task("fail", { Retry, End: true }) });

    const next = await restart(4_000);
    await next.context.clock.advance(5_999);
    expect(calls).toBe(1);
    await next.context.clock.advance(1);
    expect(calls).toBe(2);
    await next.context.clock.advance(20_000);

    expect(calls).toBe(3);
    expect(await next.describe(arn)).toMatchObject({ status: "FAILED", error: "Busy" });
  });

  it("begins a Map state anew, and keeps the machine's own time-out", async () => {
    let calls = 0;
    const { first, restart } = durable({ work: () => ((calls += 1) < 3 ? never() : calls) });
    const ItemProcessor = {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: "Work",
      States: { Work: task("work") },
    };
    const arn = await first.run({
      TimeoutSeconds: 100,
      States: {
        All: { Type: "Map", Items: [1, 2], ItemProcessor, Next: "Rest" },
        Rest: { Type: "Wait", Seconds: 1000, End: true },
      },
    });

    const next = await restart(60_000);

    expect(calls).toBe(4);
    await next.context.clock.advance(40_000);
    expect((await next.describe(arn)).status).toBe("TIMED_OUT");
  });

  it("keeps the definition that it was started with", async () => {
    const { first, restart } = durable({});
    const states = (Seconds: number) => ({ One: { Type: "Wait", Seconds, End: true } });
    const definition = (seconds: number) =>
      JSON.stringify({ QueryLanguage: "JSONata", StartAt: "One", States: states(seconds) });
    const place = { accountId: "111111111111", region: "eu-central-1" };
    const put = (services: typeof first, seconds: number) =>
      services.stepFunctions.putStateMachine(
        { name: "m", definition: definition(seconds), roleArn: "arn:aws:iam::111111111111:role/workflow" },
        place,
      );
    put(first, 60);
    const machine = "arn:aws:states:eu-central-1:111111111111:stateMachine:m";
    const arn = first.start(machine);
    await first.context.clock.advance(0);

    const next = await restart();
    put(next, 5);
    const later = next.start(machine, {}, "later");
    await next.context.clock.advance(5_000);

    expect((await next.describe(later)).status).toBe("SUCCEEDED");
    expect((await next.describe(arn)).status).toBe("RUNNING");
  });

  it("keeps its name taken", async () => {
    const { first, restart } = durable({});
    const arn = await first.run({ One: { Type: "Succeed" } });

    const next = await restart();

    expect((await next.describe(arn)).status).toBe("SUCCEEDED");
    expect(() =>
      next.start(
        arn.replace(":execution:", ":stateMachine:").replace(/:[^:]+$/, ""),
        {},
        arn.split(":").at(-1),
      ),
    ).toThrow("Already Exists");
  });
});
