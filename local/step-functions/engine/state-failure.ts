/** Names of the errors that the engine itself raises. */
export const StatesError = {
  all: "States.ALL",
  dataLimitExceeded: "States.DataLimitExceeded",
  heartbeatTimeout: "States.HeartbeatTimeout",
  queryEvaluationError: "States.QueryEvaluationError",
  runtime: "States.Runtime",
  taskFailed: "States.TaskFailed",
  timeout: "States.Timeout",
} as const;

/**
 * A state failed: what `Retry` and `Catch` match on, and what becomes the execution's error and cause.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
 */
export class StateFailure extends Error {
  override readonly name: string = "StateFailure";
  readonly errorName: string | undefined;
  /** Written `causeText` because `cause` of an `Error` is another error. */
  readonly causeText: string | undefined;
  /** The task missed a heartbeat: the error is `States.Timeout`, and `States.HeartbeatTimeout` matches too. */
  readonly missedHeartbeat: boolean;

  constructor(
    errorName: string | undefined,
    causeText: string | undefined,
    { missedHeartbeat = false }: { missedHeartbeat?: boolean } = {},
  ) {
    super(errorName);
    this.errorName = errorName;
    this.causeText = causeText;
    this.missedHeartbeat = missedHeartbeat;
  }
}

/** The engine itself could not go on; the cause still lacks the sentence that names the state. */
export class RuntimeFailure extends StateFailure {
  override readonly name = "RuntimeFailure";

  constructor(causeText: string) {
    super(StatesError.runtime, causeText);
  }
}

/** An expression failed; the cause still lacks the sentence that names the state. */
export class QueryEvaluationError extends StateFailure {
  override readonly name = "QueryEvaluationError";
  /** The field in its state, for example `Output/card`. */
  readonly location: string;

  constructor(location: string, causeText: string) {
    super(StatesError.queryEvaluationError, causeText);
    this.location = location;
  }
}

/** Thrown to leave code that runs on after its execution, branch or iteration was ended from outside. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
}

/**
 * Whether an `ErrorEquals` list matches a failure.
 *
 * `States.Runtime` is never matched, and `States.DataLimitExceeded` only by its name: AWS documents both as out of reach
 * of `States.ALL`.
 */
export function matchesError(errorEquals: readonly string[], failure: StateFailure): boolean {
  const { errorName, missedHeartbeat } = failure;
  if (errorName === StatesError.runtime) return false;
  return errorEquals.some((pattern) => {
    if (pattern === errorName) return true;
    switch (pattern) {
      case StatesError.all:
        return errorName !== StatesError.dataLimitExceeded;
      case StatesError.taskFailed:
        return errorName !== StatesError.dataLimitExceeded && errorName !== StatesError.timeout;
      case StatesError.heartbeatTimeout:
        return missedHeartbeat;
      default:
        return false;
    }
  });
}
