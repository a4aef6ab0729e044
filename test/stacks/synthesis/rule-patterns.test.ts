import { beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { compileEventPattern } from "../../../local/event-bridge/event-pattern.ts";
import { Graph } from "./graph.ts";

/** As AWS's page of SageMaker's events prints it, cut to what patterns may look at. */
const stateChange = {
  source: "aws.sagemaker",
  "detail-type": "SageMaker Model Card State Change",
  account: "123456789012",
  resources: ["arn:aws:sagemaker:us-east-1:123456789012:model-card/example-card"],
  detail: { ModelCardVersion: 2, ModelCardName: "example-card", ModelCardStatus: "Draft" },
};
const call = (eventName: string, more: object = {}) => ({
  source: "aws.sagemaker",
  "detail-type": "AWS API Call via CloudTrail",
  account: "123456789012",
  resources: [],
  detail: {
    eventSource: "sagemaker.amazonaws.com",
    eventName,
    requestParameters: { modelCardName: "example-card" },
    ...more,
  },
});
const ours = { source: "cardway", "detail-type": "AccessGranted", resources: [], detail: {} };

const events: [what: string, event: object, rules: string[]][] = [
  ["a changed card, as SageMaker tells it", stateChange, ["cardway-model-card-state-change"]],
  ["a created card, as CloudTrail tells it", call("CreateModelCard"), ["cardway-model-card-call"]],
  ["an updated card", call("UpdateModelCard"), ["cardway-model-card-call"]],
  ["a deleted card", call("DeleteModelCard"), ["cardway-model-card-call"]],
  ["a call that SageMaker refused", call("UpdateModelCard", { errorCode: "ValidationException" }), []],
  ["a call about no card", call("CreateModel"), []],
  ["a call that only reads", call("DescribeModelCard"), []],
  ["the same words of another source", { ...stateChange, source: "aws.sagemaker.copy" }, []],
  [
    "another event of SageMaker",
    { ...stateChange, "detail-type": "SageMaker Model Package State Change" },
    [],
  ],
  ["an event of ours", ours, ["cardway-event-log"]],
];

let patterns: { name: string; matches: (event: object) => boolean }[];

beforeAll(async () => {
  const graph = await Graph.of("production");
  const RuleSchema = z.object({ name: z.string(), eventPattern: z.string().optional() });
  patterns = graph
    .all("cloudwatch/eventRule:EventRule", RuleSchema)
    .flatMap(({ name, eventPattern }) =>
      eventPattern === undefined ? [] : [{ name, matches: compileEventPattern(eventPattern) }],
    );
}, 300_000);

describe("the rules that deploy", () => {
  it.each(events)("match %s as they should", (_what, event, rules) => {
    expect(patterns.filter(({ matches }) => matches(event)).map(({ name }) => name)).toStrictEqual(rules);
  });
});
