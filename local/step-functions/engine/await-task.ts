import { type Json, toJson } from "../json.ts";
import type { TaskAttempt } from "../records.ts";
import type { Scope } from "./scope.ts";
import type { TaskResource } from "./task-resource.ts";

export interface TaskRun {
  scope: Scope;
  resource: TaskResource;
  attempt: TaskAttempt;
  /** Whether the attempt began in an earlier process. */
  isResumed: boolean;
  /** The call of a callback task has returned; the callback is still to come. */
  onSubmitted(output: Json): void;
  onHeartbeat(): void;
}

export type TaskEnd =
  | { kind: "succeeded"; /** JSON text. */ output: string }
  | { kind: "failed"; error: string | undefined; cause: string | undefined }
  | { kind: "timed out"; missedHeartbeat: boolean };

/**
 * Calls a task and waits for the first of: its return, its callback, its failure, a time-out. What comes later is
 * ignored. Never returns once the scope is cancelled.
 */
export function awaitTask(run: TaskRun): Promise<TaskEnd> {
  const { scope, resource, attempt, isResumed } = run;
  const { taskToken } = attempt;
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
    const after = (seconds: number, sinceMs: number, task: () => void): (() => void) =>
      engine.context.clock.after(Math.max(0, seconds * 1000 - sinceMs), task);
    /** How long a callback has been waited for since a moment in an earlier process; a call is made, and timed, anew. */
    const elapsedMs = (since: Date): number =>
      isResumed && taskToken !== undefined ? engine.context.clock.now().getTime() - since.getTime() : 0;
    const awaitHeartbeat = (sinceMs: number): void => {
      cancelHeartbeat();
      if (attempt.heartbeatSeconds !== undefined) {
        cancelHeartbeat = after(attempt.heartbeatSeconds, sinceMs, () => giveUp(true));
      }
    };

    undo.push(
      scope.onCancel(() => {
        finish();
        aborter.abort();
      }),
    );
    if (attempt.timeoutSeconds !== undefined) {
      undo.push(after(attempt.timeoutSeconds, elapsedMs(attempt.scheduledAt), () => giveUp(false)));
    }
    if (taskToken !== undefined) {
      undo.push(
        engine.tokens.open(taskToken, {
          succeed: (output) => end({ kind: "succeeded", output: output.text }),
          fail: (error, cause) => end({ kind: "failed", error, cause }),
          heartbeat: () => {
            awaitHeartbeat(0);
            run.onHeartbeat();
          },
        }),
      );
      awaitHeartbeat(elapsedMs(attempt.lastHeartbeatAt ?? attempt.scheduledAt));
    }

    const call = async (): Promise<void> => {
      // Parsed from the text, so that the callee cannot change a value that the execution still uses.
      const taskArguments: unknown = JSON.parse(attempt.parameters);
      const outcome = await resource.call(taskArguments, {
        accountId: record.accountId,
        region: record.region,
        roleArn: record.revision.roleArn,
        sessionName: record.name,
        signal: aborter.signal,
      });
      if (isOver) return;
      if (outcome.kind === "failed") end(outcome);
      else if (taskToken === undefined) end({ kind: "succeeded", output: ownJson(outcome.output).text });
      else run.onSubmitted(ownJson(outcome.output));
    };
    if (attempt.isSubmitted) return;
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
