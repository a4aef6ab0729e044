import { parentPort } from "node:worker_threads";
import { type Omitted, type Outcome, Simulation } from "./run-schedule.ts";

/** What a worker is asked: one schedule, or the next of a range. */
export interface Question {
  seed: number;
  omitted: { steps: number[]; faults: number[] };
  isLarge: boolean;
  /** Whether the answer is to tell what happened. */
  traced: boolean;
}

/** What became of one schedule. */
export interface Answer {
  seed: number;
  violations: Outcome["violations"];
  faults: [string, number][];
  faultsDrawn: number;
  observed: Outcome["observed"];
  fingerprint: string;
  steps: Outcome["plan"]["steps"];
  trace: string[];
}

const simulation = await Simulation.start();

parentPort?.on("message", (question: Question) => {
  void answer(question).then((answered) => parentPort?.postMessage(answered));
});
parentPort?.postMessage("ready");

async function answer({ seed, omitted, isLarge, traced }: Question): Promise<Answer> {
  const leftOut: Omitted = { steps: new Set(omitted.steps), faults: new Set(omitted.faults) };
  const outcome = await simulation.run(seed, leftOut, isLarge);
  const { violations, faults, faultsDrawn, fingerprint, observed, plan, trace } = outcome;
  return {
    seed,
    violations,
    faults: [...faults],
    faultsDrawn,
    observed,
    fingerprint,
    steps: plan.steps,
    trace: traced || violations.length > 0 ? trace : [],
  };
}
