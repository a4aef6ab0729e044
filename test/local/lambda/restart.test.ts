import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../local/clock.ts";
import { createLambda } from "../../../local/lambda/lambda.ts";
import { journalDirectories } from "../journal-directory.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

const directories = journalDirectories();
afterAll(() => directories.removeAll());

const location = { accountId: "111111111111", region: "eu-central-1" };

/** Lambda with one function, or with none. */
function begin(journal: ReturnType<typeof directories.open>, handler?: () => Promise<unknown>, now?: Date) {
  const context = { ...testContext(), journal, ...(now && { clock: new VirtualClock(now) }) };
  const lambda = createLambda(context);
  if (handler !== undefined) {
    lambda.createFunction(location, {
      functionName: "work",
      description: "Works.",
      handlerPath: "functions/work/handler.handler",
      timeoutSeconds: 900,
      memoryMb: 256,
      roleArn: "arn:aws:iam::111111111111:role/work",
      environment: {},
      load: async () => handler,
    });
  }
  lambda.resume();
  const client = new LambdaClient(sdkClientSettings(lambda.service));
  const invoke = () => client.send(new InvokeCommand({ FunctionName: "work", InvocationType: "Event" }));
  return { clock: context.clock, lines: context.lines, invoke };
}

describe("an asynchronous invocation after a restart", () => {
  it("runs again where its handler was at work, and then never more", async () => {
    const directory = directories.make();
    const first = begin(directories.open(directory), () => new Promise(() => {}));
    await first.invoke();
    let runs = 0;
    const work = async () => void (runs += 1);

    const second = directories.kill(directory);
    await begin(second.journal, work, first.clock.now()).clock.advance(0);
    await begin(directories.kill(second.directory).journal, work, first.clock.now()).clock.advance(3_600_000);

    expect(runs).toBe(1);
  });

  it("is tried again at its old moment, and three times in all", async () => {
    const directory = directories.make();
    let runs = 0;
    const fail = async () => {
      runs += 1;
      throw new Error("as the test wants it");
    };
    const first = begin(directories.open(directory), fail);
    await first.invoke();
    await first.clock.advance(20_000);

    const now = new Date(first.clock.now().getTime() + 30_000);
    const second = begin(directories.kill(directory).journal, fail, now);
    await second.clock.advance(9_999);
    expect(runs).toBe(1);
    await second.clock.advance(1);
    expect(runs).toBe(2);
    await second.clock.advance(3_600_000);

    expect(runs).toBe(3);
    expect(second.lines.join()).toContain("failed three times");
  });

  it("is dropped, and the log says so, where its function is no more", async () => {
    const directory = directories.make();
    const first = begin(directories.open(directory), () => new Promise(() => {}));
    await first.invoke();

    const second = begin(directories.kill(directory).journal);

    expect(second.lines).toStrictEqual([expect.stringContaining("work is no more")]);
  });
});
