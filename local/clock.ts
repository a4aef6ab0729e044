/**
 * Time as everything in `local/` sees it, so that a test can play a seven-day approval in milliseconds.
 * Nothing in `local/` may use `Date.now`, `new Date()` or `setTimeout` except through a clock.
 */
export interface Clock {
  now(): Date;
  /** Runs `task` once after `delayMs` milliseconds. The returned function cancels it. */
  after(delayMs: number, task: () => void): () => void;
}

/** Longest delay that `setTimeout` keeps; beyond it Node.js fires at once. */
const longestTimerMs = 2_147_483_647;

/** The machine's own time. Pending timers do not keep the process alive. */
export const systemClock: Clock = {
  now: () => new Date(),
  after(delayMs, task) {
    const wait = Math.min(delayMs, longestTimerMs);
    let cancelRest = () => {};
    const timer = setTimeout(() => {
      if (wait < delayMs) cancelRest = systemClock.after(delayMs - wait, task);
      else task();
    }, wait);
    timer.unref();
    return () => {
      clearTimeout(timer);
      cancelRest();
    };
  },
};

interface Timer {
  dueMs: number;
  task: () => void;
}

/** A clock that stands still until a test moves it. */
export class VirtualClock implements Clock {
  private currentMs: number;
  /** In the order in which they fall due; those of one moment in the order in which they were set. */
  private readonly timers: Timer[] = [];
  private readonly tickMs: number;

  /** @param tickMs - How much time passes with every look at the clock, so that no two moments are the same. */
  constructor(start: Date = new Date("2026-01-01T00:00:00.000Z"), tickMs = 0) {
    this.currentMs = start.getTime();
    this.tickMs = tickMs;
  }

  now(): Date {
    this.currentMs += this.tickMs;
    return new Date(this.currentMs);
  }

  after(delayMs: number, task: () => void): () => void {
    const timer = { dueMs: this.currentMs + Math.max(0, delayMs), task };
    this.timers.splice(this.firstAfter(timer.dueMs), 0, timer);
    return () => {
      // It is among those that fall due at its time, of which it is likely one of the last.
      for (let index = this.firstAfter(timer.dueMs) - 1; index >= 0; index -= 1) {
        const other = this.timers[index];
        if (other === undefined || other.dueMs < timer.dueMs) return;
        if (other !== timer) continue;
        this.timers.splice(index, 1);
        return;
      }
    };
  }

  /** Moves time forward and runs what falls due, in order, letting promises settle after each. */
  async advance(byMs: number): Promise<void> {
    const endMs = this.currentMs + byMs;
    await settle();
    for (;;) {
      const next = this.timers[0];
      if (next === undefined || next.dueMs > endMs) break;
      this.timers.shift();
      this.currentMs = Math.max(this.currentMs, next.dueMs);
      next.task();
      await settle();
    }
    this.currentMs = Math.max(this.currentMs, endMs);
  }

  /** Index of the first timer that falls due after a moment. */
  private firstAfter(dueMs: number): number {
    let low = 0;
    let high = this.timers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.timers[middle]?.dueMs ?? 0) <= dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Waits until the promise jobs queued so far, and those that they queue, have run. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}
