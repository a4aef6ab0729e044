import { describe, expect, it } from "vitest";
import * as z from "zod";
import { CardMovedError } from "../../../functions/errors.ts";
import { lambdaHandler } from "../../../functions/runtime/lambda-handler.ts";
import { eitherDecides } from "../../workflow/test-cloud.ts";
import { lambdaContext } from "../../web/http-api.ts";

const context = lambdaContext("cardway-approval-page");

const modelCardArn = "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn";
const execution = (name: string) =>
  `arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:${name}`;

const InputSchema = z.object({
  card: z.string().optional(),
  execution: z.string().optional(),
  secret: z.string().default("a link"),
});

type Input = z.output<typeof InputSchema>;

/** A function that does so, and the lines that it has logged. */
function functionThat(run: (input: Input, log: (message: string) => void) => Promise<{ version: number }>) {
  const lines: unknown[] = [];
  let nowMs = 0;
  const handler = lambdaHandler({
    environment: z.object({}),
    input: InputSchema,
    about: (input) => ({ modelCardArn: input.card, executionArn: input.execution }),
    found: ({ version }: { version: number }) => ({ version, status: "Draft" }),
    start:
      ({ log }) =>
      (input) =>
        run(input, log),
  }).start({
    environment: {},
    settings: eitherDecides,
    // Every look at the clock is a second later.
    now: () => new Date((nowMs += 1_000)),
    writeLog: (line) => lines.push(JSON.parse(line)),
  });
  return { lines, call: (event: object) => handler(event, context) };
}

describe("the log of a function", () => {
  const about = { card: modelCardArn, execution: execution("event-1_rule") };

  it("says at the end of a call which card, version, status, execution and event it was about, and how long it took", async () => {
    const { lines, call } = functionThat(async () => ({ version: 3 }));

    await call(about);

    expect(lines).toStrictEqual([
      {
        level: "INFO",
        message: "done",
        timestamp: expect.any(String),
        service: "cardway",
        cold_start: expect.any(Boolean),
        function_arn: context.invokedFunctionArn,
        function_memory_size: "512",
        function_name: "cardway-approval-page",
        function_request_id: "request-1",
        sampling_rate: 0,
        modelCardArn,
        executionArn: execution("event-1_rule"),
        correlation_id: "event-1_rule",
        version: 3,
        status: "Draft",
        durationMs: 1_000,
      },
    ]);
  });

  it("names the error that a call fails with, and what it was about", async () => {
    const { lines, call } = functionThat(() => Promise.reject(new CardMovedError("churn has changed.")));

    await expect(call(about)).rejects.toThrow(CardMovedError);

    expect(lines).toMatchObject([
      {
        level: "ERROR",
        message: "churn has changed.",
        errorName: "CardMovedError",
        modelCardArn,
        correlation_id: "event-1_rule",
        durationMs: 1_000,
      },
    ]);
  });

  it("keeps calls apart that run at once", async () => {
    const { lines, call } = functionThat(async ({ execution: arn }, log) => {
      await Promise.resolve();
      log(`in ${arn}`);
      return { version: 1 };
    });

    await Promise.all([call({ execution: execution("one") }), call({ execution: execution("two") })]);

    expect(lines).toMatchObject([
      { message: `in ${execution("one")}`, correlation_id: "one" },
      { message: `in ${execution("two")}`, correlation_id: "two" },
      { message: "done", correlation_id: "one" },
      { message: "done", correlation_id: "two" },
    ]);
  });

  it("goes by the request where no execution is known, and repeats nothing of an input that it cannot read", async () => {
    const { lines, call } = functionThat(async () => ({ version: 1 }));

    await call({});
    await expect(call({ secret: 1, card: ["a link"] })).rejects.toThrow("not valid");

    expect(lines).toMatchObject([
      { message: "done", correlation_id: "request-1" },
      { errorName: "InvalidInputError", correlation_id: "request-1" },
    ]);
    expect(JSON.stringify(lines)).not.toContain("a link");
  });
});
