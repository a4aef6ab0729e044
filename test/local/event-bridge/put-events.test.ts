import { CreateEventBusCommand, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import type { PutEventsRequestEntry } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { eventBridgeInProcess, place, queueArn } from "./event-bridge-in-process.ts";

const entry = { Source: "cardway", DetailType: "CardChanged", Detail: '{"card":"churn"}' };

describe("PutEvents", () => {
  it("delivers an event to the targets of a matching rule", async () => {
    const { client, clock, eventBridge, sent } = eventBridgeInProcess();
    eventBridge.putRule(place, { Name: "r", EventPattern: '{"source":["cardway"]}' });
    eventBridge.putTargets(place, { Rule: "r", Targets: [{ Id: "queue", Arn: queueArn }] });

    const put = await client.send(
      new PutEventsCommand({ Entries: [{ ...entry, Time: new Date("2026-02-03T04:05:06.789Z") }] }),
    );
    await clock.advance(0);

    const EventId = put.Entries?.[0]?.EventId;
    expect(put).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId }] });
    expect(sent.map(({ body }) => JSON.parse(body))).toStrictEqual([
      {
        version: "0",
        id: EventId,
        "detail-type": "CardChanged",
        source: "cardway",
        account: "111111111111",
        time: "2026-02-03T04:05:06Z",
        region: "eu-central-1",
        resources: [],
        detail: { card: "churn" },
      },
    ]);
  });

  it.each<[PutEventsRequestEntry, string, string]>([
    [
      { ...entry, Source: undefined },
      "InvalidArgument",
      "Parameter Source is not valid. Reason: Source is a required argument.",
    ],
    [
      { ...entry, DetailType: undefined },
      "InvalidArgument",
      "Parameter DetailType is not valid. Reason: DetailType is a required argument.",
    ],
    [
      { ...entry, Detail: undefined },
      "InvalidArgument",
      "Parameter Detail is not valid. Reason: Detail is a required argument.",
    ],
    [{ ...entry, Detail: '"text"' }, "MalformedDetail", "Detail is malformed."],
    [{ ...entry, Detail: "[1]" }, "MalformedDetail", "Detail is malformed."],
    [
      { ...entry, Detail: `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}` },
      "MalformedDetail",
      "Detail is malformed.",
    ],
    [{ ...entry, Detail: '{"a":' }, "MalformedDetail", "Detail is malformed."],
    [
      { ...entry, Source: "aws.sagemaker" },
      "NotAuthorizedForSourceException",
      "Not authorized for the source.",
    ],
  ])("refuses the entry %o alone", async (refused, ErrorCode, ErrorMessage) => {
    const { client } = eventBridgeInProcess();

    const put = await client.send(new PutEventsCommand({ Entries: [refused, entry] }));

    expect(put.FailedEntryCount).toBe(1);
    expect(put.Entries?.[0]).toStrictEqual({ ErrorCode, ErrorMessage });
    expect(put.Entries?.[1]?.EventId).toBeTypeOf("string");
  });

  it("refuses more than ten entries without repeating them", async () => {
    const { client } = eventBridgeInProcess();

    const put = client.send(new PutEventsCommand({ Entries: Array.from({ length: 11 }, () => entry) }));

    await expect(put).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length less than or equal to 10",
    });
  });

  it("refuses entries of more than one mebibyte together", async () => {
    const { client } = eventBridgeInProcess();
    const half = { ...entry, Detail: JSON.stringify({ text: "é".repeat(262_144) }) };

    const one = await client.send(new PutEventsCommand({ Entries: [half] }));
    const two = client.send(new PutEventsCommand({ Entries: [half, half] }));

    expect(one.FailedEntryCount).toBe(0);
    await expect(two).rejects.toMatchObject({
      name: "ValidationException",
      message: "Total size of the entries in the request is over the limit.",
    });
  });

  it("takes and loses an event for a bus that does not exist, as AWS does, and logs it", async () => {
    const { client, lines } = eventBridgeInProcess();

    const put = await client.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: "none" }] }));

    expect(put.FailedEntryCount).toBe(0);
    expect(lines).toStrictEqual([
      "events: PutEvents names event bus none, which does not exist; the event is lost",
    ]);
  });

  it("refuses the bus of another account", async () => {
    const { client } = eventBridgeInProcess();
    const EventBusName = "arn:aws:events:eu-central-1:222222222222:event-bus/default";

    const put = client.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName }] }));

    await expect(put).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("routes only by the rules of the bus named, by name or ARN", async () => {
    const { client, clock, eventBridge, sent } = eventBridgeInProcess();
    const { EventBusArn } = await client.send(new CreateEventBusCommand({ Name: "cards" }));
    for (const EventBusName of ["default", "cards"]) {
      eventBridge.putRule(place, { Name: "r", EventBusName, EventPattern: '{"source":["cardway"]}' });
      eventBridge.putTargets(place, {
        Rule: "r",
        EventBusName,
        Targets: [{ Id: "queue", Arn: queueArn, Input: JSON.stringify(EventBusName) }],
      });
    }

    await client.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: EventBusArn }] }));
    await client.send(new PutEventsCommand({ Entries: [{ ...entry, EventBusName: "cards" }] }));
    await clock.advance(0);

    expect(sent.map(({ body }) => body)).toStrictEqual(['"cards"', '"cards"']);
  });
});
