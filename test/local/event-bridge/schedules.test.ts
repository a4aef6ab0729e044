import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import {
  cardEvent,
  eventBridgeInProcess,
  place,
  queueArn,
  roleArn,
  stateMachineArn,
} from "./event-bridge-in-process.ts";

const hour = 3_600_000;

/** A rule `sweep` with that schedule and a state machine as its target. */
async function scheduled(ScheduleExpression: string, EventPattern?: string) {
  const bridge = eventBridgeInProcess();
  await bridge.client.send(new PutRuleCommand({ Name: "sweep", ScheduleExpression, EventPattern }));
  const Targets = [{ Id: "workflow", Arn: stateMachineArn, RoleArn: roleArn }];
  await bridge.client.send(new PutTargetsCommand({ Rule: "sweep", Targets }));
  return bridge;
}

describe("a rule with a schedule", () => {
  it("sends its targets AWS's scheduled event, after each interval", async () => {
    const { client, clock, started } = await scheduled("rate(2 hours)");

    await clock.advance(2 * hour - 1);
    expect(started).toHaveLength(0);
    await clock.advance(1);

    expect(started).toHaveLength(1);
    expect(JSON.parse(started[0]?.input ?? "")).toStrictEqual({
      version: "0",
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: place.accountId,
      time: "2026-01-01T02:00:00Z",
      region: place.region,
      resources: [`arn:aws:events:${place.region}:${place.accountId}:rule/sweep`],
      detail: {},
    });
    await clock.advance(20 * hour);
    expect(started).toHaveLength(11);
    expect(await client.send(new DescribeRuleCommand({ Name: "sweep" }))).toMatchObject({
      ScheduleExpression: "rate(2 hours)",
      State: "ENABLED",
    });
  });

  it("sends it to no other rule", async () => {
    const { client, clock, started, sent } = await scheduled("rate(1 hour)");
    const EventPattern = JSON.stringify({ source: ["aws.events"] });
    await client.send(new PutRuleCommand({ Name: "other", EventPattern }));
    await client.send(new PutTargetsCommand({ Rule: "other", Targets: [{ Id: "queue", Arn: queueArn }] }));

    await clock.advance(hour);

    expect([started.length, sent.length]).toStrictEqual([1, 0]);
  });

  it("can have a pattern too, and is started by both", async () => {
    const pattern = JSON.stringify({ source: ["aws.sagemaker"] });
    const { eventBridge, clock, started } = await scheduled("rate(1 hour)", pattern);

    eventBridge.publish(cardEvent);
    await clock.advance(hour);

    expect(started).toHaveLength(2);
  });

  it("matches no event where it has no pattern", async () => {
    const { eventBridge, clock, started } = await scheduled("rate(1 hour)");

    eventBridge.publish(cardEvent);
    await clock.advance(hour / 2);

    expect(started).toHaveLength(0);
  });

  it("stops while it is disabled, and starts anew when it is enabled or put again", async () => {
    const { client, clock, started } = await scheduled("rate(1 hour)");
    await client.send(new DisableRuleCommand({ Name: "sweep" }));
    await clock.advance(5 * hour);
    expect(started).toHaveLength(0);

    await client.send(new EnableRuleCommand({ Name: "sweep" }));
    await clock.advance(hour);
    expect(started).toHaveLength(1);

    await client.send(new PutRuleCommand({ Name: "sweep", ScheduleExpression: "rate(30 minutes)" }));
    await clock.advance(hour);
    expect(started).toHaveLength(3);
  });

  it("goes on in step where it is enabled already", async () => {
    const { client, clock, started } = await scheduled("rate(1 hour)");
    await clock.advance(hour / 2);

    await client.send(new EnableRuleCommand({ Name: "sweep" }));
    await clock.advance(hour / 2);

    expect(started).toHaveLength(1);
  });

  it("ends when it is deleted", async () => {
    const { client, clock, started } = await scheduled("rate(1 hour)");
    await clock.advance(hour);
    await client.send(new RemoveTargetsCommand({ Rule: "sweep", Ids: ["workflow"] }));
    await client.send(new DeleteRuleCommand({ Name: "sweep" }));

    // Another rule of the same name has nothing to do with it.
    const EventPattern = JSON.stringify({ source: ["nobody"] });
    await client.send(new PutRuleCommand({ Name: "sweep", EventPattern }));
    const Targets = [{ Id: "workflow", Arn: stateMachineArn, RoleArn: roleArn }];
    await client.send(new PutTargetsCommand({ Rule: "sweep", Targets }));
    await clock.advance(5 * hour);

    expect(started).toHaveLength(1);
  });
});

describe("a schedule expression", () => {
  it.each([
    "rate(1 minute)",
    "rate(5 minutes)",
    "rate(1 hour)",
    "rate(12 hours)",
    "rate(1 day)",
    "rate(7 days)",
  ])("can be %s", async (ScheduleExpression) => {
    const { client } = eventBridgeInProcess();

    await client.send(new PutRuleCommand({ Name: "r", ScheduleExpression }));

    expect(await client.send(new DescribeRuleCommand({ Name: "r" }))).toMatchObject({ ScheduleExpression });
  });

  it.each([
    "rate(1 hours)",
    "rate(2 hour)",
    "rate(0 minutes)",
    "rate(-1 hours)",
    "rate(1.5 hours)",
    "rate(30 seconds)",
    "rate(1hour)",
    "rate (1 hour)",
    "RATE(1 hour)",
    "at(2026-01-01T00:00:00)",
    "hourly",
  ])("cannot be %s", async (ScheduleExpression) => {
    const { client } = eventBridgeInProcess();

    await expect(client.send(new PutRuleCommand({ Name: "r", ScheduleExpression }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Parameter ScheduleExpression is not valid.",
    });
  });

  it("with cron is refused as not built, and the log says so", async () => {
    const { client, lines } = eventBridgeInProcess();

    await expect(
      client.send(new PutRuleCommand({ Name: "r", ScheduleExpression: "cron(0 12 * * ? *)" })),
    ).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "Parameter ScheduleExpression is not valid. Reason: cron is not built in the local endpoint; use rate.",
    });

    expect(lines).toStrictEqual([
      "events: a ScheduleExpression with cron is not built in the local endpoint",
    ]);
  });

  it("belongs to rules of the default bus only", async () => {
    const { client } = eventBridgeInProcess();
    await client.send(new CreateEventBusCommand({ Name: "own" }));

    await expect(
      client.send(new PutRuleCommand({ Name: "r", EventBusName: "own", ScheduleExpression: "rate(1 hour)" })),
    ).rejects.toMatchObject({ message: "ScheduleExpression is supported only on the default event bus." });
  });
});
