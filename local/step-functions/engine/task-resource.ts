/** Where a task is called from. */
export interface TaskCaller {
  accountId: string;
  region: string;
  /** The state machine's role, whose permissions count. */
  roleArn: string;
  /** The execution's name, which is the session name in AWS's texts. */
  sessionName: string;
  /** Aborted when the task times out or its execution ends. */
  signal: AbortSignal;
}

export type TaskOutcome =
  { kind: "returned"; output: unknown } | { kind: "failed"; error: string; cause: string };

/** One integration that a Task state can name, for example `arn:aws:states:::lambda:invoke`. */
export interface TaskResource {
  /** As the history names it, for example `lambda`. */
  resourceType: string;
  /** As the history names it, for example `invoke.waitForTaskToken`. */
  resource: string;
  /** The task ends with a callback, not with the call's return. */
  waitsForTaskToken: boolean;
  /** What is wrong with the `Arguments` of a definition, in sentences. Expressions in it are not evaluated yet. */
  checkArguments(taskArguments: unknown): string[];
  /** @throws {RuntimeFailure} the evaluated arguments cannot be used. */
  call(taskArguments: unknown, caller: TaskCaller): Promise<TaskOutcome>;
}
