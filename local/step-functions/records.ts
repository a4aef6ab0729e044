import type { TaskEnd } from "./engine/await-task.ts";
import type { HistoryEvent } from "./engine/history.ts";

/** A state machine as it is kept: plain data. */
export interface StateMachineRecord {
  arn: string;
  name: string;
  accountId: string;
  region: string;
  creationDate: Date;
  /** Deleted, and still there until its last execution has ended. */
  isDeleting: boolean;
  revision: Revision;
  tags: Record<string, string>;
}

/** What an update replaces. An execution keeps the revision that it was started with. */
export interface Revision {
  /** Set by the first update, as in AWS. */
  revisionId?: string;
  definition: string;
  roleArn: string;
  updateDate: Date;
}

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** An execution as it is kept: plain data, enough to show it, to redrive it and to go on after a restart. */
export interface ExecutionRecord {
  arn: string;
  name: string;
  stateMachineArn: string;
  stateMachineName: string;
  accountId: string;
  region: string;
  revision: Revision;
  /** The input as it was given. */
  input: string;
  status: ExecutionStatus;
  startDate: Date;
  stopDate?: Date;
  output?: string;
  error?: string;
  cause?: string;
  traceHeader?: string;
  redriveCount: number;
  redriveDate?: Date;
  /** Client tokens of redrives, with the answer that a repeated call gets. */
  redriveTokens: Record<string, Date>;
  history: HistoryEvent[];
  /** The state that is under way, or at which the execution ended. */
  position?: Position;
  /** Place in the order of starts of its state machine. */
  sequence: number;
}

/** Where an execution stands: the top-level state, and all that the state needs to run again. */
export interface Position {
  stateName: string;
  /** JSON text. */
  input: string;
  variables: Record<string, unknown>;
  enteredEventId: number;
  /** How far the state has come; left out at its beginning and after its end. */
  progress?: Progress;
}

/** How far a stay in a state has come, for an execution to go on after a restart. Never changed in place. */
export interface Progress {
  enteredAt: Date;
  /** Retries so far by each of the state's retriers, in their order. */
  retries: readonly number[];
  stage?: Stage;
}

export type Stage =
  /** A Wait state, or the time before another attempt. */
  | { kind: "paused"; until: Date }
  | { kind: "attempting"; attempt: TaskAttempt }
  /** The task has ended; the state is about to be left, tried again or given up. */
  | { kind: "ended"; end: TaskEnd };

/** One attempt of a task. */
export interface TaskAttempt {
  /** JSON text of the evaluated arguments. */
  parameters: string;
  scheduledAt: Date;
  timeoutSeconds: number | undefined;
  heartbeatSeconds: number | undefined;
  /** Given where the task ends with a callback. */
  taskToken: string | undefined;
  /** Whether the call of a callback task has returned. */
  isSubmitted: boolean;
  lastHeartbeatAt: Date | undefined;
}
