import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { ListedCard } from "../../../functions/aws/sagemaker.ts";
import { AwsUnavailableError } from "../../../functions/errors.ts";
import type { LiveAccess } from "../../../functions/lifecycle/access-plan.ts";
import { newCardRecord } from "../../../functions/records/card-record.ts";
import { sweep } from "../../../functions/sweep/sweep.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

type Dependencies = Parameters<typeof sweep>[1];

const arnOf = (name: string): string => `arn:aws:sagemaker:us-east-1:111111111111:model-card/${name}`;
const draft = (modelCardName: string): ListedCard => ({
  modelCardArn: arnOf(modelCardName),
  modelCardName,
  status: "Draft",
});
const inDev: LiveAccess = {
  audience: { lifecycle: "default", stage: "dev", accountId: "222222222222", access: "read-write" },
  resourceShareArn: "arn:aws:ram:us-east-1:111111111111:resource-share/dev",
  state: "granted",
};
const input = {
  executionArn: "arn:aws:states:us-east-1:111111111111:execution:cardway-sweep:1",
  startedAt: "2026-01-01T00:00:00.000Z",
  progress: null,
};

/** A card account of some pages of cards, with what the sweep is told and does. */
function world(pages: ListedCard[][], shared: string[], { pageMs = 0, readMs = 0 } = {}) {
  let nowMs = Date.parse(input.startedAt);
  const started: string[] = [];
  const logged: string[] = [];
  const published: object[] = [];
  const notBuilt = (): never => {
    throw new TypeError("The sweep has no business here.");
  };
  const dependencies = {
    modelCardList: {
      page: async (nextToken: string | undefined) => {
        nowMs += pageMs;
        const index = Number(nextToken ?? 0);
        const isLast = index === pages.length - 1;
        return { cards: pages[index] ?? [], nextToken: isLast ? undefined : String(index + 1) };
      },
    },
    modelCards: {
      read: async (modelCardArn: string) => {
        nowMs += readMs;
        const card = pages.flat().find((one) => one.modelCardArn === modelCardArn);
        const { status = "Deleted" } = card ?? {};
        return { modelCardArn, modelCardName: "", status, editors: [], riskRating: "Unknown" };
      },
      content: notBuilt,
      tags: notBuilt,
      statusOfVersion: notBuilt,
      setStatus: notBuilt,
    },
    resourceSharing: {
      liveAccessOfAll: async () => new Map(shared.map((name) => [arnOf(name), [inDev]])),
      liveAccess: notBuilt,
      grant: notBuilt,
      revoke: notBuilt,
      addPrincipals: notBuilt,
      removePrincipals: notBuilt,
      principalsOf: notBuilt,
      principalStates: notBuilt,
    },
    records: {
      readCard: async (modelCardArn: string) => newCardRecord(modelCardArn),
      changeCard: notBuilt,
      findRequest: notBuilt,
      addRequest: notBuilt,
      changeRequest: notBuilt,
      addEffects: notBuilt,
      effectsOf: notBuilt,
    },
    promotions: {
      start: async (request: object) => {
        started.push(z.object({ modelCardArn: z.string() }).parse(request).modelCardArn.split("/")[1] ?? "");
      },
    },
    runningPromotions: { countStartedBefore: async () => 0 },
    events: {
      publish: async (events) => {
        published.push(...events.map(({ detail }) => detail));
      },
    },
    settings: lifecycleSettings,
    now: () => new Date(nowMs),
    log: (message: string) => logged.push(message),
  } satisfies Dependencies;
  return { dependencies, started, logged, published };
}

/** Invokes the sweep as its workflow does, until it has nowhere to go on. */
async function sweepAll(dependencies: Dependencies): Promise<number> {
  let { progress }: Pick<Parameters<typeof sweep>[0], "progress"> = input;
  for (let invocations = 1; ; invocations += 1) {
    progress = await sweep({ ...input, progress }, dependencies);
    if (progress.position === null) return invocations;
  }
}

describe("sweep", () => {
  it.each([0, 100_000, 200_000])(
    "finds each difference once, also over several invocations (%i ms a page)",
    async (pageMs) => {
      const pages = [[draft("a"), draft("c")], [], [draft("e"), draft("g")], [draft("i")]];
      const { dependencies, started, published } = world(pages, ["a", "b", "e", "f", "i", "z"], { pageMs });

      const invocations = await sweepAll(dependencies);

      expect(invocations).toBe({ 0: 1, 100_000: 2, 200_000: 4 }[pageMs]);
      expect(started.sort()).toStrictEqual(["b", "c", "f", "g", "z"]);
      expect(published).toMatchObject([{ scanned: 5, differing: 5, started: 5, failing: 0 }]);
    },
  );

  it("takes no card for gone because AWS orders names in another way", async () => {
    const pages = [
      [draft("apple"), draft("Berry")],
      [draft("cherry"), draft("Date")],
    ];
    const names = pages.flat().map(({ modelCardName }) => modelCardName);
    const { dependencies, started, published } = world(pages, [...names, "gone", "Gone"], {
      pageMs: 200_000,
    });

    await sweepAll(dependencies);

    expect(started.sort()).toStrictEqual(["Gone", "gone"]);
    expect(published).toMatchObject([{ scanned: 4, differing: 2, started: 2 }]);
  });

  it("leaves cards that are gone to the next sweep where they are too many for its time", async () => {
    const gone = Array.from({ length: 300 }, (_, index) => `gone-${index}`);
    const { dependencies, started, published } = world([[]], gone, { readMs: 1_000 });

    await sweepAll(dependencies);

    expect(started).toHaveLength(270);
    expect(published).toMatchObject([{ scanned: 0, differing: 300, started: 270 }]);
  });

  it("compares the others where one cannot be compared, and fails behind that", async () => {
    const { dependencies, started, logged, published } = world(
      [[{ ...draft("bad"), status: "PendingReview" }, draft("good")]],
      ["bad"],
    );
    const inTest: LiveAccess = {
      ...inDev,
      audience: { ...inDev.audience, stage: "test", accountId: "333333333333" },
    };
    const poisoned = {
      ...dependencies,
      resourceSharing: {
        ...dependencies.resourceSharing,
        liveAccessOfAll: async () => new Map([[arnOf("bad"), [inDev, inTest]]]),
      },
      records: { ...dependencies.records, readCard: async () => Promise.reject(new TypeError("content")) },
    };

    await expect(sweep(input, poisoned)).rejects.toMatchObject({ name: "SweepIncompleteError" });

    expect(started).toStrictEqual(["good"]);
    expect(logged).toStrictEqual(["bad could not be compared: an unexpected error"]);
    expect(published).toMatchObject([{ scanned: 2, differing: 1, started: 1, failing: 1 }]);
  });

  it("is tried again as a whole where AWS is not available", async () => {
    const { dependencies, published } = world([[draft("a")]], []);
    const promotions = { start: async () => Promise.reject(new AwsUnavailableError("throttled")) };

    await expect(sweep(input, { ...dependencies, promotions })).rejects.toMatchObject({
      name: "AwsUnavailableError",
    });

    expect(published).toStrictEqual([]);
  });
});
