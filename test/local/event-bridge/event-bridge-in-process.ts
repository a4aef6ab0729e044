import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import type { EventEnvelope } from "../../../events/envelope.ts";
import type { DeliveryReport } from "../../../local/event-bridge/delivery.ts";
import { createEventBridge } from "../../../local/event-bridge/event-bridge.ts";
import type { EventBridgeDependencies } from "../../../local/event-bridge/event-bridge.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

export const place = { accountId: "111111111111", region: "eu-central-1" };
export const stateMachineArn = "arn:aws:states:eu-central-1:111111111111:stateMachine:promotion";
export const functionArn = "arn:aws:lambda:eu-central-1:111111111111:function:audit";
export const queueArn = "arn:aws:sqs:eu-central-1:111111111111:events";
export const deadLetterQueueArn = "arn:aws:sqs:eu-central-1:111111111111:failures";
export const roleArn = "arn:aws:iam::111111111111:role/start-promotion";

export const cardEvent: EventEnvelope = {
  version: "0",
  id: "7bf73129-1428-4cd3-a780-95db273d1602",
  "detail-type": "SageMaker Model Card State Change",
  source: "aws.sagemaker",
  account: "111111111111",
  time: "2026-01-01T00:00:00Z",
  region: "eu-central-1",
  resources: ["arn:aws:sagemaker:eu-central-1:111111111111:model-card/churn"],
  detail: { ModelCardName: "churn", ModelCardStatus: "Approved", ModelCardVersion: 2 },
};

/** EventBridge with targets that write down what they are sent, on a clock that the test moves. */
export function eventBridgeInProcess(overrides: Partial<EventBridgeDependencies> = {}) {
  const context = testContext();
  const started: { stateMachineArn: string; input: string; name?: string }[] = [];
  const invoked: { functionArn: string; payload: unknown }[] = [];
  const sent: { queueArn: string; body: string; attributes: Record<string, string> }[] = [];
  const reports: DeliveryReport[] = [];
  const eventBridge = createEventBridge(context, {
    startExecution(request) {
      started.push(request);
      return {
        executionArn: `arn:aws:states:eu-central-1:111111111111:execution:promotion:${started.length}`,
      };
    },
    invokeFunction(request) {
      invoked.push(request);
      return Promise.resolve();
    },
    sendMessage: (message) => {
      sent.push(message);
    },
    roleMay: () => true,
    eventDelayMs: () => 2000,
    ...overrides,
  });
  eventBridge.onDelivery((report) => reports.push(report));
  const log = (line: string) => context.lines.push(line);
  const client = new EventBridgeClient(sdkClientSettings(eventBridge.service, { log }));
  return { ...context, eventBridge, client, started, invoked, sent, reports };
}
