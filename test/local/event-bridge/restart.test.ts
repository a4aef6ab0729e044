import { afterAll, describe, expect, it } from "vitest";
import { VirtualClock } from "../../../local/clock.ts";
import { createEventBridge } from "../../../local/event-bridge/event-bridge.ts";
import { AwsError } from "../../../local/wire/aws-error.ts";
import { journalDirectories } from "../journal-directory.ts";
import { testContext } from "../sdk-request-handler.ts";

const directories = journalDirectories();
afterAll(() => directories.removeAll());

const place = { accountId: "111111111111", region: "eu-central-1" };
const queueArn = "arn:aws:sqs:eu-central-1:111111111111:queue";
const event = {
  version: "0",
  id: "one",
  "detail-type": "Happened",
  source: "test",
  account: place.accountId,
  time: "2026-01-01T00:00:00Z",
  region: place.region,
  resources: [],
  detail: {},
};

/** EventBridge with a rule for an event or a schedule, and a queue that takes events or does not. */
function durable(trigger: { EventPattern: string } | { ScheduleExpression: string }) {
  const directory = directories.make();
  const taken: Date[] = [];
  const queue = { isThere: true };
  const begin = (journal: ReturnType<typeof directories.open>, now?: Date) => {
    const context = { ...testContext(), journal, ...(now && { clock: new VirtualClock(now) }) };
    const bridge = createEventBridge(context, {
      startExecution: () => ({ executionArn: "" }),
      invokeFunction: () => Promise.resolve(),
      sendMessage: () => {
        if (!queue.isThere) throw new AwsError("ThrottlingException", "");
        taken.push(context.clock.now());
      },
      roleMay: () => true,
      eventDelayMs: () => 10_000,
    });
    return { bridge, clock: context.clock };
  };
  const first = begin(directories.open(directory));
  first.bridge.putRule(place, { Name: "rule", ...trigger });
  first.bridge.putTargets(place, { Rule: "rule", Targets: [{ Id: "queue", Arn: queueArn }] });
  return {
    ...first,
    queue,
    taken,
    /** Kills the process, and starts the next one `downMs` later. */
    restart(downMs: number) {
      const { journal } = directories.kill(directory);
      const next = begin(journal, new Date(first.clock.now().getTime() + downMs));
      next.bridge.resume();
      return next;
    },
  };
}

const onEvent = { EventPattern: JSON.stringify({ source: ["test"] }) };
const at = (seconds: number) => new Date(Date.parse("2026-01-01T00:00:00.000Z") + seconds * 1000);

describe("EventBridge after a restart", () => {
  it("delivers an event that was on its way at its moment, and once", async () => {
    const { bridge, clock, taken, restart } = durable(onEvent);
    bridge.publish(event);
    await clock.advance(4_000);

    const next = restart(2_000);
    await next.clock.advance(60_000);

    expect(taken).toStrictEqual([at(10)]);
  });

  it("delivers an event at once whose moment has passed", async () => {
    const { bridge, clock, taken, restart } = durable(onEvent);
    bridge.publish(event);
    await clock.advance(0);

    const next = restart(3_600_000);
    await next.clock.advance(0);

    expect(taken).toStrictEqual([at(3600)]);
  });

  it("goes on with the retries of a delivery at their moments", async () => {
    const { bridge, clock, queue, taken, restart } = durable(onEvent);
    queue.isThere = false;
    bridge.publish(event);
    await clock.advance(10_100);

    const next = restart(100);
    queue.isThere = true;
    await next.clock.advance(60_000);

    // The first back-off is three quarters of a second with a jitter that is always half.
    expect(taken).toStrictEqual([at(10.75)]);
  });

  it("delivers nothing twice", async () => {
    const { bridge, clock, taken, restart } = durable(onEvent);
    bridge.publish(event);
    await clock.advance(20_000);

    const next = restart(1_000);
    await next.clock.advance(3_600_000);

    expect(taken).toStrictEqual([at(10)]);
  });

  it("keeps a schedule's moments, and makes up for none", async () => {
    const { clock, taken, restart } = durable({ ScheduleExpression: "rate(1 hour)" });
    await clock.advance(3_600_000);

    const next = restart(2.5 * 3_600_000);
    await next.clock.advance(3_600_000);

    expect(taken).toStrictEqual([at(3600), at(4 * 3600)]);
  });
});
