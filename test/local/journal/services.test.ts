import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import lifecycleSettings from "../../../lifecycle.config.ts";
import { VirtualClock } from "../../../local/clock.ts";
import { createLocalCloud } from "../../../local/cloud.ts";
import type { Journal } from "../../../local/journal/journal.ts";
import { journalDirectories } from "../journal-directory.ts";
// Loading it takes real time, which virtual time would run away from.
import "../../../local/sagemaker/pdf/model-card-pdf.ts";
import { type Act, answer, region, subjects } from "./portraits.ts";

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
    modelCardBehaviour: { deletingMs: 2_000 },
  });
  cloud.open(region);
  cloud.resume();
  return { clock, subjects: subjects(cloud) };
}

type Cloud = ReturnType<typeof startCloud>;

const step = fc.record({ act: fc.nat(), name: fc.constantFrom("aaa", "bbb"), n: fc.nat(5) });

/** @returns whether the call was taken. */
async function done(act: Act | undefined, { name, n }: { name: string; n: number }): Promise<boolean> {
  const said = await answer(Promise.resolve(act?.(name, n)).then(() => ({})));
  return typeof said === "object";
}

/** Lets what is under way come to its end, and looks at everything. */
async function look({ clock, subjects }: Cloud, service: string): Promise<unknown> {
  await clock.advance(3_000);
  return subjects[service]?.portrait();
}

describe.each(["sagemaker", "s3", "ram", "dynamodb", "sqs", "kms", "ses", "iam", "events", "states"])(
  "%s",
  (service) => {
    it("looks the same through the API after kill -9, whatever was done last", async () => {
      const taken = new Set<number>();
      const plan = fc.record({
        order: fc.infiniteStream(fc.nat()),
        steps: fc.array(step, { minLength: 30, maxLength: 30 }),
      });
      await fc.assert(
        fc.asyncProperty(plan, async ({ order, steps }) => {
          let directory = directories.make();
          let cloud = startCloud(directories.open(directory), 0, start);
          const kinds = cloud.subjects[service]?.acts.length ?? 0;
          for (const name of ["aaa", "bbb"]) await done(cloud.subjects[service]?.acts[0], { name, n: 1 });
          const shuffled = [...order.take(kinds)].map((weight, kind) => ({ weight, kind }));
          shuffled.sort((a, b) => a.weight - b.weight);
          for (const [generation, { kind }] of shuffled.entries()) {
            const acts = cloud.subjects[service]?.acts ?? [];
            for (const { act, ...parts } of steps.slice(generation * 2, generation * 2 + 2)) {
              await done(acts[act % kinds], parts);
            }
            // The last act before the kill is one that was taken, so more is made until there is something for it.
            for (const parts of [...steps, ...steps]) {
              if (await done(acts[kind], parts)) {
                taken.add(kind);
                break;
              }
              await done(acts[0], parts);
              await done(acts[2], parts);
            }
            await cloud.clock.advance(0);

            const killed = directories.kill(directory);
            const next = startCloud(killed.journal, generation + 1, cloud.clock.now());
            const [after, before] = [await look(next, service), await look(cloud, service)];

            expect({ kind, seen: after }).toStrictEqual({ kind, seen: before });
            ({ directory } = killed);
            cloud = next;
          }
          expect(taken.size).toBeGreaterThan(kinds / 2 - 1);
        }),
        { numRuns: 2, endOnFailure: true },
      );
    }, 60_000);
  },
);
