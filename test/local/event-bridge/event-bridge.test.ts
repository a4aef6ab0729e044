import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DeleteRuleCommand,
  DescribeEventBusCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  EnableRuleCommand,
  EventBridgeClient,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TagResourceCommand,
  TestEventPatternCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-eventbridge";
import type { Target } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { sdkClientSettings } from "../sdk-request-handler.ts";
import {
  cardEvent,
  deadLetterQueueArn,
  eventBridgeInProcess,
  functionArn,
  place,
  queueArn,
  roleArn,
  stateMachineArn,
} from "./event-bridge-in-process.ts";

const EventPattern = JSON.stringify({ source: ["aws.sagemaker"] });

describe("event buses", () => {
  it("has a default bus in every account and region", async () => {
    const { client, eventBridge } = eventBridgeInProcess();
    const elsewhere = new EventBridgeClient(
      sdkClientSettings(eventBridge.service, { accountId: "222222222222", region: "us-east-1" }),
    );

    const [here, there] = [
      await client.send(new DescribeEventBusCommand({})),
      await elsewhere.send(new ListEventBusesCommand({})),
    ];

    expect(here).toMatchObject({
      Name: "default",
      Arn: "arn:aws:events:eu-central-1:111111111111:event-bus/default",
      CreationTime: new Date("2026-01-01T00:00:00.000Z"),
    });
    expect(there.EventBuses).toMatchObject([
      { Name: "default", Arn: "arn:aws:events:us-east-1:222222222222:event-bus/default" },
    ]);
  });

  it("creates, lists page by page and deletes a bus", async () => {
    const { client } = eventBridgeInProcess();
    for (const Name of ["cards", "cards-2"]) await client.send(new CreateEventBusCommand({ Name }));

    const first = await client.send(new ListEventBusesCommand({ NamePrefix: "cards", Limit: 1 }));
    const second = await client.send(
      new ListEventBusesCommand({ NamePrefix: "cards", Limit: 1, NextToken: first.NextToken }),
    );
    await client.send(new DeleteEventBusCommand({ Name: "cards" }));

    expect(first.EventBuses?.map(({ Name }) => Name)).toStrictEqual(["cards"]);
    expect(second.EventBuses?.map(({ Name }) => Name)).toStrictEqual(["cards-2"]);
    expect(second.NextToken).toBeUndefined();
    await expect(client.send(new DescribeEventBusCommand({ Name: "cards" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Event bus cards does not exist.",
    });
  });

  it("refuses a bus that exists, the deletion of the default bus, and of a bus with rules", async () => {
    const { client } = eventBridgeInProcess();
    await client.send(new CreateEventBusCommand({ Name: "cards" }));
    await client.send(new PutRuleCommand({ Name: "r", EventBusName: "cards", EventPattern }));

    await expect(client.send(new CreateEventBusCommand({ Name: "cards" }))).rejects.toMatchObject({
      name: "ResourceAlreadyExistsException",
      message: "Event bus cards already exists.",
    });
    await expect(client.send(new DeleteEventBusCommand({ Name: "default" }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Cannot delete event bus default.",
    });
    await expect(client.send(new DeleteEventBusCommand({ Name: "cards" }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });

  it("refuses and logs what it does not model", async () => {
    const { client, lines } = eventBridgeInProcess();

    const created = client.send(
      new CreateEventBusCommand({ Name: "cards", KmsKeyIdentifier: "alias/events" }),
    );

    await expect(created).rejects.toMatchObject({ name: "ValidationException" });
    expect(lines).toStrictEqual([
      "events: CreateEventBus with kmsKeyIdentifier is not built in the local endpoint",
    ]);
  });
});

describe("rules", () => {
  it("describes and lists what was put", async () => {
    const { client } = eventBridgeInProcess();

    const { RuleArn } = await client.send(
      new PutRuleCommand({ Name: "card-change", EventPattern, Description: "Cards" }),
    );
    const described = await client.send(new DescribeRuleCommand({ Name: "card-change" }));
    const listed = await client.send(new ListRulesCommand({ NamePrefix: "card" }));

    expect(RuleArn).toBe("arn:aws:events:eu-central-1:111111111111:rule/card-change");
    expect(described).toMatchObject({
      Arn: RuleArn,
      CreatedBy: "111111111111",
      Description: "Cards",
      EventBusName: "default",
      EventPattern,
      State: "ENABLED",
    });
    expect(listed.Rules).toStrictEqual([
      {
        Name: "card-change",
        Arn: RuleArn,
        Description: "Cards",
        EventBusName: "default",
        EventPattern,
        State: "ENABLED",
      },
    ]);
  });

  it("names the bus in the ARN of a rule on another bus, given by ARN", async () => {
    const { client } = eventBridgeInProcess();
    const { EventBusArn } = await client.send(new CreateEventBusCommand({ Name: "cards" }));

    const put = await client.send(new PutRuleCommand({ Name: "r", EventBusName: EventBusArn, EventPattern }));

    expect(put.RuleArn).toBe("arn:aws:events:eu-central-1:111111111111:rule/cards/r");
  });

  it("keeps the targets and forgets the rest when a rule is put again", async () => {
    const { client } = eventBridgeInProcess();
    await client.send(new PutRuleCommand({ Name: "r", EventPattern, Description: "old", State: "DISABLED" }));
    await client.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "queue", Arn: queueArn }] }));

    await client.send(new PutRuleCommand({ Name: "r", EventPattern: '{"source":["other"]}' }));

    const described = await client.send(new DescribeRuleCommand({ Name: "r" }));
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "r" }));
    expect(described).toMatchObject({ State: "ENABLED", EventPattern: '{"source":["other"]}' });
    expect(described.Description).toBeUndefined();
    expect(Targets).toStrictEqual([{ Id: "queue", Arn: queueArn }]);
  });

  it("disables and enables a rule", async () => {
    const { client } = eventBridgeInProcess();
    await client.send(new PutRuleCommand({ Name: "r", EventPattern }));

    await client.send(new DisableRuleCommand({ Name: "r" }));
    const disabled = await client.send(new DescribeRuleCommand({ Name: "r" }));
    await client.send(new EnableRuleCommand({ Name: "r" }));
    const enabled = await client.send(new DescribeRuleCommand({ Name: "r" }));

    expect([disabled.State, enabled.State]).toStrictEqual(["DISABLED", "ENABLED"]);
  });

  it("deletes a rule only without targets", async () => {
    const { client } = eventBridgeInProcess();
    await client.send(new PutRuleCommand({ Name: "r", EventPattern }));
    await client.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "queue", Arn: queueArn }] }));

    await expect(client.send(new DeleteRuleCommand({ Name: "r" }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Rule can't be deleted since it has targets.",
    });
    await client.send(new RemoveTargetsCommand({ Rule: "r", Ids: ["queue"] }));
    await client.send(new DeleteRuleCommand({ Name: "r" }));

    await expect(client.send(new DescribeRuleCommand({ Name: "r" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "Rule r does not exist on EventBus default.",
    });
  });

  it.each([
    [{ EventPattern: "{}" }, "InvalidEventPatternException"],
    [{}, "Parameter(s) EventPattern or ScheduleExpression must be specified."],
    [
      { EventPattern: JSON.stringify({ source: ["x".repeat(2050)] }) },
      "Parameter EventPattern for rule r exceeds limit of 2048.",
    ],
    [{ EventPattern, EventBusName: "none" }, "Event bus none does not exist."],
  ])("refuses the rule %o", async (settings, expected) => {
    const { client } = eventBridgeInProcess();

    const error: unknown = await client
      .send(new PutRuleCommand({ Name: "r", ...settings }))
      .catch((refusal: unknown) => refusal);

    expect(String(error)).toContain(expected);
  });

  it("tags rules and buses", async () => {
    const { client } = eventBridgeInProcess();
    const { RuleArn: ResourceARN } = await client.send(
      new PutRuleCommand({ Name: "r", EventPattern, Tags: [{ Key: "a", Value: "1" }] }),
    );

    await client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "b", Value: "2" }] }));
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["a"] }));

    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceARN }));
    expect(Tags).toStrictEqual([{ Key: "b", Value: "2" }]);
  });
});

describe("targets", () => {
  const valid = { Id: "promotion", Arn: stateMachineArn, RoleArn: roleArn };

  it("lists targets as they were put, and rules by target", async () => {
    const { client } = eventBridgeInProcess();
    const target: Target = {
      ...valid,
      InputTransformer: {
        InputPathsMap: { name: "$.detail.ModelCardName" },
        InputTemplate: '{"name":<name>}',
      },
      RetryPolicy: { MaximumRetryAttempts: 3, MaximumEventAgeInSeconds: 600 },
      DeadLetterConfig: { Arn: deadLetterQueueArn },
    };
    await client.send(new PutRuleCommand({ Name: "r", EventPattern }));

    const put = await client.send(new PutTargetsCommand({ Rule: "r", Targets: [target] }));

    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "r" }));
    const { RuleNames } = await client.send(new ListRuleNamesByTargetCommand({ TargetArn: stateMachineArn }));
    expect(put).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
    expect(Targets).toStrictEqual([target]);
    expect(RuleNames).toStrictEqual(["r"]);
  });

  it.each<[Target, string]>([
    [
      { Id: "t", Arn: "not-an-arn" },
      "Parameter not-an-arn is not valid. Reason: Provided Arn is not in correct format.",
    ],
    [{ Id: "t", Arn: stateMachineArn }, `RoleArn is required for target ${stateMachineArn}.`],
    [
      { Id: "t", Arn: "arn:aws:sns:eu-central-1:111111111111:topic" },
      "such a target is not built in the local endpoint.",
    ],
    [{ Id: "t", Arn: `${queueArn}.fifo` }, "such a target is not built in the local endpoint."],
    [
      { Id: "t", Arn: "arn:aws:sqs:eu-central-1:222222222222:events" },
      "Adding cross-account target is not permitted.",
    ],
    [{ Id: "t", Arn: "arn:aws:sqs:us-east-1:111111111111:events" }, "Provided Arn is not in correct format."],
    [
      { Id: "t", Arn: queueArn, EcsParameters: { TaskDefinitionArn: "arn" } },
      "Parameter(s) EcsParameters not supported for target: t.",
    ],
    [
      { Id: "t", Arn: queueArn, Input: "{}", InputPath: "$" },
      "Only one of Input, InputPath, or InputTransformer must be provided for target t.",
    ],
    [{ Id: "t", Arn: queueArn, Input: "hello" }, "JSON syntax error in input for target t."],
    [{ Id: "t", Arn: queueArn, InputPath: "detail" }, "InputPath for target t is invalid."],
    [{ Id: "t", Arn: queueArn, InputPath: "$.detail['a']" }, "InputPath for target t is invalid."],
    [
      { Id: "t", Arn: queueArn, InputTransformer: { InputTemplate: '"<missing>"' } },
      "InputTemplate for target t contains invalid placeholder missing.",
    ],
    [
      { Id: "t", Arn: queueArn, InputTransformer: { InputTemplate: "[<aws.events.event.json>]" } },
      "InputTemplate for target t contains placeholder aws.events.event.json valid only for JSON template.",
    ],
    [
      { Id: "t", Arn: queueArn, InputTransformer: { InputTemplate: "no quotes" } },
      "Invalid InputTemplate for target t.",
    ],
    [
      { Id: "t", Arn: "arn:aws:events:eu-central-1:111111111111:event-bus/cards", InputPath: "$.detail" },
      "Modifying the input for target t is not supported.",
    ],
    [
      { Id: "t", Arn: queueArn, DeadLetterConfig: { Arn: functionArn } },
      "lambda is not supported as a dead letter resource.",
    ],
    [
      { Id: "t", Arn: queueArn, DeadLetterConfig: { Arn: `${deadLetterQueueArn}.fifo` } },
      "SQS FIFO is not supported by Dead Letter Queues.",
    ],
    [
      { Id: "t", Arn: queueArn, RetryPolicy: { MaximumRetryAttempts: 186 } },
      "1 validation error detected: Value '186' at 'targets.1.member.retryPolicy.maximumRetryAttempts' failed to satisfy constraint: Member must have value less than or equal to 185",
    ],
    [
      { Id: "!@#", Arn: queueArn },
      String.raw`1 validation error detected: Value '!@#' at 'targets.1.member.id' failed to satisfy constraint: Member must satisfy regular expression pattern: [.\-_A-Za-z0-9]+`,
    ],
  ])("refuses the target %o", async (target, expected) => {
    const { client } = eventBridgeInProcess();
    await client.send(new PutRuleCommand({ Name: "r", EventPattern }));

    const error: unknown = await client
      .send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "valid", Arn: queueArn }, target].slice(1) }))
      .catch((refusal: unknown) => refusal);

    expect(String(error)).toContain(expected);
  });

  it("puts none of the targets when it refuses one", async () => {
    const { client } = eventBridgeInProcess();
    await client.send(new PutRuleCommand({ Name: "r", EventPattern }));

    const put = client.send(
      new PutTargetsCommand({ Rule: "r", Targets: [valid, { Id: "bad", Arn: stateMachineArn }] }),
    );

    await expect(put).rejects.toMatchObject({ name: "ValidationException" });
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: "r" }));
    expect(Targets).toStrictEqual([]);
  });

  it("refuses a sixth target", async () => {
    const { client } = eventBridgeInProcess();
    await client.send(new PutRuleCommand({ Name: "r", EventPattern }));

    const put = client.send(
      new PutTargetsCommand({
        Rule: "r",
        Targets: ["1", "2", "3", "4", "5", "6"].map((Id) => ({ Id, Arn: queueArn })),
      }),
    );

    await expect(put).rejects.toMatchObject({
      name: "LimitExceededException",
      message: "The requested resource exceeds the maximum number allowed.",
    });
  });
});

describe("TestEventPattern", () => {
  it("says whether a pattern matches an event", async () => {
    const { client } = eventBridgeInProcess();
    const Event = JSON.stringify(cardEvent);

    const match = await client.send(new TestEventPatternCommand({ EventPattern, Event }));
    const other = await client.send(
      new TestEventPatternCommand({ EventPattern: '{"source":["aws.ec2"]}', Event }),
    );

    expect([match.Result, other.Result]).toStrictEqual([true, false]);
  });

  it.each(["plain text", "[]", '{"id":"1"}'])("refuses the event %s", async (Event) => {
    const { client } = eventBridgeInProcess();

    await expect(client.send(new TestEventPatternCommand({ EventPattern, Event }))).rejects.toMatchObject({
      name: "ValidationException",
      message: "Parameter Event is not valid.",
    });
  });
});

describe("in-process set-up", () => {
  it("validates as the operations do", () => {
    const { eventBridge } = eventBridgeInProcess();
    const { ruleArn } = eventBridge.putRule(place, { Name: "r", EventPattern });

    expect(ruleArn).toBe("arn:aws:events:eu-central-1:111111111111:rule/r");
    expect(() => eventBridge.putRule(place, { Name: "a b", EventPattern })).toThrow(
      expect.objectContaining({ code: "ValidationException" }),
    );
    expect(() =>
      eventBridge.putTargets(place, { Rule: "r", Targets: [{ Id: "t", Arn: stateMachineArn }] }),
    ).toThrow(expect.objectContaining({ message: `RoleArn is required for target ${stateMachineArn}.` }));
  });
});
