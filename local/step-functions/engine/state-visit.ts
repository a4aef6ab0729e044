import { exceedsPayloadLimit, type Json, toJson } from "../json.ts";
import type { Bindings } from "../jsonata/compile-expression.ts";
import { evaluateTemplate, type Template } from "../jsonata/template.ts";
import type { Progress, Stage } from "../records.ts";
import type { Scope } from "./scope.ts";
import { QueryEvaluationError, RuntimeFailure, StateFailure, StatesError } from "./state-failure.ts";
import type { Results, State } from "./workflow.ts";

/** How a state is left: its output, and the state that follows; none where the workflow ends. */
export interface Transition {
  output: Json;
  next: string | undefined;
}

/** What `$states` holds besides `input` and `context`. */
export interface ExtraStates {
  result?: unknown;
  errorOutput?: unknown;
}

/** One stay in a state, over all its retries. */
export class StateVisit<Kind extends State = State> {
  readonly scope: Scope;
  readonly state: Kind;
  readonly input: Json;
  /** The token of the running attempt, where it waits for one. */
  taskToken: string | undefined;
  private kept: Progress;

  /** @param progress - How far the stay had come before a restart. */
  constructor(scope: Scope, state: Kind, input: Json, progress?: Progress) {
    this.scope = scope;
    this.state = state;
    this.input = input;
    this.kept = progress ?? { enteredAt: scope.control.engine.context.clock.now(), retries: [] };
  }

  get progress(): Progress {
    return this.kept;
  }

  /** Notes how far the stay has come, so that it goes on from there after a restart. */
  reach(stage: Stage, retries = this.kept.retries): void {
    this.kept = { ...this.kept, stage, retries };
    this.scope.control.keepProgress(this.scope, this.kept);
  }

  /** Waits, and after a restart until the same moment. */
  async pause(delayMs: number, retries = this.kept.retries): Promise<void> {
    const now = this.scope.control.engine.context.clock.now().getTime();
    this.reach({ kind: "paused", until: new Date(now + delayMs) }, retries);
    await this.scope.pause(delayMs);
  }

  /** Waits for what is left of a pause that began before a restart. @returns whether there was one. */
  async resumePause(): Promise<boolean> {
    const { stage } = this.kept;
    if (stage?.kind !== "paused") return false;
    await this.scope.pause(stage.until.getTime() - this.scope.control.engine.context.clock.now().getTime());
    return true;
  }

  bindings(extra: ExtraStates = {}, mapItem = this.scope.mapItem): Bindings {
    return {
      ...this.scope.variables,
      states: { input: this.input.value, context: this.contextObject(mapItem), ...extra },
    };
  }

  /** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
  private contextObject(mapItem: Scope["mapItem"]): object {
    return {
      ...this.scope.control.contextObject,
      State: {
        Name: this.state.name,
        EnteredTime: this.kept.enteredAt.toISOString(),
        ...("retriers" in this.state && {
          RetryCount: this.kept.retries.reduce((sum, retries) => sum + retries, 0),
        }),
      },
      ...(mapItem !== undefined && { Map: { Item: mapItem } }),
      ...(this.taskToken !== undefined && { Task: { Token: this.taskToken } }),
    };
  }

  /**
   * Leaves the state: evaluates output and variables, both from what the state was entered with, and records the exit.
   *
   * @throws {StateFailure} an expression fails, or the output or the variables are too large.
   */
  async leave(
    { output, assign }: Results,
    extra: ExtraStates,
    defaultOutput: Json,
    next: string | undefined,
  ): Promise<Transition> {
    const { scope, state } = this;
    let result = defaultOutput;
    let assigned: Record<string, Json> | undefined;
    if (output !== undefined || assign !== undefined) {
      const bindings = this.bindings(extra);
      if (output !== undefined) result = toJson(await evaluateTemplate(output, bindings));
      if (assign !== undefined && assign.length > 0) assigned = await evaluateAssign(assign, bindings);
    }
    if (exceedsPayloadLimit(result.text)) throw dataLimitExceeded(state.name);
    const assignedVariables = assigned && mapValues(assigned, ({ text }) => text);
    if (assignedVariables && exceedsPayloadLimit(Object.values(assignedVariables).join(""))) {
      throw dataLimitExceeded(state.name);
    }
    if (state.type !== "Fail") {
      scope.emit(`${state.type}StateExited`, {
        name: state.name,
        output: result.text,
        ...(assignedVariables && { assignedVariables }),
      });
    }
    if (assigned) scope.variables = { ...scope.variables, ...mapValues(assigned, ({ value }) => value) };
    return { output: result, next };
  }

  /**
   * Records that the state failed: an `EvaluationFailed` event for an expression, and in the cause the sentence that
   * names the state, for failures that the engine raised.
   *
   * @returns the failure with its final cause.
   * @throws what was thrown, where it is not a failure of a state.
   */
  recordFailure(thrown: unknown, previousEventId = this.scope.lastEventId): StateFailure {
    if (!(thrown instanceof QueryEvaluationError || thrown instanceof RuntimeFailure)) {
      if (thrown instanceof StateFailure) return thrown;
      throw thrown;
    }
    const { state, scope } = this;
    const cause = `An error occurred while executing the state '${state.name}' (entered at the event id #${scope.enteredEventId}). ${thrown.causeText}`;
    if (thrown instanceof QueryEvaluationError) {
      scope.lastEventId = previousEventId;
      scope.emit("EvaluationFailed", {
        error: StatesError.queryEvaluationError,
        cause,
        location: thrown.location,
        state: state.name,
      });
    }
    return new StateFailure(thrown.errorName, cause);
  }
}

async function evaluateAssign(
  assign: readonly [string, Template][],
  bindings: Bindings,
): Promise<Record<string, Json>> {
  const assigned: [string, Json][] = [];
  for (const [variable, template] of assign) {
    assigned.push([variable, toJson(await evaluateTemplate(template, bindings))]);
  }
  return Object.fromEntries(assigned);
}

function mapValues<Value, Result>(
  record: Record<string, Value>,
  change: (value: Value) => Result,
): Record<string, Result> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}

/** @param what - The state's name, or the service of a task. */
export function dataLimitExceeded(what: string): StateFailure {
  return new StateFailure(
    StatesError.dataLimitExceeded,
    `The state/task '${what}' returned a result with a size exceeding the maximum number of bytes service limit.`,
  );
}
