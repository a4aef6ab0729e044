import type { LocalContext } from "../../context.ts";
import type { Json } from "../json.ts";
import type { ExecutionRecord, Progress } from "../records.ts";
import type { HistoryDetails, HistoryEventType } from "./history.ts";
import type { Scope } from "./scope.ts";
import type { TaskTokens } from "./task-tokens.ts";
import type { State, Workflow } from "./workflow.ts";

/** What all executions share. */
export interface Engine {
  context: LocalContext;
  tokens: TaskTokens;
}

/** What the states of one execution may do to it. */
export interface ExecutionControl {
  readonly engine: Engine;
  readonly record: ExecutionRecord;
  /** `Execution` and `StateMachine` of the context object. */
  readonly contextObject: object;
  /** @throws {CancelledError} the history is full, which has ended the execution. */
  append(type: HistoryEventType, previousEventId: number, details?: HistoryDetails): number;
  /** @throws {CancelledError} the state machine is being deleted, which has ended the execution. */
  checkGoesOn(): void;
  /** Keeps where the execution stands, where the state is one of the machine itself. */
  keepPosition(scope: Scope, state: State, input: Json, progress?: Progress): void;
  /** Keeps how far the state has come, likewise. */
  keepProgress(scope: Scope, progress: Progress): void;
  /** Runs a workflow in its scope to its end; given here so that states can run workflows that consist of states. */
  runWorkflow(scope: Scope, workflow: Workflow, input: Json): Promise<Json>;
}
