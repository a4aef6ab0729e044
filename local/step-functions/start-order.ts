import type { ExecutionRecord } from "./records.ts";

/**
 * The executions of one state machine in the order of their starts. Pages are read from the newest backwards without a
 * look at the rest; forgotten executions leave holes that are closed once they are the majority.
 */
export class StartOrder {
  private slots: { sequence: number; execution?: ExecutionRecord }[] = [];
  private holes = 0;
  private started = 0;

  get size(): number {
    return this.slots.length - this.holes;
  }

  /** The sequence number for the next execution. */
  nextSequence(): number {
    this.started += 1;
    return this.started;
  }

  /** Adds the newest execution. */
  add(execution: ExecutionRecord): void {
    this.started = Math.max(this.started, execution.sequence);
    this.slots.push({ sequence: execution.sequence, execution });
  }

  remove(execution: ExecutionRecord): void {
    const slot = this.slots[this.lastSlotBefore(execution.sequence + 1)];
    if (slot === undefined || slot.execution !== execution) return;
    delete slot.execution;
    this.holes += 1;
    if (this.holes * 2 > this.slots.length) {
      this.slots = this.slots.filter((other) => other.execution !== undefined);
      this.holes = 0;
    }
  }

  /**
   * The executions from the newest to the oldest.
   *
   * @param before - Only those that were started before the one with this sequence number.
   */
  *newestFirst(before = Number.POSITIVE_INFINITY): Generator<ExecutionRecord> {
    for (let index = this.lastSlotBefore(before); index >= 0; index -= 1) {
      const execution = this.slots[index]?.execution;
      if (execution !== undefined) yield execution;
    }
  }

  /** Index of the last slot with a smaller sequence number; -1 if there is none. */
  private lastSlotBefore(sequence: number): number {
    let low = 0;
    let high = this.slots.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.slots[middle]?.sequence ?? 0) < sequence) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}
