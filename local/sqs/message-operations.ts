import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Operation } from "../wire/operation.ts";
import { operation } from "../wire/operation.ts";
import {
  MessageAttributeValueSchema,
  invalidParameter,
  md5OfMessageAttributes,
  selectMessageAttributes,
} from "./message-attributes.ts";
import type { QueueStore } from "./queue-store.ts";
import { QueueUrlSchema, queueArnOfUrl } from "./queue-url.ts";
import type { Message } from "./queue.ts";
import { messageIdOfReceiptHandle, receiptHandle } from "./queue.ts";

/** The operations on single messages. */
export function messageOperations(context: LocalContext, queues: QueueStore): Record<string, Operation> {
  return {
    SendMessage: operation({
      input: QueueUrlSchema.extend({
        MessageBody: z.string().min(1),
        DelaySeconds: z.int().optional(),
        MessageAttributes: z.record(z.string(), MessageAttributeValueSchema).default({}),
        MessageSystemAttributes: z
          .strictObject({ AWSTraceHeader: MessageAttributeValueSchema.optional() })
          .default({}),
      }),
      action: "sqs:SendMessage",
      resource: queueArnOfUrl,
      run: (input, call) => {
        const { DelaySeconds, MessageAttributes, MessageSystemAttributes } = input;
        const queue = queues.require(queueArnOfUrl(input, call));
        if (DelaySeconds !== undefined) requireWithin("DelaySeconds", DelaySeconds, 0, 900);
        const trace = MessageSystemAttributes.AWSTraceHeader;
        const message = queues.send(queue, {
          body: input.MessageBody,
          attributes: MessageAttributes,
          senderId: call.caller.userId,
          ...(DelaySeconds === undefined ? {} : { delaySeconds: DelaySeconds }),
          ...(trace?.StringValue === undefined ? {} : { awsTraceHeader: trace.StringValue }),
        });
        return {
          MessageId: message.messageId,
          MD5OfMessageBody: message.md5OfBody,
          MD5OfMessageAttributes: md5OfMessageAttributes(message.attributes),
          MD5OfMessageSystemAttributes:
            trace === undefined ? undefined : md5OfMessageAttributes({ AWSTraceHeader: trace }),
        };
      },
    }),

    ReceiveMessage: operation({
      input: QueueUrlSchema.extend({
        AttributeNames: z.array(z.string()).default([]),
        MessageSystemAttributeNames: z.array(z.string()).default([]),
        MessageAttributeNames: z.array(z.string()).default([]),
        MaxNumberOfMessages: z.int().default(1),
        VisibilityTimeout: z.int().optional(),
        WaitTimeSeconds: z.int().optional(),
      }),
      action: "sqs:ReceiveMessage",
      resource: queueArnOfUrl,
      run: async (input, call) => {
        const queue = queues.require(queueArnOfUrl(input, call));
        const visibilityTimeoutSeconds = input.VisibilityTimeout ?? queue.settings.VisibilityTimeout;
        const waitSeconds = input.WaitTimeSeconds ?? queue.settings.ReceiveMessageWaitTimeSeconds;
        const limit = input.MaxNumberOfMessages;
        requireWithin("MaxNumberOfMessages", limit, 1, 10);
        requireWithin("VisibilityTimeout", visibilityTimeoutSeconds, 0, 43_200);
        requireWithin("WaitTimeSeconds", waitSeconds, 0, 20);
        const messages = await queues.receive(queue, { limit, visibilityTimeoutSeconds, waitSeconds });
        const systemNames = [...input.AttributeNames, ...input.MessageSystemAttributeNames];
        return {
          Messages:
            messages.length === 0
              ? undefined
              : messages.map((message) => received(message, systemNames, input.MessageAttributeNames)),
        };
      },
    }),

    DeleteMessage: operation({
      input: QueueUrlSchema.extend({ ReceiptHandle: z.string() }),
      action: "sqs:DeleteMessage",
      resource: queueArnOfUrl,
      run: (input, call) => {
        const queue = queues.require(queueArnOfUrl(input, call));
        queue.messages.delete(requireMessageId(input.ReceiptHandle));
        return {};
      },
    }),

    ChangeMessageVisibility: operation({
      input: QueueUrlSchema.extend({ ReceiptHandle: z.string(), VisibilityTimeout: z.int() }),
      action: "sqs:ChangeMessageVisibility",
      resource: queueArnOfUrl,
      run: (input, call) => {
        const queue = queues.require(queueArnOfUrl(input, call));
        const now = context.clock.now();
        requireWithin("VisibilityTimeout", input.VisibilityTimeout, 0, 43_200);
        const message = queue.messages.get(requireMessageId(input.ReceiptHandle));
        if (message === undefined) {
          throw invalidParameter(
            `Value ${input.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
          );
        }
        if (message.visibleAt <= now) {
          throw new AwsError("MessageNotInflight", "The specified message isn't in flight.");
        }
        message.visibleAt = new Date(now.getTime() + input.VisibilityTimeout * 1000);
        queue.messages.touch(message.messageId);
        queues.wake(queue);
        return {};
      },
    }),
  };
}

function received(
  message: Message,
  systemNames: readonly string[],
  attributeNames: readonly string[],
): object {
  const system = Object.entries(systemAttributes(message)).filter(
    ([name]) => systemNames.includes("All") || systemNames.includes(name),
  );
  const attributes = selectMessageAttributes(message.attributes, attributeNames);
  const hasAttributes = Object.keys(attributes).length > 0;
  return {
    MessageId: message.messageId,
    ReceiptHandle: receiptHandle(message),
    MD5OfBody: message.md5OfBody,
    Body: message.body,
    Attributes: system.length === 0 ? undefined : Object.fromEntries(system),
    MD5OfMessageAttributes: md5OfMessageAttributes(attributes),
    MessageAttributes: hasAttributes ? attributes : undefined,
  };
}

function systemAttributes(message: Message): Record<string, string> {
  return {
    SenderId: message.senderId,
    SentTimestamp: String(message.sentAt.getTime()),
    ApproximateReceiveCount: String(message.receiveCount),
    ApproximateFirstReceiveTimestamp: String((message.firstReceivedAt ?? message.sentAt).getTime()),
    ...(message.awsTraceHeader === undefined ? {} : { AWSTraceHeader: message.awsTraceHeader }),
  };
}

function requireWithin(parameter: string, value: number, minimum: number, maximum: number): void {
  if (value >= minimum && value <= maximum) return;
  throw invalidParameter(
    `Value ${value} for parameter ${parameter} is invalid. Reason: Must be between ${minimum} and ${maximum}, if provided.`,
  );
}

function requireMessageId(handle: string): string {
  const messageId = messageIdOfReceiptHandle(handle);
  if (messageId !== undefined) return messageId;
  throw new AwsError(
    "ReceiptHandleIsInvalid",
    `The input receipt handle "${handle}" is not a valid receipt handle.`,
  );
}
