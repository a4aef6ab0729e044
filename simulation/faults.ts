import type { Random } from "./random.ts";

/** What goes wrong at one call of AWS by a function. */
export const callFaults = [
  /** AWS refuses for now. Nothing has happened. */
  "throttled",
  /** No answer comes. Nothing has happened. */
  "unavailable",
  /** It has happened; the answer is lost, and the function goes on. */
  "answer-lost",
  /** The function ends before the call. */
  "died-before",
  /** The function ends after the call. */
  "died-after",
  /** The function ends with the call under way; it happens up to half a minute later. */
  "died-during",
  /** The call takes so long that the function may run into its time-out. */
  "slow",
] as const;

export type CallFault = (typeof callFaults)[number];

/** What goes wrong with one event. */
export const eventFaults = ["event-lost", "event-duplicated", "event-delayed"] as const;

export type EventFault = (typeof eventFaults)[number];

export type FaultKind = CallFault | EventFault | "association-failed" | "step-between-calls";

/** Decides which faults happen, and counts them. */
export class Faults {
  readonly counts = new Map<FaultKind, number>();
  /** After the faults have stopped there are none. */
  active = true;
  private readonly random: Random;
  private readonly omitted: ReadonlySet<number>;
  private drawn = 0;

  /** @param omitted - Faults that are left out, by their number in the schedule. */
  constructor(random: Random, omitted: ReadonlySet<number>) {
    this.random = random;
    this.omitted = omitted;
  }

  /** How many faults were drawn, left out or not. */
  get total(): number {
    return this.drawn;
  }

  ofCall(place: string, probability: number): CallFault | undefined {
    if (!this.active || !this.random.chance(`fault ${place}`, probability)) return undefined;
    return this.happening(this.random.pick(`fault kind ${place}`, callFaults));
  }

  ofEvent(name: string, probability: number): EventFault | undefined {
    if (!this.active || !this.random.chance(`fault ${name}`, probability)) return undefined;
    return this.happening(this.random.pick(`fault kind ${name}`, eventFaults));
  }

  /** Counts a fault that is no chance of a call or an event. */
  count(kind: FaultKind): void {
    this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
  }

  private happening<Kind extends FaultKind>(kind: Kind): Kind | undefined {
    this.drawn += 1;
    if (this.omitted.has(this.drawn)) return undefined;
    this.count(kind);
    return kind;
  }
}
