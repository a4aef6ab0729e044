import { DescribeModelCardCommand } from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import { NoHash } from "../../simulation/function-host.ts";
import { MemoryTable } from "../../simulation/memory-table.ts";
import { functionNameOf, functions } from "../../stacks/definitions/functions.ts";
import { accounts, createTestCloud } from "./test-cloud.ts";

/** How long RAM takes for one call, in milliseconds. */
const latencyMs = 100;
const changes = /^\/(associate|disassociate|create|delete)resourceshare$/;

class ThrottlingException extends Error {
  override readonly name = "ThrottlingException";
  readonly $metadata = { httpStatusCode: 429 };
}

/** Evenly spread numbers from 0 to 1, the same at every run. */
function evenly(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Lets so many calls through a second, and at first as many at once as in two seconds. */
function tokenBucket(perSecond: number, nowMs: () => number): () => boolean {
  let tokens = perSecond * 2;
  let lastMs = nowMs();
  return () => {
    const atMs = nowMs();
    tokens = Math.min(perSecond * 2, tokens + ((atMs - lastMs) / 1_000) * perSecond);
    lastMs = atMs;
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

/** Creates cards in one moment, and lets time pass until nothing runs any more. */
async function burst({ cards, changesPerSecond = Infinity, readsPerSecond = Infinity, seed = 1 }: Load) {
  const ram = { answered: 0, throttled: 0 };
  const statuses = new Map<string, number>();
  const atOnce = new Map<string, { now: number; most: number }>();
  const test = createTestCloud({
    random: evenly(seed),
    reservedConcurrency: "enforced",
    // What a thousand cards take of this machine's time is not what is measured here.
    runtime: { table: new MemoryTable(), sha256: NoHash },
    async beforeCall(folder, operation) {
      // IAM and STS have the one path that RAM lacks.
      if (!operation.startsWith("/") || operation === "/") return;
      const running = atOnce.get(folder) ?? { now: 0, most: 0 };
      atOnce.set(folder, running);
      running.now += 1;
      running.most = Math.max(running.most, running.now);
      await new Promise<void>((resolve) => void test.clock.after(latencyMs, resolve));
      running.now -= 1;
      const isAnswered = (changes.test(operation) ? takeChange : takeRead)();
      ram[isAnswered ? "answered" : "throttled"] += 1;
      if (!isAnswered) throw new ThrottlingException("Rate exceeded");
    },
  });
  const nowMs = (): number => test.clock.now().getTime();
  const takeChange = tokenBucket(changesPerSecond, nowMs);
  const takeRead = tokenBucket(readsPerSecond, nowMs);
  const executions = { running: 0 };
  test.cloud.stepFunctions.onExecutionChange(({ status }) => {
    executions.running += status === "RUNNING" ? 1 : -1;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
  });

  const beganMs = nowMs();
  const modelCardArns: string[] = [];
  for (let index = 0; index < cards; index += 1) modelCardArns.push(await test.createCard(`card-${index}`));
  do await test.clock.advance(1_000);
  while (executions.running > 0);
  return { test, modelCardArns, statuses, ram, atOnce, tookMs: nowMs() - beganMs };
}

interface Load {
  cards: number;
  changesPerSecond?: number;
  readsPerSecond?: number;
  seed?: number;
}

describe("a thousand cards that change in one moment while RAM throttles", () => {
  it("all get their access, no execution fails, and RAM is asked little more than it has to be", async () => {
    const cards = 1_000;
    const alone = await burst({ cards: 20 });
    const neededPerCard = alone.ram.answered / 20;

    const { test, modelCardArns, statuses, ram, atOnce, tookMs } = await burst({
      cards,
      changesPerSecond: 5,
      readsPerSecond: 50,
    });

    // SageMaker and CloudTrail each tell of every card.
    expect(statuses).toStrictEqual(
      new Map([
        ["RUNNING", 2 * cards],
        ["SUCCEEDED", 2 * cards],
      ]),
    );
    const dev = test.sageMaker(accounts.dev);
    for (const ModelCardName of modelCardArns) {
      expect(await dev.send(new DescribeModelCardCommand({ ModelCardName }))).toMatchObject({
        ModelCardStatus: "Draft",
      });
    }
    expect(ram.throttled).toBeGreaterThan(0);
    expect((ram.answered + ram.throttled) / cards).toBeLessThan(neededPerCard * 2);
    for (const [folder, { most }] of atOnce) {
      const places = functions.find(({ functionName }) => functionName === functionNameOf(folder));
      // Two lists of RAM are read side by side.
      expect(most).toBeLessThanOrEqual(2 * (places?.reservedConcurrency ?? 0));
    }
    expect(tookMs).toBeLessThan(15 * 60_000);
  }, 240_000);
});
