/** One try of a state's task. */
export interface TaskAttempt {
  /** ISO 8601 UTC, like all moments here. */
  startedAt: string;
  /** Since when it waits for its callback; absent for a task that ends with its call. */
  submittedAt?: string;
  endedAt?: string;
  outcome: "succeeded" | "failed" | "timed-out" | "aborted" | "running";
  error?: string;
  /** The message alone. */
  cause?: string;
}

/**
 * One stay in a state, over all its attempts. It ends when the state is left or the execution ends; a redrive that takes the
 * state up again begins another one.
 */
export interface StateVisit {
  /** Its place in the execution, from 1. */
  number: number;
  name: string;
  /** `Task`, `Choice`, `Succeed`, … */
  type: string;
  enteredAt: string;
  leftAt?: string;
  durationMs?: number;
  /** `caught`: the state failed, and the workflow went on as its `Catch` says. */
  outcome: "succeeded" | "failed" | "running" | "caught" | "aborted" | "timed-out";
  /** JSON text without task tokens, as the state was entered and left with; never what its task was called with. */
  input?: string;
  output?: string;
  attempts: TaskAttempt[];
  /** Whether the task was called and now waits for somebody to call back. */
  waitingForCallback: boolean;
  /** What failed last, if nothing was tried since; of a visit under way, what it will be tried again for. */
  error?: string;
  cause?: string;
  /** The redrive that began it, from 1; absent for a state that was entered by the workflow itself. */
  redrive?: number;
}
