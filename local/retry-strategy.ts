import type { SageMakerClientConfig } from "@aws-sdk/client-sagemaker";
import type { LocalContext } from "./context.ts";

type RetryStrategy = Exclude<
  NonNullable<SageMakerClientConfig["retryStrategy"]>,
  { mode?: string; retry: unknown }
>;
type RetryToken = Awaited<ReturnType<RetryStrategy["acquireInitialRetryToken"]>>;

/** Tries of a call in all, and the longest waits before the second, in milliseconds: what SDK clients have by default. */
const maxAttempts = 3;
const firstDelayMs = { THROTTLING: 500, TRANSIENT: 100 };
const longestDelayMs = 20_000;

/**
 * The SDK's standard retries, on the clock and randomness of `local/`: its own wait on the machine's time, from which virtual
 * time runs away. Without its quota, which ends retries of a client that only fails: there are rather more calls this way.
 *
 * @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
 */
export function createRetryStrategy({
  clock,
  random,
}: Pick<LocalContext, "clock" | "random">): RetryStrategy {
  return {
    acquireInitialRetryToken: () => Promise.resolve(tokenAfter(0)),
    async refreshRetryTokenForRetry(token, { errorType }) {
      const retries = token.getRetryCount();
      const isTransient = errorType === "THROTTLING" || errorType === "TRANSIENT";
      if (!isTransient || retries + 1 >= maxAttempts) throw notTriedAgain();
      const delayMs = Math.min(longestDelayMs, firstDelayMs[errorType] * 2 ** retries);
      await new Promise<void>((resolve) => {
        clock.after(random() * delayMs, resolve);
      });
      return tokenAfter(retries + 1);
    },
    recordSuccess() {},
  };
}

/** Every call is tried once: for the simulation, whose faults are those that outlast the SDK's retries. */
export const noRetries: RetryStrategy = {
  acquireInitialRetryToken: () => Promise.resolve(tokenAfter(0)),
  refreshRetryTokenForRetry: () => Promise.reject(notTriedAgain()),
  recordSuccess() {},
};

/** Ends a call: the SDK then throws what went wrong with it, and this is seen by nobody. */
function notTriedAgain(): Error {
  return new Error("The call is not tried again.");
}

/** A token that asks for no further wait. */
function tokenAfter(retries: number): RetryToken {
  return { getRetryCount: () => retries, getRetryDelay: () => 0 };
}
