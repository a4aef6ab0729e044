import type { LocalContext } from "../context.ts";
import { lambdaError } from "./function-name.ts";
import type { Run, Sandbox } from "./sandbox.ts";

export const maxSynchronousPayloadBytes = 6 * 1024 * 1024;
const maxAsynchronousPayloadBytes = 1024 * 1024;

/** Waits before the second and the third attempt of an asynchronous invocation. */
const retryDelaysMs = [60_000, 120_000];

/** @throws {AwsError} `RequestTooLargeException`. */
export function requirePayloadSize(payload: string, invocationType: string): void {
  const size = Buffer.byteLength(payload);
  const limit = invocationType === "Event" ? maxAsynchronousPayloadBytes : maxSynchronousPayloadBytes;
  if (size <= limit) return;
  throw lambdaError(
    "RequestTooLargeException",
    `${size} byte payload is too large for the ${invocationType} invocation type (limit ${limit} bytes)`,
    413,
  );
}

/** Runs the handler and waits for its end. */
export async function invokeSynchronously(
  context: LocalContext,
  sandbox: Sandbox,
  payload: string,
): Promise<Run & { requestId: string }> {
  const requestId = context.newId();
  return { ...(await sandbox.run(payload, requestId)), requestId };
}

/**
 * Runs the handler in the background, up to three times while it fails. There is no dead-letter queue: an event that
 * failed three times is gone, and the log says so.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function invokeAsynchronously(context: LocalContext, sandbox: Sandbox, payload: string): void {
  const requestId = context.newId();
  async function attempt(number: number): Promise<void> {
    const run = await sandbox.run(payload, requestId);
    if ("payload" in run) return;
    const delayMs = retryDelaysMs[number];
    if (delayMs === undefined) {
      const { functionName } = sandbox.definition;
      context.log(
        `lambda: ${functionName} failed three times with ${run.functionError.errorType}; its asynchronous event is dropped`,
      );
      return;
    }
    context.clock.after(delayMs, () => void attempt(number + 1));
  }
  void attempt(0);
}
