import type { LocalContext } from "../context.ts";
import { durableMap } from "../journal/durable-map.ts";
import { lambdaError } from "./function-name.ts";
import type { FunctionRegistry } from "./function-registry.ts";
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
const firstBusyDelayMs = 1_000;
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

/** An event that waits for its function, or is being worked on by it. Plain data. */
interface AsynchronousEvent {
  functionArn: string;
  /** JSON text. */
  payload: string;
  requestId: string;
  /** Failures so far. */
  failures: number;
  acceptedAt: Date;
  dueAt: Date;
}

/**
 * Runs handlers in the background, each up to three times while it fails. There is no dead-letter queue: an event that
 * failed three times is gone, and the log says so.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
 */
export function createAsynchronousInvocations(context: LocalContext, registry: FunctionRegistry) {
  const events = durableMap<AsynchronousEvent>(context, "lambda/events");
  const restored = [...events.values()];

  async function attempt(event: AsynchronousEvent, sandbox: Sandbox): Promise<void> {
    const now = context.clock.now().getTime();
    if (sandbox.isBusy) {
      const { functionName } = sandbox.definition;
      if (now - event.acceptedAt.getTime() > busyEventAgeMs) {
        context.log(`lambda: ${functionName} was busy for six hours; its asynchronous event is dropped`);
        events.delete(event.requestId);
        return;
      }
      // A second at first, and then about as long again as it has waited already.
      const waitedMs = now - event.dueAt.getTime();
      const delayMs = Math.min(Math.max(firstBusyDelayMs, waitedMs), longestBusyDelayMs);
      context.clock.after(delayMs, () => void attempt(event, sandbox));
      return;
    }
    const run = await sandbox.run(event.payload, event.requestId);
    const delayMs = retryDelaysMs[event.failures];
    if ("payload" in run || delayMs === undefined) {
      events.delete(event.requestId);
      if ("payload" in run) return;
      const { functionName } = sandbox.definition;
      context.log(
        `lambda: ${functionName} failed three times with ${run.functionError.errorType}; its asynchronous event is dropped`,
      );
      return;
    }
    event.failures += 1;
    event.dueAt = new Date(context.clock.now().getTime() + delayMs);
    events.touch(event.requestId);
    context.clock.after(delayMs, () => void attempt(event, sandbox));
  }

  return {
    start(sandbox: Sandbox, payload: string): void {
      const { functionArn } = sandbox;
      const requestId = context.newId();
      const acceptedAt = context.clock.now();
      const event = { functionArn, payload, requestId, failures: 0, acceptedAt, dueAt: acceptedAt };
      events.set(requestId, event);
      void attempt(event, sandbox);
    },

    /** Takes up the events that an earlier process has left. One whose handler was at work runs again. */
    resume(): void {
      for (const event of restored.splice(0)) {
        const sandbox = registry.findByArn(event.functionArn);
        if (sandbox === undefined) {
          context.log(`lambda: ${event.functionArn} is no more; its asynchronous event is dropped`);
          events.delete(event.requestId);
          continue;
        }
        const delayMs = event.dueAt.getTime() - context.clock.now().getTime();
        context.clock.after(Math.max(0, delayMs), () => void attempt(event, sandbox));
      }
    },
  };
}
