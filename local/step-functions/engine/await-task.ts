import { type Json, toJson } from "../json.ts";
import type { Scope } from "./scope.ts";
import type { TaskResource } from "./task-resource.ts";

export interface TaskRun {
  scope: Scope;
  resource: TaskResource;
  /** JSON text of the evaluated arguments. */
  parameters: string;
  /** Given where the task ends with a callback. */
  taskToken: string | undefined;
  timeoutSeconds: number | undefined;
  heartbeatSeconds: number | undefined;
  /** The call of a callback task has returned; the callback is still to come. */
  onSubmitted(output: Json): void;
}

export type TaskEnd =
  | { kind: "succeeded"; output: Json }
  | { kind: "failed"; error: string | undefined; cause: string | undefined }
  | { kind: "timed out"; missedHeartbeat: boolean };

/**
 * Calls a task and waits for the first of: its return, its callback, its failure, a time-out. What comes later is
 * ignored. Never returns once the scope is cancelled.
 */
export function awaitTask(run: TaskRun): Promise<TaskEnd> {
  const { scope, resource, taskToken } = run;
  const { record, engine } = scope.control;
  return new Promise((resolve, reject) => {
    const aborter = new AbortController();
    const undo: (() => void)[] = [];
    let cancelHeartbeat = (): void => {};
    let isOver = false;

    /** @returns whether this was the end; the task may have ended before. */
    const finish = (): boolean => {
      if (isOver) return false;
      isOver = true;
      cancelHeartbeat();
      for (const step of undo) step();
      return true;
    };
    const end = (outcome: TaskEnd): void => {
      if (finish()) resolve(outcome);
    };
    const giveUp = (missedHeartbeat: boolean): void => {
      end({ kind: "timed out", missedHeartbeat });
      aborter.abort();
    };
    const after = (seconds: number, task: () => void): (() => void) =>
      engine.context.clock.after(seconds * 1000, task);
    const awaitHeartbeat = (): void => {
      cancelHeartbeat();
      if (run.heartbeatSeconds !== undefined) {
        cancelHeartbeat = after(run.heartbeatSeconds, () => giveUp(true));
      }
    };

    undo.push(
      scope.onCancel(() => {
        finish();
        aborter.abort();
      }),
    );
    if (run.timeoutSeconds !== undefined) undo.push(after(run.timeoutSeconds, () => giveUp(false)));
    if (taskToken !== undefined) {
      undo.push(
        engine.tokens.open(taskToken, {
          succeed: (output) => end({ kind: "succeeded", output }),
          fail: (error, cause) => end({ kind: "failed", error, cause }),
          heartbeat: awaitHeartbeat,
        }),
      );
      awaitHeartbeat();
    }

    const call = async (): Promise<void> => {
      // Parsed from the text, so that the callee cannot change a value that the execution still uses.
      const taskArguments: unknown = JSON.parse(run.parameters);
      const outcome = await resource.call(taskArguments, {
        accountId: record.accountId,
        region: record.region,
        roleArn: record.revision.roleArn,
        sessionName: record.name,
        signal: aborter.signal,
      });
      if (isOver) return;
      if (outcome.kind === "failed") end(outcome);
      else if (taskToken === undefined) end({ kind: "succeeded", output: ownJson(outcome.output) });
      else run.onSubmitted(ownJson(outcome.output));
    };
    call().catch((error: unknown) => {
      if (finish()) reject(error);
    });
  });
}

/** A copy that the callee cannot change any more. */
function ownJson(value: unknown): Json {
  const { text } = toJson(value);
  return { value: JSON.parse(text), text };
}
