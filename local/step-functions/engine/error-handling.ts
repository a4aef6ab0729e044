import { toJson } from "../json.ts";
import type { StateVisit, Transition } from "./state-visit.ts";
import { matchesError, type StateFailure, StatesError } from "./state-failure.ts";
import type { MapState, ParallelState, Retrier, TaskState } from "./workflow.ts";

/**
 * Runs a state under its `Retry` and `Catch`.
 *
 * @param attempt - One try, from the arguments to the exit.
 * @throws {StateFailure} neither retried any more nor caught.
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export async function withErrorHandling(
  visit: StateVisit<TaskState | ParallelState | MapState>,
  attempt: () => Promise<Transition>,
): Promise<Transition> {
  const { retriers } = visit.state;
  await visit.resumePause();
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const failure = visit.recordFailure(error);
      const retrier = retriers.find(({ errorEquals }) => matchesError(errorEquals, failure));
      const retriesOf = (other: Retrier): number => visit.progress.retries[retriers.indexOf(other)] ?? 0;
      const retries = retrier === undefined ? 0 : retriesOf(retrier);
      if (retrier === undefined || retries >= retrier.maxAttempts) return catchFailure(visit, failure);
      await visit.pause(
        retryDelayMs(retrier, retries, visit.scope.control.engine.context.random),
        retriers.map((other) => retriesOf(other) + Number(other === retrier)),
      );
    }
  }
}

/** @param retries - How often this retrier has retried before. */
export function retryDelayMs(retrier: Retrier, retries: number, random: () => number): number {
  const growing = retrier.intervalSeconds * retrier.backoffRate ** retries;
  const delayMs = Math.min(growing, retrier.maxDelaySeconds) * 1000;
  return retrier.jitter ? random() * delayMs : delayMs;
}

async function catchFailure(
  visit: StateVisit<TaskState | ParallelState | MapState>,
  failure: StateFailure,
): Promise<Transition> {
  const { scope, state } = visit;
  const failedEventId = scope.lastEventId;
  recordStateFailed(visit, failure);
  const catcher = state.catchers.find(({ errorEquals }) => matchesError(errorEquals, failure));
  if (catcher === undefined) throw failure;
  const errorOutput = { Error: failure.errorName ?? "", Cause: failure.causeText ?? "" };
  try {
    return await visit.leave(catcher, { errorOutput }, toJson(errorOutput), catcher.next);
  } catch (error) {
    // AWS records the catcher's own failure from where the state stood before its failed event, and fails it again.
    const second = visit.recordFailure(error, failedEventId);
    recordStateFailed(visit, second);
    throw second;
  }
}

/** A Parallel or a Map state that fails has an event of its own; a task's failure is its last event. */
function recordStateFailed({ scope, state }: StateVisit, failure: StateFailure): void {
  if (failure.errorName === StatesError.runtime) return;
  if (state.type === "Parallel" || state.type === "Map") scope.emit(`${state.type}StateFailed`);
}
