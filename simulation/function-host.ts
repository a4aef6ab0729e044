import { AsyncLocalStorage } from "node:async_hooks";
import * as z from "zod";
import { AwsUnavailableError } from "../functions/errors.ts";
import type { Settings } from "../functions/lifecycle/settings.ts";
import type { Table } from "../functions/records/table.ts";
import type { LambdaHandler, StartedHandler } from "../functions/runtime/lambda-handler.ts";
import type { Runtime } from "../functions/runtime/runtime.ts";
import type { Clock } from "../local/clock.ts";
import type { LocalCloud } from "../local/cloud.ts";
import { noRetries } from "../local/retry-strategy.ts";
import { functions } from "../stacks/definitions/functions.ts";

const HandlerModuleSchema = z.object({
  handler: z.custom<LambdaHandler>((value) => typeof value === "function" && "start" in value),
});

function folderOf(handlerPath: string): string {
  return handlerPath.split("/")[1] ?? "";
}

type RequestHandler = LocalCloud["requestHandler"];
export type SdkRequest = Parameters<RequestHandler["handle"]>[0];
export type SdkAnswer = Awaited<ReturnType<RequestHandler["handle"]>>;

/** A call of AWS that has not been carried out yet. */
export interface Call<Answer> {
  run: () => Promise<Answer>;
  /** The answer of AWS that refuses for now; throws where there is no answer. */
  refused: (why: "throttled" | "unavailable") => Answer;
}

/** One schedule, as the functions see it: AWS, time, and what goes wrong. */
export interface FunctionWorld {
  clock: Clock;
  table: Table;
  settings: Settings;
  now(folder: string): Date;
  wait(ms: number): Promise<void>;
  /** The credentials of a function's own role. */
  credentialsOf(folder: string): { accessKeyId: string; sessionToken: string };
  /** Carries a call of a function out, or lets it go wrong. */
  call<Answer>(folder: string, operation: string, call: Call<Answer>): Promise<Answer>;
  /** Hears of the end of a function, once it is not overdue. */
  ended(folder: string, event: unknown, beganMs: number, error?: Error): void;
  /** Hands a request to AWS. */
  handle(by: string, request: SdkRequest): Promise<SdkAnswer>;
}

/**
 * The real functions, started once for many schedules: building their SDK clients costs more than a schedule. Whatever they do
 * goes to the schedule that is running.
 */
export class FunctionHost {
  world: FunctionWorld | undefined;
  private readonly handlers: ReadonlyMap<string, LambdaHandler>;
  private readonly started = new Map<Settings, Map<string, StartedHandler>>();
  private readonly invocations = new AsyncLocalStorage<{ endMs: number }>();

  private constructor(handlers: ReadonlyMap<string, LambdaHandler>) {
    this.handlers = handlers;
  }

  /** Loads the code of all functions: that takes real time, which virtual time would run away from. */
  static async load(): Promise<FunctionHost> {
    const handlers = new Map<string, LambdaHandler>();
    for (const { handlerPath } of functions) {
      const folder = folderOf(handlerPath);
      const module: unknown = await import(`../functions/${folder}/handler.ts`);
      handlers.set(folder, HandlerModuleSchema.parse(module).handler);
    }
    return new FunctionHost(handlers);
  }

  /** What a local cloud loads as a function's module. */
  moduleOf(handlerPath: string): { handler: LambdaHandler } {
    const folder = folderOf(handlerPath);
    const handler = this.handlers.get(folder);
    if (handler === undefined) throw new TypeError(`There is no ${handlerPath}`);
    const start: LambdaHandler["start"] =
      ({ environment }) =>
      (event, context) => {
        const world = this.running;
        const { settings, clock } = world;
        const bySettings = this.started.get(settings) ?? new Map<string, StartedHandler>();
        const started = bySettings.get(folder) ?? handler.start(this.runtime(folder, environment));
        this.started.set(settings, bySettings.set(folder, started));
        const beganMs = clock.now().getTime();
        const endMs = beganMs + context.getRemainingTimeInMillis();
        return this.invocations.run({ endMs }, async () => {
          try {
            const answer = await started(event, context);
            world.ended(folder, event, beganMs);
            return answer;
          } catch (error) {
            if (error instanceof Error) world.ended(folder, event, beganMs, error);
            throw error;
          }
        });
      };
    return { handler: Object.assign(handler.bind(undefined), { start }) };
  }

  /** Ends a function whose time is up: Lambda lets it go on no more. */
  endOverdue(): Promise<void> {
    const { endMs = Infinity } = this.invocations.getStore() ?? {};
    return this.running.clock.now().getTime() < endMs ? Promise.resolve() : new Promise(() => undefined);
  }

  /** What a function is started with. */
  runtime(folder: string, environment: Runtime["environment"]): Runtime {
    return {
      environment: { ...environment, AWS_ACCESS_KEY_ID: ownKey },
      settings: this.running.settings,
      now: () => this.running.now(folder),
      wait: (ms) => this.running.wait(ms),
      requestHandler: {
        metadata: { handlerProtocol: "direct" },
        handle: (request: SdkRequest) => this.request(folder, request),
        updateHttpClientConfig() {},
        httpHandlerConfigs: () => ({}),
        destroy() {},
      },
      sha256: NoHash,
      retryStrategy: noRetries,
      table: this.table(folder),
      trace: (client) => client,
    };
  }

  private get running(): FunctionWorld {
    if (this.world === undefined) throw new TypeError("No schedule is running");
    return this.world;
  }

  private request(folder: string, request: SdkRequest): Promise<SdkAnswer> {
    const world = this.running;
    return world.call(folder, operationOf(request), {
      run: () => world.handle(folder, this.signed(folder, request)),
      refused(why) {
        if (why === "throttled") return throttled(request);
        throw Object.assign(new Error("The connection broke"), { name: "TimeoutError" });
      },
    });
  }

  /** The clients outlive a schedule, and the credentials of a role do not. */
  private signed(folder: string, request: SdkRequest): SdkRequest {
    const { authorization = "", ...headers } = request.headers;
    if (!authorization.includes(ownKey)) return request;
    const { accessKeyId, sessionToken } = this.running.credentialsOf(folder);
    return {
      ...request,
      headers: {
        ...headers,
        authorization: authorization.replace(ownKey, accessKeyId),
        "x-amz-security-token": sessionToken,
      },
    };
  }

  private table(folder: string): Table {
    const call = <Answer>(operation: string, run: () => Promise<Answer>): Promise<Answer> =>
      this.running.call(folder, operation, {
        run,
        refused(why) {
          throw new AwsUnavailableError(`The table is ${why}. It is tried again.`);
        },
      });
    return {
      get: (key) => call("GetItem", () => this.running.table.get(key)),
      put: (key, data, expected, indexed) =>
        call("PutItem", () => this.running.table.put(key, data, expected, indexed)),
      putAll: (items) => call("TransactWriteItems", () => this.running.table.putAll(items)),
      digests: (after) => call("Scan", () => this.running.table.digests(after)),
      list: (pk, skPrefix) => call("Query", () => this.running.table.list(pk, skPrefix)),
    };
  }
}

/** Stands for the credentials of the function's own role. */
const ownKey = "OWN-ROLE";

/** Signatures are not checked, and hashing takes longer than anything else that a client does. */
export class NoHash {
  update(): void {}

  reset(): void {}

  async digest(): Promise<Uint8Array> {
    return new Uint8Array(32);
  }
}

/** For example `UpdateModelCard`, or `/associateresourceshare` where a service's address names the operation. */
export function operationOf({ headers, path, body }: SdkRequest): string {
  const target = headers["x-amz-target"]?.split(".").at(-1);
  if (target !== undefined) return target;
  return (path === "/" ? new URLSearchParams(textOf(body)).get("Action") : undefined) ?? path;
}

export function textOf(body: unknown): string {
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : "";
}

/** What a service answers that is asked too often. */
function throttled({ headers, body }: SdkRequest): SdkAnswer {
  const isQuery = headers["x-amz-target"] === undefined && textOf(body).includes("Action=");
  const text = isQuery
    ? "<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>"
    : JSON.stringify({ __type: "ThrottlingException", message: "Rate exceeded" });
  return {
    response: {
      statusCode: 429,
      headers: {
        "content-type": isQuery ? "text/xml" : "application/json",
        "x-amzn-errortype": "ThrottlingException",
      },
      body: new TextEncoder().encode(text),
    },
  };
}
