import { describe, expect, it } from "vitest";
import type { EventBridgeDependencies } from "../../../local/event-bridge/event-bridge.ts";
import { AwsError } from "../../../local/wire/aws-error.ts";
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

type TargetRequest = Parameters<
  ReturnType<typeof eventBridgeInProcess>["eventBridge"]["putTargets"]
>[1]["Targets"][number];

const toStateMachine = { Id: "promotion", Arn: stateMachineArn, RoleArn: roleArn };
const withDeadLetterQueue = { ...toStateMachine, DeadLetterConfig: { Arn: deadLetterQueueArn } };

/** EventBridge with one rule for model card events and the given targets. */
function routed(targets: TargetRequest[], overrides: Partial<EventBridgeDependencies> = {}) {
  const local = eventBridgeInProcess(overrides);
  local.eventBridge.putRule(place, { Name: "cards", EventPattern: '{"source":["aws.sagemaker"]}' });
  local.eventBridge.putTargets(place, { Rule: "cards", Targets: targets });
  return local;
}

function refusing(code: string, status = 400) {
  const calls: number[] = [];
  return {
    calls,
    startExecution(): never {
      calls.push(calls.length);
      throw new AwsError(code, `${code} text`, status);
    },
  };
}

describe("delivery", () => {
  it("starts an execution with the event after the service's delay", async () => {
    const { eventBridge, clock, started, reports } = routed([toStateMachine]);

    eventBridge.publish(cardEvent);
    await clock.advance(1999);
    const early = started.length;
    await clock.advance(1);

    expect(early).toBe(0);
    expect(started).toHaveLength(1);
    expect(started[0]).toMatchObject({ stateMachineArn, input: JSON.stringify(cardEvent) });
    expect(reports).toStrictEqual([
      {
        event: cardEvent,
        ruleName: "cards",
        targetArn: stateMachineArn,
        executionArn: "arn:aws:states:eu-central-1:111111111111:execution:promotion:1",
        outcome: "delivered",
      },
    ]);
  });

  it("names executions by event and target, so that a repeated delivery repeats the name", async () => {
    const { eventBridge, clock, started } = routed([toStateMachine, { ...toStateMachine, Id: "again" }]);

    eventBridge.publish(cardEvent);
    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    const names = started.map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toMatch(new RegExp(`^${cardEvent.id}_[0-9a-f-]{36}$`));
  });

  it("publishes onto the default bus of the event's account and region only", async () => {
    const { eventBridge, clock, started } = routed([toStateMachine]);

    eventBridge.publish({ ...cardEvent, account: "222222222222" });
    eventBridge.publish({ ...cardEvent, region: "us-east-1" });
    await clock.advance(2000);

    expect(started).toStrictEqual([]);
  });

  it("delivers nothing by a disabled rule", async () => {
    const { eventBridge, clock, started } = routed([toStateMachine]);
    eventBridge.putRule(place, {
      Name: "cards",
      EventPattern: '{"source":["aws.sagemaker"]}',
      State: "DISABLED",
    });

    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(started).toStrictEqual([]);
  });

  it("invokes functions, sends messages and tells until the listener leaves", async () => {
    const { eventBridge, clock, invoked, sent } = routed([
      { Id: "function", Arn: functionArn, InputPath: "$.detail" },
      { Id: "queue", Arn: queueArn, Input: "5" },
    ]);
    const outcomes: string[] = [];
    const stop = eventBridge.onDelivery(({ outcome }) => outcomes.push(outcome));

    eventBridge.publish(cardEvent);
    await clock.advance(2000);
    stop();
    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(invoked[0]).toStrictEqual({ functionArn, payload: cardEvent.detail });
    expect(sent[0]).toStrictEqual({ queueArn, body: "5", attributes: {} });
    expect(outcomes).toStrictEqual(["delivered", "delivered"]);
  });

  it("forwards an event to another bus once, and not from there to a third", async () => {
    const { eventBridge, clock, sent, reports } = routed([
      { Id: "bus", Arn: "arn:aws:events:eu-central-1:111111111111:event-bus/second" },
    ]);
    for (const Name of ["second", "third"]) eventBridge.createEventBus(place, { Name });
    eventBridge.putRule(place, { Name: "on", EventBusName: "second", EventPattern: '{"version":["0"]}' });
    eventBridge.putTargets(place, {
      Rule: "on",
      EventBusName: "second",
      Targets: [
        { Id: "queue", Arn: queueArn },
        { Id: "bus", Arn: "arn:aws:events:eu-central-1:111111111111:event-bus/third" },
      ],
    });

    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(sent).toStrictEqual([{ queueArn, body: JSON.stringify(cardEvent), attributes: {} }]);
    expect(reports.filter(({ outcome }) => outcome !== "delivered")).toMatchObject([
      { ruleName: "on", outcome: "dropped", errorCode: "THIRD_ACCOUNT_HOP_DETECTED" },
    ]);
  });
});

describe("failed delivery", () => {
  it("goes straight to the dead-letter queue when the role may not start the execution", async () => {
    const asked: unknown[] = [];
    const { eventBridge, clock, started, sent } = routed([withDeadLetterQueue], {
      roleMay: (...question) => {
        asked.push(question);
        return false;
      },
    });

    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(asked).toStrictEqual([[roleArn, { action: "states:StartExecution", resource: stateMachineArn }]]);
    expect(started).toStrictEqual([]);
    expect(sent).toStrictEqual([
      {
        queueArn: deadLetterQueueArn,
        body: JSON.stringify(cardEvent),
        attributes: {
          RULE_ARN: "arn:aws:events:eu-central-1:111111111111:rule/cards",
          TARGET_ARN: stateMachineArn,
          ERROR_CODE: "NO_PERMISSIONS",
          ERROR_MESSAGE: `User: arn:aws:sts::111111111111:assumed-role/start-promotion/${cardEvent.id} is not authorized to perform: states:StartExecution on resource: ${stateMachineArn} because no identity-based policy allows the states:StartExecution action`,
          RETRY_ATTEMPTS: "0",
        },
      },
    ]);
  });

  it("needs no role for a queue", async () => {
    const { eventBridge, clock, sent } = routed([{ Id: "queue", Arn: queueArn }], { roleMay: () => false });

    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(sent).toHaveLength(1);
  });

  it.each([
    ["StateMachineDoesNotExist", "NO_RESOURCE"],
    ["ExecutionAlreadyExists", "RESOURCE_ALREADY_EXISTS"],
    ["InvalidExecutionInput", "INVALID_JSON"],
    ["ValidationException", "INVALID_PARAMETER"],
    ["AccessDeniedException", "NO_PERMISSIONS"],
    ["SomethingElse", "SDK_CLIENT_ERROR"],
  ])("is not retried after %s", async (code, errorCode) => {
    const target = refusing(code);
    const { eventBridge, clock, sent, reports } = routed([withDeadLetterQueue], target);

    eventBridge.publish(cardEvent);
    await clock.advance(86_400_000);

    expect(target.calls).toHaveLength(1);
    expect(sent[0]?.attributes).toMatchObject({ ERROR_CODE: errorCode, RETRY_ATTEMPTS: "0" });
    expect(sent[0]?.attributes).not.toHaveProperty("EXHAUSTED_RETRY_CONDITION");
    expect(reports.map(({ outcome }) => outcome)).toStrictEqual(["dead-lettered"]);
  });

  it("is not retried when the input is no JSON for a state machine", async () => {
    const { eventBridge, clock, started, sent } = routed([
      {
        ...withDeadLetterQueue,
        InputTransformer: {
          InputPathsMap: { name: "$.detail.Quoted" },
          InputTemplate: '{"name":"<name>"}',
        },
      },
    ]);

    eventBridge.publish({ ...cardEvent, detail: { Quoted: 'a"b' } });
    await clock.advance(2000);

    expect(started).toStrictEqual([]);
    expect(sent[0]?.attributes).toMatchObject({ ERROR_CODE: "INVALID_JSON" });
  });

  it("is retried with growing pauses until the attempts are used up", async () => {
    const target = refusing("ThrottlingException");
    const { eventBridge, clock, sent, reports } = routed(
      [{ ...withDeadLetterQueue, RetryPolicy: { MaximumRetryAttempts: 3 } }],
      target,
    );

    eventBridge.publish(cardEvent);
    const counts: number[] = [];
    for (const waitMs of [2000, 750, 1500, 2999, 1]) {
      await clock.advance(waitMs);
      counts.push(target.calls.length);
    }

    expect(counts).toStrictEqual([1, 2, 3, 3, 4]);
    expect(reports.map(({ outcome }) => outcome)).toStrictEqual([
      "retrying",
      "retrying",
      "retrying",
      "dead-lettered",
    ]);
    expect(sent[0]?.attributes).toMatchObject({
      ERROR_CODE: "THROTTLING",
      EXHAUSTED_RETRY_CONDITION: "MaximumRetryAttempts",
      RETRY_ATTEMPTS: "3",
    });
  });

  it("is retried until the event is too old", async () => {
    const target = refusing("InternalServerError", 500);
    const { eventBridge, clock, sent } = routed(
      [{ ...withDeadLetterQueue, RetryPolicy: { MaximumEventAgeInSeconds: 60 } }],
      target,
    );

    eventBridge.publish(cardEvent);
    await clock.advance(59_999);
    const early = sent.length;
    await clock.advance(1);

    expect(early).toBe(0);
    expect(sent[0]?.attributes).toMatchObject({
      ERROR_CODE: "ERROR_FROM_TARGET",
      EXHAUSTED_RETRY_CONDITION: "MaximumEventAgeInSeconds",
    });
  });

  it("uses up the default policy within 24 hours", async () => {
    const target = refusing("ThrottlingException");
    const { eventBridge, clock, sent } = routed([withDeadLetterQueue], target);

    eventBridge.publish(cardEvent);
    await clock.advance(86_400_000);

    expect(target.calls.length).toBeGreaterThan(150);
    expect(sent).toHaveLength(1);
  });

  it("ends in success when a retry succeeds", async () => {
    let calls = 0;
    const { eventBridge, clock, sent, reports } = routed([withDeadLetterQueue], {
      startExecution() {
        calls += 1;
        if (calls < 3) throw new AwsError("ThrottlingException", "Rate exceeded", 400);
        return { executionArn: "arn:execution" };
      },
    });

    eventBridge.publish(cardEvent);
    await clock.advance(60_000);

    expect(reports.map(({ outcome }) => outcome)).toStrictEqual(["retrying", "retrying", "delivered"]);
    expect(sent).toStrictEqual([]);
  });

  it("is logged as dropped without a dead-letter queue, without the target's text", async () => {
    const { eventBridge, clock, lines, reports } = routed(
      [toStateMachine],
      refusing("InvalidExecutionInput"),
    );

    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(reports).toMatchObject([{ outcome: "dropped", errorCode: "INVALID_JSON" }]);
    expect(lines).toStrictEqual([`events: rule cards, target ${stateMachineArn}: dropped, INVALID_JSON`]);
  });

  it("is logged as dropped when the dead-letter queue does not exist", async () => {
    const { eventBridge, clock, lines, reports } = routed([withDeadLetterQueue], {
      ...refusing("StateMachineDoesNotExist"),
      sendMessage() {
        throw new AwsError("QueueDoesNotExist", "The specified queue does not exist.");
      },
    });

    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(reports).toMatchObject([{ outcome: "dropped", errorCode: "NO_RESOURCE" }]);
    expect(lines[0]).toBe(
      `events: dead-letter queue ${deadLetterQueueArn} did not take an event: NO_RESOURCE`,
    );
  });

  it("logs the place of a bug, not its text, and keeps the event", async () => {
    const { eventBridge, clock, lines, sent } = routed([withDeadLetterQueue], {
      startExecution() {
        throw new TypeError("secret card content");
      },
    });

    eventBridge.publish(cardEvent);
    await clock.advance(2000);

    expect(lines[0]).toMatch(/broke: TypeError\n\s+at Object\.startExecution/);
    expect(lines.join()).not.toContain("secret");
    expect(sent[0]?.attributes).toMatchObject({ ERROR_CODE: "INTERNAL_ERROR" });
  });
});
