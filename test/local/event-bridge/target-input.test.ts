import { describe, expect, it } from "vitest";
import { compileTargetInput } from "../../../local/event-bridge/target-input.ts";
import type { InputSettings } from "../../../local/event-bridge/target-input.ts";
import { cardEvent } from "./event-bridge-in-process.ts";

const rule = { arn: "arn:aws:events:eu-central-1:111111111111:rule/example", name: "example" };
const event = {
  ...cardEvent,
  detail: {
    "instance-id": "i-0123456789",
    state: 'RUN"NING',
    count: 5,
    none: null,
    tags: ["HIGH", "LOW"],
    owner: { name: "Anna" },
  },
};

function inputOf(settings: Omit<InputSettings, "Id">): string {
  const ingestedAt = new Date("2026-01-01T00:00:02.345Z");
  return compileTargetInput({ Id: "t", ...settings })(
    { event, text: JSON.stringify(event), ingestedAt },
    rule,
  );
}

function filled(InputTemplate: string, InputPathsMap: Record<string, string> = {}): string {
  return inputOf({ InputTransformer: { InputPathsMap, InputTemplate } });
}

describe("compileTargetInput", () => {
  it("passes the whole event by default", () => {
    expect(inputOf({})).toBe(JSON.stringify(event));
  });

  it("passes a constant as it was put", () => {
    expect(inputOf({ Input: '{ "a": 1 }' })).toBe('{ "a": 1 }');
  });

  it.each([
    ["$", JSON.stringify(event)],
    ["$.detail.owner", '{"name":"Anna"}'],
    ["$.detail.instance-id", '"i-0123456789"'],
    ["$.detail.none", "null"],
    ["$.detail.tags[1]", '"LOW"'],
    ["$.detail.tags[*]", '["HIGH","LOW"]'],
    ["$.detail.owner.*", '["Anna"]'],
    ["$.resources[0]", `"${event.resources[0]}"`],
  ])("passes the part of the event at %s", (InputPath, expected) => {
    expect(inputOf({ InputPath })).toBe(expected);
  });

  it("refuses to deliver where the event has nothing at the path", () => {
    expect(() => inputOf({ InputPath: "$.detail.missing" })).toThrow(
      expect.objectContaining({ name: "UndeliverableError", errorCode: "INVALID_JSON" }),
    );
  });

  it("fills a text template, with values inserted as they are", () => {
    const text = filled(String.raw`"instance <id> is \"<state>\", <count>, <missing>."`, {
      id: "$.detail.instance-id",
      state: "$.detail.owner.name",
      count: "$.detail.count",
      missing: "$.detail.missing",
    });

    expect(text).toBe(String.raw`"instance i-0123456789 is \"Anna\", 5, ."`);
  });

  it("fills an object template: JSON values outside quotes, text within them, and shortens it", () => {
    const text = filled(
      '{\n  "id" : <id>,\n  "state": [ 9, <count>, true ], "said": "<id> is <count>",\n  "tags": <tags>, "owner": <owner>, "none": <none>, "missing": <missing>\n}',
      {
        id: "$.detail.instance-id",
        count: "$.detail.count",
        tags: "$.detail.tags",
        owner: "$.detail.owner",
        none: "$.detail.none",
        missing: "$.detail.missing",
      },
    );

    expect(text).toBe(
      '{"id":"i-0123456789","state":[9,5,true],"said":"i-0123456789 is 5","tags":["HIGH","LOW"],"owner":{"name":"Anna"},"none":null,"missing":""}',
    );
  });

  it("escapes a value outside quotes and cannot deliver one with a quote within quotes", () => {
    const paths = { state: "$.detail.state" };

    expect(filled('{"state":<state>}', paths)).toBe(String.raw`{"state":"RUN\"NING"}`);
    expect(() => filled('{"state":"<state>"}', paths)).toThrow(
      expect.objectContaining({ errorCode: "INVALID_JSON" }),
    );
  });

  it("knows the predefined variables", () => {
    const text = filled(
      '{"rule":<aws.events.rule-arn>,"name":"<aws.events.rule-name>","at":<aws.events.event.ingestion-time>,"event":<aws.events.event>,"json":<aws.events.event.json>}',
    );

    expect(JSON.parse(text)).toStrictEqual({
      rule: rule.arn,
      name: "example",
      at: "2026-01-01T00:00:02Z",
      event: {
        id: event.id,
        account: "111111111111",
        detailType: "SageMaker Model Card State Change",
        time: "2026-01-01T00:00:00Z",
        source: "aws.sagemaker",
        region: "eu-central-1",
        resources: event.resources,
        version: "0",
      },
      json: event,
    });
  });

  it("inserts objects and lists into a text template without quotes", () => {
    expect(filled('"<owner> <tags>"', { owner: "$.detail.owner", tags: "$.detail.tags" })).toBe(
      '"{name:Anna} [HIGH,LOW]"',
    );
  });

  it("takes a < that begins no placeholder as text", () => {
    expect(filled('"1 < 2 and <b> > a"', { b: "$.detail.count" })).toBe('"1 < 2 and 5 > a"');
  });
});
