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

/** Events that find their function busy are kept for six hours, and tried at first after a second, at last every five minutes. */
const busyEventAgeMs = 6 * 3_600_000;
const longestBusyDelayMs = 300_000;

/**
 * Runs the handler and waits for its end.
 *
 * @throws {AwsError} `TooManyRequestsException` where as many run as may at once.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
export async function invokeSynchronously(
  context: LocalContext,
  sandbox: Sandbox,
  payload: string,
): Promise<Run & { requestId: string }> {
  if (sandbox.isBusy) throw lambdaError("TooManyRequestsException", "Rate Exceeded.", 429);
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
  const { functionName } = sandbox.definition;
  const acceptedMs = context.clock.now().getTime();
  async function attempt(number: number, busyDelayMs = 1_000): Promise<void> {
    if (sandbox.isBusy) {
      if (context.clock.now().getTime() - acceptedMs > busyEventAgeMs) {
        context.log(`lambda: ${functionName} was busy for six hours; its asynchronous event is dropped`);
        return;
      }
      const nextDelayMs = Math.min(busyDelayMs * 2, longestBusyDelayMs);
      context.clock.after(busyDelayMs, () => void attempt(number, nextDelayMs));
      return;
    }
    const run = await sandbox.run(payload, requestId);
    if ("payload" in run) return;
    const delayMs = retryDelaysMs[number];
    if (delayMs === undefined) {
      context.log(
        `lambda: ${functionName} failed three times with ${run.functionError.errorType}; its asynchronous event is dropped`,
      );
      return;
    }
    context.clock.after(delayMs, () => void attempt(number + 1));
  }
  void attempt(0);
}
