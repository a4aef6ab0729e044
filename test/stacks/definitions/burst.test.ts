import { describe, expect, it } from "vitest";
import * as z from "zod";
import { retryDelayMs } from "../../../local/step-functions/engine/error-handling.ts";
import { functionNameOf, functions } from "../../../stacks/definitions/functions.ts";
import { promotionWorkflow } from "../../../stacks/definitions/workflow.ts";

const RetrySchema = z.array(
  z.object({
    ErrorEquals: z.array(z.string()),
    IntervalSeconds: z.number(),
    BackoffRate: z.number(),
    MaxAttempts: z.number(),
    MaxDelaySeconds: z.number(),
    JitterStrategy: z.literal("FULL"),
  }),
);

const { States } = promotionWorkflow({
  modelCardAccountId: "111111111111",
  region: "us-east-1",
  approvalPageUrl: "https://approvals.example.com",
});

/** The retrier that a state meets a refusal of Lambda with, as the engine has it. */
function retrierOf(state: string) {
  const retry = RetrySchema.parse(States[state]?.["Retry"]).find(({ ErrorEquals }) =>
    ErrorEquals.includes("Lambda.TooManyRequestsException"),
  );
  return {
    errorEquals: retry?.ErrorEquals ?? [],
    intervalSeconds: retry?.IntervalSeconds ?? 0,
    backoffRate: retry?.BackoffRate ?? 0,
    maxAttempts: retry?.MaxAttempts ?? 0,
    maxDelaySeconds: retry?.MaxDelaySeconds ?? 0,
    jitter: true,
  };
}

/** How many of so many executions that come at once are refused for good, and when the last is through, in milliseconds. */
function burst(state: string, places: number, executions: number, runMs: number, random: () => number) {
  const retrier = retrierOf(state);
  const tries = Array.from({ length: executions }, () => ({ atMs: random() * 1_000, retries: 0 }));
  let running: number[] = [];
  let refused = 0;
  let lastMs = 0;
  for (;;) {
    // The one that comes next.
    const next = tries.reduce((first, other) => (other.atMs < first.atMs ? other : first), {
      atMs: Infinity,
      retries: 0,
    });
    if (next.atMs === Infinity) return { refused, lastMs };
    running = running.filter((endMs) => endMs > next.atMs);
    if (running.length < places) {
      running.push(next.atMs + runMs);
      lastMs = next.atMs + runMs;
      next.atMs = Infinity;
    } else if (next.retries >= retrier.maxAttempts) {
      refused += 1;
      next.atMs = Infinity;
    } else {
      next.atMs += retryDelayMs(retrier, next.retries, random);
      next.retries += 1;
    }
  }
}

/** Evenly spread numbers from 0 to 1, the same at every run. */
function evenly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe("a thousand cards that change in one moment", () => {
  it.each([
    { state: "RevokeAccess", folder: "revoke-access" },
    { state: "GrantAccess", folder: "grant-access" },
  ])("all get through $state, though only a few do at once", ({ state, folder }) => {
    const name = functionNameOf(folder);
    const places = functions.find(({ functionName }) => functionName === name)?.reservedConcurrency ?? 0;

    for (const seed of [1, 2, 3]) {
      const { refused, lastMs } = burst(state, places, 1_000, 2_000, evenly(seed));

      expect(refused).toBe(0);
      expect(lastMs).toBeLessThan(15 * 60_000);
    }
  });
});
