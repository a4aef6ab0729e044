import { rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import * as z from "zod";
import { checkFlags, flag, parseFlags, runCommand, text } from "../cli/command-line.ts";
import { bundleSimulation } from "./bundle.ts";
import { mutations } from "./mutations.ts";
import { measureRepairTimes } from "./repair-times.ts";
import { Totals } from "./report.ts";
import { type LeftOut, shrunk } from "./shrink.ts";
import type { Answer, Question } from "./worker.ts";
import { Workers } from "./workers.ts";

const usage = `Usage: npm run simulate -- [options]

Runs Cardway's own functions and workflow on virtual time, with faults from a seed, and checks what must always hold.

  --schedules N     how many schedules to run (2000)
  --seed S          the seed of the first; each further one has the next number (1). Without --schedules: only this one, with
                    everything that happens in it
  --large           only schedules with more people, steps and time, which most seeds are without
  --workers N       how many run at once (one a core)
  --mutation NAME   put a known fault into the code first and run large schedules until one finds it: ${mutations.map(({ name }) => name).join(", ")}
  --repair-times    instead: how long a card waits whose event was lost, by the sweep's interval
  --json            the figures as one JSON object before the last line
  --help            this text

Ctrl-C ends a run early. The last line is "schedules N, faults N, violations N". Exit code: 0 where nothing was violated, 1 where something was, 2 for
wrong use.
`;

const whole = (name: string) => z.coerce.number({ error: `${name} must be a whole number` }).int();

const OptionsSchema = z.object({
  schedules: whole("--schedules").min(1).max(10_000_000).optional(),
  seed: whole("--seed")
    .min(0)
    .max(2 ** 31)
    .optional(),
  workers: whole("--workers").min(1).max(256).default(availableParallelism()),
  mutation: z
    .string()
    .refine((name) => mutations.some((mutation) => mutation.name === name), { error: "is no known mutation" })
    .optional(),
  large: z.boolean().default(false),
  "repair-times": z.boolean().default(false),
  json: z.boolean().default(false),
  help: z.boolean().default(false),
});

const write = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

/** After how many schedules a run says how far it has come. */
const schedulesPerNews = 5_000;

/** How many failing schedules are told at length; the others are counted. */
const mostTold = 3;

async function main(): Promise<number> {
  const flags = {
    schedules: text,
    seed: text,
    workers: text,
    mutation: text,
    large: flag,
    "repair-times": flag,
    json: flag,
    help: flag,
  };
  const options = checkFlags(parseFlags(process.argv.slice(2), flags, usage), OptionsSchema, usage);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  const mutation = mutations.find(({ name }) => name === options.mutation);
  const { seed = mutation?.from ?? 1, schedules } = options;
  if (options["repair-times"]) return tellRepairTimes(seed, schedules ?? 200);
  const bundle = await bundleSimulation(mutation);
  const isLarge = options.large || mutation !== undefined;
  const isReplay = options.seed !== undefined && schedules === undefined;
  const count = isReplay ? 1 : (schedules ?? 2_000);
  const workers = await Workers.start(bundle, Math.min(options.workers, count));
  try {
    const totals = new Totals();
    let isInterrupted = false;
    // Ctrl-C ends a long run with what it has come to so far.
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => (isInterrupted = true));
    const failing: Answer[] = [];
    await workers.run(questions(seed, count, { isLarge, traced: isReplay }), (answer) => {
      totals.add(answer);
      if (isReplay) for (const line of answer.trace) write(line);
      if (answer.violations.length > 0) {
        failing.push(answer);
        write(`seed ${answer.seed} violates`);
        for (const { invariant, message } of answer.violations) write(`  invariant ${invariant}: ${message}`);
      }
      if (process.stderr.isTTY) process.stderr.write(`\r${totals.schedules} of ${count}`);
      if (totals.schedules % schedulesPerNews === 0 && totals.schedules < count) {
        write(`${totals.schedules} of ${count}`);
      }
      const isFound = answer.violations.some(({ invariant }) => invariant === mutation?.invariant);
      return !isInterrupted && (mutation === undefined || !isFound);
    });
    for (const answer of failing.slice(0, mostTold)) await tell(answer, workers, isLarge, isReplay);
    if (options.json) write(JSON.stringify(totals.figures()));
    else for (const line of totals.lines()) write(line);
    write(`schedules ${totals.schedules}, faults ${totals.faults}, violations ${totals.violations}`);
    return failing.length > 0 ? 1 : 0;
  } finally {
    await workers.stop();
    await rm(dirname(bundle), { recursive: true, force: true });
  }
}

/** The sweep's intervals that repair times are measured for, in hours. */
const sweepIntervals = [1, 6, 24];

async function tellRepairTimes(seed: number, schedules: number): Promise<number> {
  for (const sweepEveryHours of sweepIntervals) {
    const { medianMinutes, p95Minutes, longestMinutes } = await measureRepairTimes(sweepEveryHours, {
      schedules,
      seed,
    });
    write(
      `a sweep every ${sweepEveryHours} h: half of the cards within ${medianMinutes} min, 95 % within ${p95Minutes} min, all within ${longestMinutes} min`,
    );
  }
  return 0;
}

function* questions(
  seed: number,
  count: number,
  kind: Pick<Question, "isLarge" | "traced">,
): Generator<Question> {
  for (let index = 0; index < count; index += 1) {
    yield { seed: seed + index, omitted: { steps: [], faults: [] }, ...kind };
  }
}

/** A failing schedule: what was violated, and the smallest part of it that still fails. */
async function tell(
  { seed, violations, steps, faultsDrawn }: Answer,
  workers: Workers,
  isLarge: boolean,
  isTold: boolean,
): Promise<void> {
  write(`\nseed ${seed}:`);
  const wanted = new Set(violations.map(({ invariant }) => invariant));
  const run = (omitted: LeftOut, traced: boolean): Promise<Answer> =>
    workers.one({ seed, omitted, isLarge, traced });
  const all = {
    steps: steps.map(({ number }) => number),
    faults: Array.from({ length: faultsDrawn }, (_, index) => index + 1),
  };
  const leftOut = await shrunk(all, async (omitted) =>
    (await run(omitted, false)).violations.some(({ invariant }) => wanted.has(invariant)),
  );
  const smallest = await run(leftOut, true);
  write(
    `Its smallest part that fails, without ${leftOut.steps.length} of ${all.steps.length} steps and ${leftOut.faults.length} of ${all.faults.length} faults:`,
  );
  for (const line of smallest.trace) write(line);
  if (!isTold) write(`The whole of it: npm run simulate -- --seed ${seed}${isLarge ? " --large" : ""}`);
}

await runCommand(main);
