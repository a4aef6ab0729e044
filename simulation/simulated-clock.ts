import type { Clock } from "../local/clock.ts";

interface Timer {
  dueMs: number;
  order: number;
  task: () => void;
}

/**
 * Virtual time that decides what comes next: whatever waits, waits for a moment, and at each moment one thing happens. Which
 * of two things of one moment comes first is random too.
 */
export class SimulatedClock implements Clock {
  private currentMs: number;
  private readonly random: () => number;
  /** A heap: the earliest timer first. */
  private readonly timers: Timer[] = [];

  constructor(start: Date, random: () => number) {
    this.currentMs = start.getTime();
    this.random = random;
  }

  now(): Date {
    return new Date(this.currentMs);
  }

  after(delayMs: number, task: () => void): () => void {
    const timer: Timer = { dueMs: this.currentMs + Math.max(0, delayMs), order: this.random(), task };
    this.add(timer);
    return () => {
      timer.task = cancelled;
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.after(ms, resolve);
    });
  }

  /**
   * Lets happen what falls due within a time, one thing after the other.
   *
   * @param afterEach - Called when everything that one thing led to has come to rest.
   */
  async runFor(ms: number, afterEach: () => void): Promise<void> {
    const endMs = this.currentMs + ms;
    await atRest();
    await this.runWhile(() => (this.timers[0]?.dueMs ?? Infinity) <= endMs, afterEach);
    this.currentMs = Math.max(this.currentMs, endMs);
  }

  /** The same for as long as something holds. */
  async runWhile(goesOn: () => boolean, afterEach: () => void): Promise<void> {
    while (goesOn()) {
      const next = this.timers[0];
      if (next === undefined) break;
      this.removeFirst();
      if (next.task === cancelled) continue;
      // No two things happen in one millisecond: AWS's times do not tell such apart.
      this.currentMs = Math.max(this.currentMs + 1, next.dueMs);
      next.task();
      await atRest();
      afterEach();
    }
  }

  private add(timer: Timer): void {
    let index = this.timers.push(timer) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.swapIfBefore(index, parent)) break;
      index = parent;
    }
  }

  private removeFirst(): void {
    const last = this.timers.pop();
    if (last === undefined || this.timers.length === 0) return;
    this.timers[0] = last;
    let index = 0;
    for (;;) {
      const left = 2 * index + 1;
      const right = left + 1;
      const child = right < this.timers.length && this.isBefore(right, left) ? right : left;
      if (child >= this.timers.length || !this.swapIfBefore(child, index)) break;
      index = child;
    }
  }

  private swapIfBefore(index: number, other: number): boolean {
    if (!this.isBefore(index, other)) return false;
    const [one, two] = [this.timers[index], this.timers[other]];
    if (one !== undefined && two !== undefined) [this.timers[index], this.timers[other]] = [two, one];
    return true;
  }

  private isBefore(index: number, other: number): boolean {
    const [one, two] = [this.timers[index], this.timers[other]];
    if (one === undefined || two === undefined) return false;
    return one.dueMs < two.dueMs || (one.dueMs === two.dueMs && one.order < two.order);
  }
}

/** Everything in process goes on in promise jobs, and all of them come before this. */
function atRest(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function cancelled(): void {}
