import { Actors } from "./actors.ts";
import { accounts, cardArn } from "./accounts.ts";
import { FunctionHost } from "./function-host.ts";
import { type Plan, planFor } from "./plan.ts";
import { Random } from "./random.ts";
import { World } from "./world.ts";

/** How long a card whose event was lost waited for its access, in minutes. */
export interface RepairTimes {
  sweepEveryHours: number;
  medianMinutes: number;
  /** Of a hundred cards, five waited longer. */
  p95Minutes: number;
  longestMinutes: number;
}

const hourMs = 3_600_000;

/** Measures how long a card waits for its access when no event tells of its change, in virtual time. */
export async function measureRepairTimes(
  sweepEveryHours: number,
  { schedules, seed }: { schedules: number; seed: number },
): Promise<RepairTimes> {
  const host = await FunctionHost.load();
  const actors = new Actors();
  const minutes: number[] = [];
  // The first is for what is loaded at its first use, which takes real time.
  for (let index = 0; index <= schedules; index += 1) {
    const waitedMs = await repairTimeMs(new Random(seed + index), sweepEveryHours, host, actors);
    if (index > 0) minutes.push(waitedMs / 60_000);
  }
  minutes.sort((one, other) => one - other);
  const at = (share: number): number =>
    Math.round(10 * (minutes[Math.min(minutes.length - 1, Math.floor(share * minutes.length))] ?? 0)) / 10;
  return {
    sweepEveryHours,
    medianMinutes: at(0.5),
    p95Minutes: at(0.95),
    longestMinutes: at(1),
  };
}

async function repairTimeMs(
  random: Random,
  sweepEveryHours: number,
  host: FunctionHost,
  actors: Actors,
): Promise<number> {
  const world = new World(host, calmPlan(random, sweepEveryHours), random, new Set());
  actors.enter(world);
  const modelCardArn = cardArn("churn");
  const test = world.cloud.identity.callerOf({ accessKeyId: accounts.test });
  const hasAccess = (): boolean => world.cloud.sharesAllow(modelCardArn, "sagemaker:UpdateModelCard", test);
  await actors.perform({ kind: "create-card", card: "churn", status: "Draft", risk: "Low" });
  await world.clock.runFor(random.next("moment") * sweepEveryHours * hourMs + hourMs, () => undefined);
  world.losesEvents = true;
  await actors.perform({ kind: "set-status", card: "churn", status: "PendingReview", by: accounts.owner });
  const changedMs = world.clock.now().getTime();
  await world.clock.runWhile(
    () => !hasAccess(),
    () => undefined,
  );
  return world.clock.now().getTime() - changedMs;
}

/** A schedule in which nothing goes wrong but what is measured. */
function calmPlan(random: Random, sweepEveryHours: number): Plan {
  const plan = planFor(random);
  return {
    ...plan,
    settings: { ...plan.settings, shareOutsideOrganization: false, sweepEveryHours },
    faultsPerCall: 0,
    failedAssociations: 0,
    eventFaults: 0,
    clockSkewMs: 0,
    associationMs: 3_000,
    steps: [],
  };
}
