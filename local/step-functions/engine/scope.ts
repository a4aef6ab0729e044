import type { Json } from "../json.ts";
import type { ExecutionControl } from "./engine.ts";
import type { HistoryDetails, HistoryEventType } from "./history.ts";
import type { ResumedState } from "./run-workflow.ts";
import { CancelledError } from "./state-failure.ts";
import type { State } from "./workflow.ts";

/** The item that an iteration of a Map state works on. */
export interface MapItem {
  Index: number;
  Value: unknown;
}

/**
 * One running sequence of states: the execution's own, a branch of a Parallel state, or an iteration of a Map state.
 * Holds what these share and what ends with them: variables, the chain of history events, timers.
 */
export class Scope {
  readonly control: ExecutionControl;
  readonly mapItem: MapItem | undefined;
  /** Inner scopes see the variables of outer ones and assign only their own; never changed in place. */
  variables: Record<string, unknown>;
  /** The event that the next one names as its predecessor. */
  lastEventId: number;
  state: State | undefined;
  enteredEventId = 0;
  private isCancelled = false;
  private readonly children = new Set<Scope>();
  private readonly cancellations = new Set<() => void>();

  constructor(
    control: ExecutionControl,
    start: { variables: Record<string, unknown>; lastEventId: number; mapItem?: MapItem | undefined },
  ) {
    this.control = control;
    this.variables = start.variables;
    this.lastEventId = start.lastEventId;
    this.mapItem = start.mapItem;
  }

  /** A scope inside this one, cancelled with it. */
  openChild(previousEventId: number, mapItem?: MapItem): Scope {
    const child = new Scope(this.control, {
      variables: this.variables,
      lastEventId: previousEventId,
      mapItem: mapItem ?? this.mapItem,
    });
    this.children.add(child);
    return child;
  }

  closeChild(child: Scope): void {
    this.children.delete(child);
  }

  get openChildren(): ReadonlySet<Scope> {
    return this.children;
  }

  /**
   * Appends an event to this scope's chain.
   *
   * @throws {CancelledError} the scope has been ended from outside; code that runs on must not leave traces.
   */
  emit(type: HistoryEventType, details?: HistoryDetails): number {
    this.lastEventId = this.note(type, details);
    return this.lastEventId;
  }

  /** Appends an event that the chain passes by: the next one has the same predecessor. */
  note(type: HistoryEventType, details?: HistoryDetails, previousEventId = this.lastEventId): number {
    this.checkLive();
    return this.control.append(type, previousEventId, details);
  }

  /** Enters a state; `resumed` is given where one that was entered before is taken up again. */
  enter(state: State, input: Json, resumed?: ResumedState): void {
    this.checkLive();
    if (resumed === undefined) this.control.checkGoesOn();
    this.state = state;
    this.enteredEventId =
      resumed?.enteredEventId ??
      this.emit(`${state.type}StateEntered`, { name: state.name, input: input.text });
    this.control.keepPosition(this, state, input, resumed?.progress);
  }

  /** Waits on the engine's clock. Never returns once the scope is cancelled. */
  pause(delayMs: number): Promise<void> {
    if (delayMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancelTimer = this.control.engine.context.clock.after(delayMs, () => {
        release();
        resolve();
      });
      const release = this.onCancel(cancelTimer);
    });
  }

  /** Has something undone when the scope is ended from outside, unless it is released before. */
  onCancel(undo: () => void): () => void {
    this.checkLive();
    this.cancellations.add(undo);
    return () => {
      this.cancellations.delete(undo);
    };
  }

  /** Ends the scope and all in it: no timer fires any more, no late result counts. */
  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    for (const child of this.children) child.cancel();
    for (const undo of this.cancellations) undo();
    this.cancellations.clear();
  }

  private checkLive(): void {
    if (this.isCancelled) throw new CancelledError();
  }
}
