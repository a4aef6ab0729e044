import type { LocalContext } from "../context.ts";
import { formatError, jsonStringifyError, loadError } from "./function-error.ts";
import type { FunctionError } from "./function-error.ts";
import type { LambdaContext, LocalFunction } from "./local-function.ts";

type Handler = (event: unknown, context: LambdaContext) => Promise<unknown>;

/** How one run of a handler ended: the JSON text that it returned, or its error. */
export type Run = { payload: string } | { functionError: FunctionError };

export const maxResponseBytes = 6 * 1024 * 1024 + 100;

/**
 * One function as its execution environment: loaded once, then run for every invocation. Unlike in AWS, several
 * invocations share it, and a handler that timed out cannot be stopped.
 */
export class Sandbox {
  readonly definition: LocalFunction;
  readonly functionArn: string;
  readonly createdAt: Date;
  readonly revisionId: string;
  private readonly context: LocalContext;
  private readonly logStreamName: string;
  private loading: Promise<Handler> | undefined;
  private running = 0;

  constructor(context: LocalContext, definition: LocalFunction, functionArn: string) {
    this.context = context;
    this.definition = definition;
    this.functionArn = functionArn;
    this.createdAt = context.clock.now();
    this.revisionId = context.newId();
    const day = this.createdAt.toISOString().slice(0, 10).replaceAll("-", "/");
    this.logStreamName = `${day}/[$LATEST]${context.newId().replaceAll("-", "")}`;
  }

  get logGroupName(): string {
    return `/aws/lambda/${this.definition.functionName}`;
  }

  /** Whether as many run as may at once. One that timed out does not count any more: AWS has ended it. */
  get isBusy(): boolean {
    const { reservedConcurrency } = this.definition;
    return reservedConcurrency !== undefined && this.running >= reservedConcurrency;
  }

  /** @param payload - JSON text, parsed for every run so that no two handlers share an object. */
  async run(payload: string, requestId: string): Promise<Run> {
    this.running += 1;
    try {
      return await this.runOnce(payload, requestId);
    } finally {
      this.running -= 1;
    }
  }

  private async runOnce(payload: string, requestId: string): Promise<Run> {
    let handler: Handler;
    try {
      handler = await this.load();
    } catch (error) {
      const functionError = loadError(error);
      this.context.log(
        `lambda: ${this.definition.functionName} could not be loaded: ${functionError.errorType}`,
      );
      return { functionError };
    }
    return this.runHandler(handler, payload, requestId);
  }

  private async load(): Promise<Handler> {
    this.loading ??= this.definition.load();
    try {
      return await this.loading;
    } catch (error) {
      this.loading = undefined;
      throw error;
    }
  }

  private runHandler(handler: Handler, payload: string, requestId: string): Promise<Run> {
    const { functionName, timeoutSeconds } = this.definition;
    const event: unknown = JSON.parse(payload);
    const context = this.handlerContext(requestId);
    return new Promise((resolve) => {
      let timedOut = false;
      const cancelTimeout = this.context.clock.after(timeoutSeconds * 1000, () => {
        timedOut = true;
        resolve({
          functionError: {
            errorType: "Sandbox.Timedout",
            errorMessage: `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`,
          },
        });
      });
      const finish = (run: Run) => {
        cancelTimeout();
        if (timedOut)
          this.context.log(`lambda: ${functionName} went on after its time-out and has now ended`);
        resolve(run);
      };
      // The handler starts in a `then`, so that one that throws at once ends like one that rejects.
      Promise.resolve()
        .then(() => handler(event, context))
        .then(
          (result) => finish(serialized(result)),
          (error: unknown) => finish({ functionError: formatError(error) }),
        );
    });
  }

  private handlerContext(awsRequestId: string): LambdaContext {
    const { clock } = this.context;
    const deadline = clock.now().getTime() + this.definition.timeoutSeconds * 1000;
    return {
      callbackWaitsForEmptyEventLoop: true,
      functionName: this.definition.functionName,
      functionVersion: "$LATEST",
      invokedFunctionArn: this.functionArn,
      memoryLimitInMB: String(this.definition.memoryMb),
      awsRequestId,
      logGroupName: this.logGroupName,
      logStreamName: this.logStreamName,
      getRemainingTimeInMillis: () => deadline - clock.now().getTime(),
      done: removedInNode24,
      fail: removedInNode24,
      succeed: removedInNode24,
    };
  }
}

function serialized(result: unknown): Run {
  let payload: string | undefined;
  try {
    payload = JSON.stringify(result === undefined ? null : result);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return { functionError: jsonStringifyError() };
  }
  if (payload === undefined) return { functionError: jsonStringifyError() };
  if (Buffer.byteLength(payload) > maxResponseBytes) {
    return {
      functionError: {
        errorType: "Function.ResponseSizeTooLarge",
        errorMessage: `Response payload size exceeded maximum allowed payload size (${maxResponseBytes} bytes).`,
      },
    };
  }
  return { payload };
}

function removedInNode24(): never {
  throw new TypeError("The Node.js 24 runtime has no callbacks; return a promise.");
}
