import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from "@aws-sdk/client-lambda";
import type { InvokeCommandInput } from "@aws-sdk/client-lambda";
import { assert as assertProperty, asyncProperty, jsonValue } from "fast-check";
import { describe, expect, it } from "vitest";
import { createLambda } from "../../../local/lambda/lambda.ts";
import type { LambdaContext, LocalFunction } from "../../../local/lambda/local-function.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

const location = { accountId: "111111111111", region: "eu-central-1" };
const arn = "arn:aws:lambda:eu-central-1:111111111111:function:grant-access";

type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

function localFunction(handler: Handler, changes: Partial<LocalFunction> = {}): LocalFunction {
  return {
    functionName: "grant-access",
    description: "Grants access.",
    handlerPath: "functions/grant-access/handler.handler",
    timeoutSeconds: 3,
    memoryMb: 256,
    roleArn: "arn:aws:iam::111111111111:role/grant-access",
    environment: {},
    load: async () => handler,
    ...changes,
  };
}

function setUp(handler: Handler = async (event) => event, changes: Partial<LocalFunction> = {}) {
  const context = testContext();
  const lambda = createLambda(context);
  lambda.createFunction(location, localFunction(handler, changes));
  const client = new LambdaClient(sdkClientSettings(lambda.service));
  const invoke = (payload: unknown, functionName = "grant-access", signal?: AbortSignal) =>
    lambda.invoke({ ...location, functionName, payload, ...(signal === undefined ? {} : { signal }) });
  return { context, lambda, client, invoke };
}

async function send(client: LambdaClient, input: Partial<InvokeCommandInput> = {}) {
  const answer = await client.send(new InvokeCommand({ FunctionName: "grant-access", ...input }));
  const text = Buffer.from(answer.Payload ?? []).toString();
  return { ...answer, Payload: text === "" ? undefined : JSON.parse(text) };
}

describe("invoke in process", () => {
  it("returns what the handler returns", async () => {
    const { invoke } = setUp(async (event) => ({ event }));

    expect(await invoke({ card: 1 })).toStrictEqual({
      kind: "returned",
      payload: { event: { card: 1 } },
      executedVersion: "$LATEST",
    });
  });

  it("hands over what JSON makes of any value, both ways", async () => {
    const { invoke } = setUp();

    await assertProperty(
      asyncProperty(jsonValue(), async (value) => {
        expect(await invoke(value)).toMatchObject({ payload: JSON.parse(JSON.stringify(value)) });
      }),
    );
  });

  it("turns dates and instances into JSON, drops undefined members, and takes nothing for {}", async () => {
    class Card {
      readonly name = "card";
      readonly draft = undefined;
    }
    const { invoke } = setUp(async (event) => ({ event, at: new Date(0), card: new Card() }));

    expect(await invoke({ at: new Date(0), none: undefined })).toMatchObject({
      payload: {
        event: { at: "1970-01-01T00:00:00.000Z" },
        at: "1970-01-01T00:00:00.000Z",
        card: { name: "card" },
      },
    });
    expect(await invoke(undefined)).toMatchObject({ payload: { event: {} } });
  });

  it("returns null for a handler that returns nothing", async () => {
    const { invoke } = setUp(async () => undefined);

    expect(await invoke({})).toMatchObject({ kind: "returned", payload: null });
  });

  it("gives two invocations no object to share", async () => {
    const shared = { steps: ["one"] };
    const { invoke } = setUp(async (event) => {
      Object.assign(Object(event), { changed: true });
      return shared;
    });
    const event = {};

    const first = await invoke(event);
    const second = await invoke(event);

    expect(event).toStrictEqual({});
    expect(first).toStrictEqual(second);
    expect(Object(first).payload).not.toBe(Object(second).payload);
  });

  it("fails with the error's name, message and trace", async () => {
    class ResourceNotReadyError extends Error {
      override readonly name = "ResourceNotReadyError";
    }
    const { invoke } = setUp(async () => {
      throw new ResourceNotReadyError("not yet");
    });

    const outcome = await invoke({});

    expect(outcome).toMatchObject({ kind: "failed", error: "ResourceNotReadyError" });
    const cause = JSON.parse(Object(outcome).cause);
    expect(Object.keys(cause)).toStrictEqual(["errorType", "errorMessage", "trace"]);
    expect(cause).toMatchObject({ errorType: "ResourceNotReadyError", errorMessage: "not yet" });
    expect(cause.trace[0]).toMatch(/: not yet$/);
  });

  it.each([
    ["a string", "no", { errorType: "string", errorMessage: "no", trace: [] }],
    ["undefined", undefined, { errorType: "undefined", errorMessage: "undefined", trace: [] }],
    [
      "an object without a prototype",
      Object.create(null),
      { errorType: "object", errorMessage: "[object Object]", trace: [] },
    ],
  ])("fails with the type of what was thrown when it is %s", async (_case, thrown, cause) => {
    const { invoke } = setUp(() => Promise.reject(thrown));

    expect(await invoke({})).toStrictEqual({
      kind: "failed",
      error: cause.errorType,
      cause: JSON.stringify(cause),
    });
  });

  it("fails alike when the handler throws before it returns a promise", async () => {
    const { invoke } = setUp(() => {
      throw new RangeError("at once");
    });

    expect(await invoke({})).toMatchObject({ kind: "failed", error: "RangeError" });
  });

  it.each([
    ["a BigInt", { amount: 1n }],
    ["a function", () => undefined],
  ])("fails when JSON cannot hold the result, %s", async (_case, result) => {
    const { invoke } = setUp(async () => result);

    expect(await invoke({})).toMatchObject({
      kind: "failed",
      error: "Runtime.JSONStringifyError",
      cause: expect.stringContaining("Unable to stringify response body"),
    });
  });

  it("fails when the result is larger than 6 MB", async () => {
    const { invoke } = setUp(async () => "x".repeat(6 * 1024 * 1024 + 99));

    expect(await invoke({})).toStrictEqual({
      kind: "failed",
      error: "Function.ResponseSizeTooLarge",
      cause: JSON.stringify({
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
      }),
    });
  });

  it("fails when the payload is larger than 6 MB", async () => {
    const { invoke } = setUp();

    expect(await invoke("x".repeat(6 * 1024 * 1024))).toMatchObject({
      kind: "failed",
      error: "Lambda.RequestTooLargeException",
      cause: expect.stringContaining(
        "6291458 byte payload is too large for the RequestResponse invocation type",
      ),
    });
  });

  it("fails in AWS's words when there is no such function", async () => {
    const { invoke } = setUp();

    expect(await invoke({}, "nobody")).toMatchObject({
      kind: "failed",
      error: "Lambda.ResourceNotFoundException",
      cause: expect.stringMatching(
        /^Function not found: arn:aws:lambda:eu-central-1:111111111111:function:nobody \(Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: [0-9a-f-]{36}; Proxy: null\)$/,
      ),
    });
  });

  it.each([
    "grant-access",
    "grant-access:$LATEST",
    "function:grant-access",
    "111111111111:function:grant-access",
    arn,
    `${arn}:$LATEST`,
  ])("finds the function as %s", async (name) => {
    const { invoke } = setUp();

    expect(await invoke({}, name)).toMatchObject({ kind: "returned" });
  });

  it.each([`${arn}:1`, arn.replace("111111111111", "222222222222"), arn.replace("central", "west")])(
    "does not find the function as %s",
    async (name) => {
      const { invoke } = setUp();

      expect(await invoke({}, name)).toMatchObject({ error: "Lambda.ResourceNotFoundException" });
    },
  );

  it("times out on the clock, in AWS's words", async () => {
    const { context, invoke } = setUp(() => new Promise(() => undefined));

    const pending = invoke({});
    await context.clock.advance(3000);

    const outcome = await pending;
    expect(outcome).toMatchObject({ kind: "failed", error: "Sandbox.Timedout" });
    expect(JSON.parse(Object(outcome).cause)).toStrictEqual({
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(
        /^RequestId: [0-9a-f-]{36} Error: Task timed out after 3\.00 seconds$/,
      ),
    });
  });

  it("does not time out a handler that ends in time, and logs one that ends too late", async () => {
    const ends: (() => void)[] = [];
    const { context, invoke } = setUp(() => new Promise((resolve) => ends.push(() => resolve("done"))));

    const inTime = invoke({});
    await context.clock.advance(2999);
    ends[0]?.();
    const inTimeOutcome = await inTime;
    const tooLate = invoke({});
    await context.clock.advance(3000);
    ends[1]?.();
    await context.clock.advance(0);

    expect(inTimeOutcome).toMatchObject({ kind: "returned", payload: "done" });
    expect(await tooLate).toMatchObject({ error: "Sandbox.Timedout" });
    expect(context.lines).toStrictEqual([
      "lambda: grant-access went on after its time-out and has now ended",
    ]);
  });

  it("rejects with the signal's reason when it is aborted, before or meanwhile", async () => {
    let runs = 0;
    const { invoke } = setUp(() => {
      runs += 1;
      return new Promise(() => undefined);
    });
    const controller = new AbortController();

    const pending = invoke({}, "grant-access", controller.signal);
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(new Error("stopped"));

    await expect(pending).rejects.toThrow("stopped");
    await expect(invoke({}, "grant-access", controller.signal)).rejects.toThrow("stopped");
    expect(runs).toBe(1);
  });

  it("gives the handler the context of the Node.js runtime", async () => {
    const contexts: LambdaContext[] = [];
    const { context, invoke } = setUp(async (_event, handlerContext) => {
      contexts.push(handlerContext);
      const before = handlerContext.getRemainingTimeInMillis();
      await context.clock.advance(1000);
      return [before, handlerContext.getRemainingTimeInMillis()];
    });

    const outcome = await invoke({});
    await invoke({});

    expect(outcome).toMatchObject({ payload: [3000, 2000] });
    expect(contexts[0]).toMatchObject({
      functionName: "grant-access",
      functionVersion: "$LATEST",
      invokedFunctionArn: arn,
      memoryLimitInMB: "256",
      logGroupName: "/aws/lambda/grant-access",
      logStreamName: expect.stringMatching(/^2026\/01\/01\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    expect(contexts[1]?.awsRequestId).not.toBe(contexts[0]?.awsRequestId);
    expect(contexts[1]?.logStreamName).toBe(contexts[0]?.logStreamName);
  });
});

/** A function with two places, whose runs end when a test lets them. */
function setUpBusy() {
  const ends: (() => void)[] = [];
  const handler: Handler = async (event) => {
    await new Promise<void>((resolve) => ends.push(resolve));
    return event;
  };
  return { ends, ...setUp(handler, { reservedConcurrency: 2, timeoutSeconds: 60 }) };
}

describe("reserved concurrency", () => {
  it("refuses who is one too many, until one ends", async () => {
    const { context, invoke, ends } = setUpBusy();
    const first = invoke(1);
    const second = invoke(2);
    await context.clock.advance(0);

    expect(await invoke(3)).toMatchObject({
      kind: "failed",
      error: "Lambda.TooManyRequestsException",
      cause: expect.stringContaining("Status Code: 429"),
    });
    ends[0]?.();
    expect(await first).toMatchObject({ payload: 1 });
    const third = invoke(4);
    await context.clock.advance(0);
    for (const end of ends) end();

    expect(await Promise.all([second, third])).toMatchObject([{ payload: 2 }, { payload: 4 }]);
  });

  it("is free again where a run has timed out", async () => {
    const { context, invoke } = setUpBusy();
    const runs = [invoke(1), invoke(2)];
    await context.clock.advance(60_000);
    expect(await Promise.all(runs)).toMatchObject([
      { error: "Sandbox.Timedout" },
      { error: "Sandbox.Timedout" },
    ]);

    const third = invoke(3);
    await context.clock.advance(60_000);

    expect(await third).toMatchObject({ error: "Sandbox.Timedout" });
  });

  it("answers Invoke with TooManyRequestsException", async () => {
    const { context, client, invoke, ends } = setUpBusy();
    const runs = [invoke(1), invoke(2)];
    await context.clock.advance(0);

    await expect(send(client)).rejects.toMatchObject({ name: "TooManyRequestsException" });

    for (const end of ends) end();
    await Promise.all(runs);
  });

  it("lets an asynchronous event wait, for six hours at most", async () => {
    const { context, client, invoke, ends } = setUpBusy();
    const runs = [invoke(1), invoke(2)];
    await context.clock.advance(0);
    await send(client, { InvocationType: "Event", Payload: "{}" });
    await context.clock.advance(30_000);
    expect(ends).toHaveLength(2);
    for (const end of ends) end();
    await Promise.all(runs);

    await context.clock.advance(60_000);

    expect(ends).toHaveLength(3);
  });
});

describe("the cold start", () => {
  it("happens once, also for invocations at the same time", async () => {
    let loads = 0;
    const { invoke } = setUp(undefined, {
      load: async () => {
        loads += 1;
        return async () => "done";
      },
    });

    await Promise.all([invoke({}), invoke({}), invoke({})]);
    await invoke({});

    expect(loads).toBe(1);
  });

  it("is tried again at the next invocation after it failed", async () => {
    let loads = 0;
    const { context, invoke } = setUp(undefined, {
      load: async () => {
        loads += 1;
        if (loads === 1) throw new TypeError("bad environment");
        return async () => "done";
      },
    });

    expect(await invoke({})).toMatchObject({
      error: "TypeError",
      cause: expect.stringContaining("bad environment"),
    });
    expect(await invoke({})).toMatchObject({ kind: "returned", payload: "done" });
    expect(context.lines).toStrictEqual(["lambda: grant-access could not be loaded: TypeError"]);
  });

  it.each([
    [
      Object.assign(new Error("Cannot find module 'x'"), { code: "ERR_MODULE_NOT_FOUND" }),
      "Runtime.ImportModuleError",
    ],
    [new SyntaxError("Unexpected token"), "Runtime.UserCodeSyntaxError"],
  ])("reports %s as %s", async (error, type) => {
    const { invoke } = setUp(undefined, {
      load: async () => {
        throw error;
      },
    });

    const outcome = await invoke({});

    expect(outcome).toMatchObject({ error: type });
    expect(JSON.parse(Object(outcome).cause)).toMatchObject({ errorMessage: String(error) });
  });
});

describe("Invoke", () => {
  it("answers with the handler's result", async () => {
    const { client } = setUp(async (event) => ({ event }));

    const answer = await send(client, { Payload: JSON.stringify({ card: "ä" }) });

    expect(answer).toMatchObject({
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: { event: { card: "ä" } },
    });
    expect(answer.FunctionError).toBeUndefined();
    expect(answer.LogResult).toBeUndefined();
  });

  it("answers 200 with FunctionError when the handler fails", async () => {
    const { client } = setUp(() => Promise.reject(new RangeError("too far")));

    expect(await send(client)).toMatchObject({
      StatusCode: 200,
      FunctionError: "Unhandled",
      ExecutedVersion: "$LATEST",
      Payload: { errorType: "RangeError", errorMessage: "too far" },
    });
  });

  it("adds the tail of the log on demand", async () => {
    const { client } = setUp();

    const { LogResult } = await send(client, { LogType: "Tail" });

    expect(Buffer.from(LogResult ?? "", "base64").toString()).toMatch(
      /^START RequestId: .+ Version: \$LATEST\nEND/,
    );
  });

  it("only checks when asked for a dry run", async () => {
    let runs = 0;
    const { client } = setUp(async () => (runs += 1));

    expect(await send(client, { InvocationType: "DryRun" })).toMatchObject({ StatusCode: 204 });
    expect(runs).toBe(0);
  });

  it("runs an event in the background, three times while it fails", async () => {
    const ids: string[] = [];
    const { context, client } = setUp((_event, { awsRequestId }) => {
      ids.push(awsRequestId);
      return Promise.reject(new Error("no"));
    });

    const answer = await send(client, { InvocationType: "Event", Payload: "{}" });
    await context.clock.advance(59_999);
    const before = ids.length;
    await context.clock.advance(1);
    const afterOneMinute = ids.length;
    await context.clock.advance(120_000);
    await context.clock.advance(24 * 60 * 60 * 1000);

    expect(answer.StatusCode).toBe(202);
    expect([before, afterOneMinute, ids.length]).toStrictEqual([1, 2, 3]);
    expect(new Set(ids).size).toBe(1);
    expect(context.lines).toStrictEqual([
      "lambda: grant-access failed three times with Error; its asynchronous event is dropped",
    ]);
  });

  it("asks for lambda:InvokeFunction on the function's ARN", async () => {
    const { lambda } = setUp();
    const asked: Permission[] = [];
    const client = new LambdaClient(
      sdkClientSettings(lambda.service, {
        authorize: (permissions) => {
          asked.push(...permissions);
          return "not authorized";
        },
      }),
    );

    await expect(send(client)).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(asked).toMatchObject([{ action: "lambda:InvokeFunction", resource: arn }]);
  });

  it.each([
    [{ FunctionName: "nobody" }, "ResourceNotFoundException", 404],
    [{ Qualifier: "7" }, "ResourceNotFoundException", 404],
    [{ FunctionName: "grant-access:1", Qualifier: "2" }, "InvalidParameterValueException", 400],
    [{ Payload: "{" }, "InvalidRequestContentException", 400],
    [{ Payload: "[".repeat(100_000) + "]".repeat(100_000) }, "InvalidRequestContentException", 400],
    [{ Payload: JSON.stringify("x".repeat(6 * 1024 * 1024)) }, "RequestTooLargeException", 413],
    [
      { Payload: JSON.stringify("x".repeat(1024 * 1024)), InvocationType: "Event" },
      "RequestTooLargeException",
      413,
    ],
    [{ ClientContext: "e30=" }, "ValidationException", 400],
  ] satisfies [Partial<InvokeCommandInput>, string, number][])(
    "refuses case %#",
    async (input, name, status) => {
      const { client } = setUp();

      await expect(send(client, input)).rejects.toMatchObject({
        name,
        $metadata: { httpStatusCode: status },
      });
    },
  );
});

describe("functions", () => {
  it("are shown with their own variables and without reserved ones", async () => {
    const { client } = setUp(undefined, {
      environment: {
        APPROVAL_TABLE: "approvals",
        AWS_SECRET_ACCESS_KEY: "secret",
        AWS_ENDPOINT_URL: "http://localhost",
        _HANDLER: "x",
      },
    });

    const answer = await client.send(new GetFunctionConfigurationCommand({ FunctionName: "grant-access" }));

    expect(answer).toMatchObject({
      FunctionName: "grant-access",
      FunctionArn: arn,
      Runtime: "nodejs24.x",
      Role: "arn:aws:iam::111111111111:role/grant-access",
      Handler: "functions/grant-access/handler.handler",
      Timeout: 3,
      MemorySize: 256,
      LastModified: "2026-01-01T00:00:00.000+0000",
      State: "Active",
      LastUpdateStatus: "Successful",
    });
    expect(answer.Environment).toStrictEqual({ Variables: { APPROVAL_TABLE: "approvals" } });
  });

  it("are shown with where their code is", async () => {
    const { client } = setUp();

    const { Configuration, Code } = await client.send(new GetFunctionCommand({ FunctionName: arn }));

    expect(Configuration?.FunctionName).toBe("grant-access");
    expect(Code).toStrictEqual({
      RepositoryType: "local",
      Location: "functions/grant-access/handler.handler",
    });
  });

  it("are listed page by page, only those of the account and Region", async () => {
    const { lambda, client } = setUp();
    const add = (functionName: string, region = location.region) =>
      lambda.createFunction(
        { ...location, region },
        localFunction(async () => undefined, { functionName }),
      );
    add("sweep");
    add("a-first");
    add("elsewhere", "us-east-1");

    const first = await client.send(new ListFunctionsCommand({ MaxItems: 2 }));
    const second = await client.send(new ListFunctionsCommand({ Marker: first.NextMarker }));

    expect(first.Functions?.map(({ FunctionName }) => FunctionName)).toStrictEqual([
      "a-first",
      "grant-access",
    ]);
    expect(second.Functions?.map(({ FunctionName }) => FunctionName)).toStrictEqual(["sweep"]);
    expect(second.NextMarker).toBeUndefined();
  });

  it("cannot be created twice", () => {
    const { lambda } = setUp();

    expect(() =>
      lambda.createFunction(
        location,
        localFunction(async () => undefined),
      ),
    ).toThrow("Function already exist: grant-access");
  });
});
