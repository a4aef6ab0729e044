import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { VirtualClock } from "../../../local/clock.ts";
import { createLocalCloud } from "../../../local/cloud.ts";
import type { Journal } from "../../../local/journal/journal.ts";
import { journalDirectories } from "../journal-directory.ts";
import { answer, region, subjects } from "./portraits.ts";

const directories = journalDirectories();
afterAll(() => directories.removeAll());

const start = new Date("2026-01-01T00:00:00.000Z");

/** All services with a journal, on a clock that stands still. */
function startCloud(journal: Journal, generation: number, now: Date) {
  const clock = new VirtualClock(now);
  let ids = 0;
  const cloud = createLocalCloud({
    context: {
      clock,
      newId: () =>
        `00000000-0000-4000-8${String(generation).padStart(3, "0")}-${String((ids += 1)).padStart(12, "0")}`,
      random: () => 0.5,
      log: () => undefined,
      journal,
    },
    settings: lifecycleSettings,
    homeRegion: region,
    awsUrl: () => "http://aws.test",
    approvalPageUrl: () => "http://pages.test",
    logLevel: "SILENT",
    associationDelayMs: () => 2_000,
    // Longer than a test, so that no function runs.
    eventDelayMs: () => 86_400_000,
    keepFinishedExecutions: 5,
    keepMessages: 5,
  });
  cloud.open(region);
  cloud.resume();
  return { clock, subjects: subjects(cloud) };
}

const act = fc.record({
  act: fc.nat(),
  name: fc.constantFrom("aaa", "bbb"),
  n: fc.nat(5),
  afterMs: fc.constantFrom(0, 0, 0, 500, 3_000),
});

/** What every run begins with, so that there is something to work on. */
const creations = ["aaa", "bbb"].map((name) => ({ act: 0, name, n: 1, afterMs: 0 }));

describe.each(["sagemaker", "ram", "dynamodb", "sqs", "kms", "ses", "iam", "events", "states"])(
  "%s",
  (service) => {
    it("looks the same through the API after kill -9, whatever was done before", async () => {
      let calls = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(act, { minLength: 20, maxLength: 40 }),
          fc.nat(100),
          async (acts, later) => {
            const directory = directories.make();
            const first = startCloud(directories.open(directory), 0, start);
            const before = first.subjects[service];
            for (const { act, name, n, afterMs } of [...creations, ...acts]) {
              const run = before?.acts[act % before.acts.length];
              if (run !== undefined)
                calls +=
                  typeof (await answer(Promise.resolve(run(name, n)).then(() => ({})))) === "object" ? 1 : 0;
              await first.clock.advance(afterMs);
            }
            // Some acts more after a restart in between, so that what was read back is also changed.
            const { directory: secondDirectory, journal } = directories.kill(directory);
            const second = startCloud(journal, 1, first.clock.now());
            const between = second.subjects[service];
            for (const { act, name, n } of acts.slice(0, later % acts.length)) {
              await answer(
                Promise.resolve(between?.acts[act % (between.acts.length || 1)]?.(name, n)).then(() => ({})),
              );
            }
            await second.clock.advance(0);

            const third = startCloud(directories.kill(secondDirectory).journal, 2, second.clock.now());
            await third.clock.advance(0);

            expect(await third.subjects[service]?.portrait()).toStrictEqual(await between?.portrait());
          },
        ),
        { numRuns: 4 },
      );
      expect(calls).toBeGreaterThan(20);
    }, 60_000);
  },
);
