import { exceedsPayloadLimit, type Json, toJson } from "../json.ts";
import type { ExecutionRecord, ExecutionStatus, Progress } from "../records.ts";
import type { Engine, ExecutionControl } from "./engine.ts";
import { type HistoryDetails, type HistoryEventType, historyLimit } from "./history.ts";
import { runWorkflow, type WorkflowStart } from "./run-workflow.ts";
import { Scope } from "./scope.ts";
import { dataLimitExceeded } from "./state-visit.ts";
import { CancelledError, StateFailure, StatesError } from "./state-failure.ts";
import type { State, Workflow } from "./workflow.ts";

export interface RunningExecutionOptions {
  engine: Engine;
  record: ExecutionRecord;
  workflow: Workflow;
  /** The state machine's own `TimeoutSeconds`. */
  timeoutSeconds: number | undefined;
  isStateMachineDeleting: () => boolean;
  /** Called after every change of the record; says whether more than its history has changed. */
  onChange: (what: "history" | "record") => void;
  /** Called once, when the record has its final status. */
  onEnd: () => void;
}

/**
 * An execution while it runs. Everything that ends it comes through one door, so it ends exactly once; whatever throws
 * inside, it never hangs.
 */
export class RunningExecution implements ExecutionControl {
  readonly engine: Engine;
  readonly record: ExecutionRecord;
  readonly contextObject: object;
  readonly runWorkflow: ExecutionControl["runWorkflow"] = runWorkflow;
  private readonly options: RunningExecutionOptions;
  private readonly input: Json;
  private root: Scope | undefined;
  private cancelTimeout = (): void => {};
  private isOver = false;

  constructor(options: RunningExecutionOptions) {
    const { engine, record } = options;
    this.options = options;
    this.engine = engine;
    this.record = record;
    this.input = parsedJson(record.input);
    this.contextObject = {
      Execution: {
        Id: record.arn,
        Input: this.input.value,
        StartTime: record.startDate.toISOString(),
        Name: record.name,
        RoleArn: record.revision.roleArn,
        RedriveCount: record.redriveCount,
        ...(record.redriveDate && { RedriveTime: record.redriveDate.toISOString() }),
      },
      StateMachine: { Id: record.stateMachineArn, Name: record.stateMachineName },
    };
  }

  /** Runs from the first state; returns as soon as the execution waits for something. */
  start(): void {
    const { input, revision } = this.record;
    this.append("ExecutionStarted", 0, { input, roleArn: revision.roleArn });
    // AWS starts the chain of the states anew.
    this.run(0, {}, this.input, { stateName: this.options.workflow.startAt });
  }

  /** Runs again from the state at which the execution ended, with that state's input and variables. */
  redrive(): void {
    const { record, options } = this;
    const lastEventId = this.append("ExecutionRedriven", record.history.length, {
      redriveCount: record.redriveCount,
    });
    const { position } = record;
    if (position === undefined) {
      this.run(lastEventId, {}, this.input, { stateName: options.workflow.startAt });
      return;
    }
    const { stateName, variables, enteredEventId } = position;
    // A Fail state is entered again; any other one goes on from its first entry.
    const isFail = options.workflow.states.get(stateName)?.type === "Fail";
    this.run(lastEventId, variables, parsedJson(position.input), {
      stateName,
      ...(!isFail && { resumed: { enteredEventId } }),
    });
  }

  /** Goes on after a restart, from where the state that was under way had come. */
  resume(): void {
    const { record, options } = this;
    const { position, history } = record;
    if (position === undefined) {
      this.run(history.length, {}, this.input, { stateName: options.workflow.startAt });
      return;
    }
    const { stateName, variables, input, enteredEventId, progress } = position;
    this.run(history.length, variables, parsedJson(input), {
      stateName,
      resumed: { enteredEventId, progress },
    });
  }

  stop(error: string | undefined, cause: string | undefined): void {
    const details = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
    this.end("ABORTED", () => {
      Object.assign(this.record, details);
      this.record.history.push(this.event("ExecutionAborted", 0, details));
    });
  }

  append(type: HistoryEventType, previousEventId: number, details?: HistoryDetails): number {
    const { history } = this.record;
    if (history.length >= historyLimit - 1) {
      this.fail(
        new StateFailure(
          StatesError.runtime,
          `The execution reached the maximum number of history events (${historyLimit}).`,
        ),
        previousEventId,
      );
      throw new CancelledError();
    }
    const id = history.push(this.event(type, previousEventId, details));
    this.options.onChange("history");
    return id;
  }

  checkGoesOn(): void {
    if (!this.options.isStateMachineDeleting()) return;
    this.stop(undefined, undefined);
    throw new CancelledError();
  }

  keepPosition(scope: Scope, state: State, input: Json, progress?: Progress): void {
    if (scope !== this.root) return;
    this.record.position = {
      stateName: state.name,
      input: input.text,
      variables: scope.variables,
      enteredEventId: scope.enteredEventId,
      ...(progress !== undefined && { progress }),
    };
    this.options.onChange("record");
  }

  keepProgress(scope: Scope, progress: Progress): void {
    if (scope !== this.root || this.record.position === undefined) return;
    this.record.position.progress = progress;
    this.options.onChange("record");
  }

  private run(
    lastEventId: number,
    variables: Record<string, unknown>,
    input: Json,
    start: WorkflowStart,
  ): void {
    const { workflow, timeoutSeconds } = this.options;
    const scope = new Scope(this, { variables, lastEventId });
    this.root = scope;
    if (timeoutSeconds !== undefined) {
      this.cancelTimeout = this.engine.context.clock.after(this.remainingMs(timeoutSeconds), () =>
        this.timeOut(),
      );
    }
    runWorkflow(scope, workflow, input, start)
      .then((output) => this.succeed(output, scope.lastEventId))
      .catch((error: unknown) => this.failWith(error, scope));
  }

  /** Until the time-out, which counts from the start or the last redrive. */
  private remainingMs(timeoutSeconds: number): number {
    const { startDate, redriveDate = startDate } = this.record;
    const elapsedMs = this.engine.context.clock.now().getTime() - redriveDate.getTime();
    return Math.max(0, timeoutSeconds * 1000 - elapsedMs);
  }

  private succeed({ text }: Json, previousEventId: number): void {
    if (exceedsPayloadLimit(text)) throw dataLimitExceeded(this.record.name);
    this.end("SUCCEEDED", () => {
      this.record.output = text;
      this.record.history.push(this.event("ExecutionSucceeded", previousEventId, { output: text }));
    });
  }

  private failWith(error: unknown, scope: Scope): void {
    if (error instanceof StateFailure) {
      this.fail(error, scope.lastEventId);
      return;
    }
    if (error instanceof CancelledError && this.isOver) return;
    this.engine.context.log(`states: the engine failed in ${this.record.arn}: ${placeOf(error)}`);
    this.fail(
      new StateFailure(StatesError.runtime, "An internal error occurred while executing the state machine."),
      scope.lastEventId,
    );
  }

  private fail({ errorName, causeText }: StateFailure, previousEventId: number): void {
    const details = {
      ...(errorName !== undefined && { error: errorName }),
      ...(causeText !== undefined && { cause: causeText }),
    };
    this.end("FAILED", () => {
      Object.assign(this.record, details);
      this.record.history.push(this.event("ExecutionFailed", previousEventId, details));
    });
  }

  /** `DescribeExecution` shows neither error nor cause of a machine that timed out; only the event names the error. */
  private timeOut(): void {
    this.end("TIMED_OUT", () => {
      this.record.history.push(this.event("ExecutionTimedOut", 0, { error: StatesError.timeout }));
    });
  }

  private end(status: Exclude<ExecutionStatus, "RUNNING">, record: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    this.cancelTimeout();
    this.root?.cancel();
    delete this.record.position?.progress;
    if (status === "SUCCEEDED") delete this.record.position;
    record();
    this.record.status = status;
    this.record.stopDate = this.engine.context.clock.now();
    this.options.onChange("record");
    this.options.onEnd();
  }

  private event(
    type: HistoryEventType,
    previousEventId: number,
    details?: HistoryDetails,
  ): ExecutionRecord["history"][number] {
    return {
      id: this.record.history.length + 1,
      previousEventId,
      type,
      timestampMs: this.engine.context.clock.now().getTime(),
      ...(details !== undefined && { details }),
    };
  }
}

/** The kind of an error and where it was raised; its message may hold what the execution works on. */
function placeOf(error: unknown): string {
  if (!(error instanceof Error)) return "not an error";
  const frame = error.stack?.split("\n").find((line) => line.trim().startsWith("at "));
  return `${error.name} ${frame?.trim() ?? ""}`;
}

/** The texts of records have been checked when they were written; states may have added levels since. */
function parsedJson(text: string): Json {
  return toJson(JSON.parse(text));
}
