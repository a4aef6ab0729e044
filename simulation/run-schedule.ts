import { Actors } from "./actors.ts";
import type { FaultKind } from "./faults.ts";
import { FunctionHost } from "./function-host.ts";
import { type Violation, createChecks } from "./invariants.ts";
import { type Plan, type Step, planFor } from "./plan.ts";
import { Random } from "./random.ts";
import { World } from "./world.ts";

/** What one schedule came to. */
export interface Outcome {
  seed: number;
  plan: Plan;
  violations: Violation[];
  faults: Map<FaultKind, number>;
  /** Faults that were drawn, left out or not: their numbers are 1 to this. */
  faultsDrawn: number;
  /** What the figures are about. */
  observed: World["observed"];
  trace: string[];
  fingerprint: string;
}

/** What is left out of a schedule, to find out what of it matters. */
export interface Omitted {
  steps: ReadonlySet<number>;
  faults: ReadonlySet<number>;
}

export const nothing: Omitted = { steps: new Set(), faults: new Set() };

/** Faults go on for so long after the last step at most, in milliseconds. */
const longestAftermathMs = 30 * 60_000;

/** How long it takes until everything that retries has come to an end, in milliseconds. */
const restMs = 90 * 60_000;

/** The same where a vote may have woken nobody, in milliseconds: the wait for approvers is looked at every six hours. */
const restAfterVoteMs = 7 * 3_600_000;

/** How long the retirement of shares takes, in milliseconds. */
const retirementMs = 15 * 60_000;

/** How long a sweep and what it starts takes at most, in milliseconds. */
const sweepMs = 2 * 3_600_000;

/** The functions and clients of this process, for one schedule after the other. */
export class Simulation {
  private readonly host: FunctionHost;
  private readonly actors = new Actors();

  private constructor(host: FunctionHost) {
    this.host = host;
  }

  static async start(): Promise<Simulation> {
    const simulation = new Simulation(await FunctionHost.load());
    // The SDK reads its files at the first call, which takes real time.
    await simulation.run(0);
    return simulation;
  }

  /** Runs the schedule of a seed: the same seed, the same happenings. */
  async run(seed: number, omitted: Omitted = nothing, isLarge = false): Promise<Outcome> {
    const random = new Random(seed);
    const plan = planFor(random, isLarge);
    const world = new World(this.host, plan, random, omitted.faults);
    this.actors.enter(world);
    const checks = createChecks(world, this.actors);
    const steps = plan.steps.filter(({ number }) => !omitted.steps.has(number));

    await this.play(steps, world, checks.afterEach);
    await world.clock.runFor(random.between("aftermath", 0, longestAftermathMs), checks.afterEach);
    world.faults.active = false;
    const hasVoted = steps.some(({ action }) => action.kind === "decide");
    await world.clock.runFor(hasVoted ? restAfterVoteMs : restMs, checks.afterEach);
    void this.actors.retireShares();
    await world.clock.runFor(retirementMs, checks.afterEach);
    await checks.atRest();
    world.tell("* the last sweep");
    await this.actors.sweep();
    await world.clock.runFor(sweepMs, checks.afterEach);
    await checks.afterSweep();
    return {
      seed,
      plan,
      violations: checks.violations,
      faults: world.faults.counts,
      faultsDrawn: world.faults.total,
      observed: world.observed,
      trace: world.trace,
      fingerprint: world.fingerprint(),
    };
  }

  private async play(steps: Step[], world: World, afterEach: () => void): Promise<void> {
    for (const { number, after, action } of steps) {
      let isDone = false;
      const perform = async (): Promise<void> => {
        world.tell(`* step ${number}`);
        await this.actors.perform(action);
        isDone = true;
      };
      if ("calls" in after) world.beforeCall(after.calls, perform);
      else world.clock.after(after.ms, () => void perform());
      await world.clock.runWhile(() => !isDone, afterEach);
    }
  }
}
