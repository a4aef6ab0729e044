import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import { restJsonService } from "../wire/rest-json.ts";
import type { Service } from "../wire/service.ts";
import { FunctionRegistry } from "./function-registry.ts";
import { functionRoutes } from "./function-routes.ts";
import { invokeRoute } from "./invoke-route.ts";
import { createAsynchronousInvocations, invokeSynchronously, requirePayloadSize } from "./invocation.ts";
import type { FunctionLocation, LambdaOutcome, LocalFunction } from "./local-function.ts";

export interface Lambda {
  service: Service;
  /** Takes up the asynchronous invocations that an earlier process has left, once the functions are there. */
  resume(): void;
  /** @throws {AwsError} `ResourceConflictException` where the name is taken. */
  createFunction(location: FunctionLocation, definition: LocalFunction): { functionArn: string };
  /**
   * Invokes a function in process and waits for its end. It rejects only when `signal` is aborted, with the signal's
   * reason; the handler then goes on unwatched, as it does in AWS when the caller hangs up.
   *
   * @param request.functionName - Name, partial ARN or ARN.
   * @param request.payload - Becomes what JSON makes of it; `undefined` becomes `{}`.
   */
  invoke(
    request: FunctionLocation & { functionName: string; payload: unknown; signal?: AbortSignal },
  ): Promise<LambdaOutcome>;
}

/**
 * AWS Lambda for the real handlers, in process.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
 */
export function createLambda(context: LocalContext): Lambda {
  const registry = new FunctionRegistry(context);
  const asynchronous = createAsynchronousInvocations(context, registry);

  async function outcome(request: Parameters<Lambda["invoke"]>[0]): Promise<LambdaOutcome> {
    try {
      const sandbox = registry.find(request.functionName, request);
      const payload = JSON.stringify(request.payload) ?? "{}";
      requirePayloadSize(payload, "RequestResponse");
      const run = await invokeSynchronously(context, sandbox, payload);
      if ("payload" in run) {
        return { kind: "returned", payload: JSON.parse(run.payload), executedVersion: "$LATEST" };
      }
      return {
        kind: "failed",
        error: run.functionError.errorType,
        cause: JSON.stringify(run.functionError),
      };
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      const { code, message, status } = error;
      const cause = `${message} (Service: AWSLambda; Status Code: ${status}; Error Code: ${code}; Request ID: ${context.newId()}; Proxy: null)`;
      return { kind: "failed", error: `Lambda.${code}`, cause };
    }
  }

  return {
    service: restJsonService({
      signingName: "lambda",
      validationErrorCode: "ValidationException",
      routes: [...functionRoutes(registry), invokeRoute(context, registry, asynchronous)],
    }),
    resume: () => asynchronous.resume(),
    createFunction: (location, definition) => ({
      functionArn: registry.create(location, definition).functionArn,
    }),
    async invoke(request) {
      request.signal?.throwIfAborted();
      return untilAborted(outcome(request), request.signal);
    },
  };
}

/** What `promise` settles with, unless `signal` is aborted first. */
async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
