import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { executionNameFor } from "../../../functions/aws/step-functions.ts";
import { AwsUnavailableError } from "../../../functions/errors.ts";
import { sweep } from "../../../functions/sweep/sweep.ts";
import { arnOf, devShare, draft, input, sweepAll, world } from "./sweep-world.ts";

describe("sweep", () => {
  it.each([0, 100_000, 200_000])(
    "finds each difference once, also over several invocations (%i ms a page)",
    async (pageMs) => {
      const pages = [[draft("a"), draft("c")], [], [draft("e"), draft("g")], [draft("i")]];
      const shared = ["a", "b", "e", "f", "i", "z"];
      const { dependencies, started, completed } = await world(pages, shared, { pageMs });

      const { invocations } = await sweepAll(dependencies);

      expect(invocations).toBe({ 0: 1, 100_000: 2, 200_000: 4 }[pageMs]);
      expect(started.sort()).toStrictEqual(["b", "c", "f", "g", "z"]);
      expect(completed()).toMatchObject([
        {
          scanned: 5,
          differing: 5,
          started: 5,
          failing: 0,
          differences: {
            "access-missing": 2,
            "not-settled": 2,
            "gone-but-shared": 3,
            "gone-but-recorded": 3,
          },
        },
      ]);
    },
  );

  it("comes to the same wherever it is cut", async () => {
    const names = "abcdefghij".split("");
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(names),
        fc.subarray(names),
        fc.integer({ min: 1, max: 10 }),
        fc.constantFrom(0, 60_000, 200_000),
        async (listed, shared, pageSize, pageMs) => {
          const pages = [];
          for (let at = 0; at < listed.length; at += pageSize) {
            pages.push(listed.slice(at, at + pageSize).map(draft));
          }
          const whole = await world(pages.length === 0 ? [[]] : pages, shared);
          const cut = await world(pages.length === 0 ? [[]] : pages, shared, { pageMs });
          await sweepAll(whole.dependencies);
          await sweepAll(cut.dependencies);

          expect(cut.started.sort()).toStrictEqual(whole.started.sort());
          const untimed = { at: "", durationSeconds: 0 };
          const ends = [cut, whole].map((one) =>
            one.completed().map((detail) => ({ ...detail, ...untimed })),
          );
          expect(ends[0]).toStrictEqual(ends[1]);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("takes no card for gone because AWS orders names in another way", async () => {
    const pages = [
      [draft("apple"), draft("Berry")],
      [draft("cherry"), draft("Date")],
    ];
    const names = pages.flat().map(({ modelCardName }) => modelCardName);
    const { dependencies, started, completed } = await world(pages, [...names, "gone", "Gone"], {
      pageMs: 200_000,
    });

    await sweepAll(dependencies);

    expect(started.sort()).toStrictEqual(["Gone", "gone"]);
    expect(completed()).toMatchObject([{ scanned: 4, differing: 2, started: 2 }]);
  });

  it("leaves cards that are gone to the next sweep where they are too many for its time", async () => {
    const gone = Array.from({ length: 300 }, (_, index) => `gone-${index}`);
    const { dependencies, started, completed } = await world([[]], gone, { readMs: 1_000 });

    await sweepAll(dependencies);

    expect(started).toHaveLength(270);
    expect(completed()).toMatchObject([{ scanned: 0, differing: 300, started: 270 }]);
  });

  it("compares the others where one cannot be compared, and counts that one as failing", async () => {
    const { dependencies, started, logged, completed } = await world([[draft("bad"), draft("good")]], []);
    const { readCard } = dependencies.records;
    const poisoned = {
      ...dependencies,
      records: {
        ...dependencies.records,
        readCard: (arn: string) =>
          arn === arnOf("bad") ? Promise.reject(new TypeError("content")) : readCard(arn),
      },
    };

    const progress = await sweep(input, poisoned);

    expect(progress).toMatchObject({ position: null, failing: 1 });
    expect(started).toStrictEqual(["good"]);
    expect(logged).toStrictEqual(["bad could not be compared: an unexpected error"]);
    expect(completed()).toMatchObject([{ scanned: 2, differing: 1, started: 1, failing: 1 }]);
  });

  it("is tried again as a whole where AWS is not available from the beginning", async () => {
    const { dependencies, published } = await world([[draft("a")]], []);
    const promotions = { start: async () => Promise.reject(new AwsUnavailableError("throttled")) };

    await expect(sweep(input, { ...dependencies, promotions })).rejects.toMatchObject({
      name: "AwsUnavailableError",
    });

    expect(published).toStrictEqual([]);
  });

  it("goes on with the page at which AWS was not available, and counts nothing twice", async () => {
    const { dependencies, completed, published } = await world(
      [[draft("a"), draft("b")], [draft("c"), draft("d")], [draft("e")]],
      [],
    );
    let throttled = true;
    const { start } = dependencies.promotions;
    const promotions = {
      start: async (request: { modelCardArn?: string }) => {
        if (request.modelCardArn === arnOf("d") && throttled) {
          throttled = false;
          throw new AwsUnavailableError("throttled");
        }
        await start(request);
      },
    };

    const { invocations } = await sweepAll({ ...dependencies, promotions });

    expect(invocations).toBe(2);
    expect(published.map(({ detailType }) => detailType)).toStrictEqual([
      "SweepProgressed",
      "SweepCompleted",
    ]);
    expect(completed()).toMatchObject([{ scanned: 5, differing: 5, started: 5 }]);
  });

  it("counts what an earlier try of it started, also where that is done by now", async () => {
    const { dependencies, completed, settle } = await world([[draft("a")]], ["a"]);
    await settle("a", `execution:${executionNameFor(`${input.executionArn} ${arnOf("a")}`)}`);

    await sweepAll(dependencies);

    expect(completed()).toMatchObject([{ differing: 1, started: 1, repaired: 0 }]);
  });

  it("counts as repaired what the sweep before started and what is as it should be now", async () => {
    const { dependencies, completed, settle } = await world(
      [[draft("a"), draft("b"), draft("c")]],
      ["a", "c"],
    );
    const sweepArn = (number: number): string => input.executionArn.replace(/1$/, String(number));
    await sweepAll(dependencies);
    await settle("a", `execution:${executionNameFor(`${sweepArn(1)} ${arnOf("a")}`)}`);

    await sweepAll(dependencies, { executionArn: sweepArn(2) });
    await sweepAll(dependencies, { executionArn: sweepArn(2) });
    await sweepAll(dependencies, { executionArn: sweepArn(3) });

    expect(completed()).toMatchObject([{ repaired: 0 }, { repaired: 1 }, { repaired: 1 }, { repaired: 0 }]);
  });

  it("says what it would do, and does nothing, in a dry run", async () => {
    const { dependencies, started, published } = await world([[draft("a"), draft("b")]], ["a", "z"]);

    const { progress } = await sweepAll(dependencies, { dryRun: true });

    expect(progress).toMatchObject({ scanned: 2, differing: 2, started: 0 });
    expect(progress.found).toStrictEqual([
      { modelCardName: "b", differences: ["access-missing", "not-settled"] },
      { modelCardName: "z", differences: ["gone-but-shared", "gone-but-recorded"] },
    ]);
    expect(started).toStrictEqual([]);
    expect(published).toStrictEqual([]);
    expect(await dependencies.records.lastSweep()).toBeUndefined();
  });

  it("names 500 cards and counts all", async () => {
    const cards = Array.from({ length: 600 }, (_, index) => draft(`card-${index}`));
    const { dependencies } = await world([cards], []);

    const { progress } = await sweepAll(dependencies, { dryRun: true });

    expect(progress.differing).toBe(600);
    expect(progress.found).toHaveLength(500);
    expect(JSON.stringify(progress).length).toBeLessThan(100_000);
  });

  it("has a few cards mend the principals of their share for all of them, others each time", async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `card-${String(index).padStart(4, "0")}`);
    const share = { ...devShare, principals: [] };
    const { dependencies, started, completed } = await world([names.map(draft)], names, { share });

    await sweepAll(dependencies);
    const first = [...started];
    await sweepAll(dependencies, { executionArn: `${input.executionArn}-other` });
    const second = started.slice(first.length);

    expect(completed()).toMatchObject([
      { differing: 1_000, differences: { "principal-missing": 1_000 } },
      { differing: 1_000 },
    ]);
    expect(first).toContain("card-0000");
    expect(first.length).toBeLessThan(20);
    expect(second).not.toStrictEqual(first);
    expect(second).toContain("card-0000");
  });
});
