import { createHash } from "node:crypto";
import type { LocalContext } from "../context.ts";
import type { DurableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { MessageAttributes } from "./message-attributes.ts";
import {
  invalidParameter,
  messageAttributesSizeBytes,
  requireValidMessageAttributes,
} from "./message-attributes.ts";
import type { QueueSettings } from "./queue-attributes.ts";

/** A standard queue. Plain data: messages stay in the order in which they were sent. */
export interface Queue {
  arn: string;
  name: string;
  accountId: string;
  region: string;
  settings: QueueSettings;
  createdAt: Date;
  lastModifiedAt: Date;
  purgedAt?: Date;
  tags: Record<string, string>;
  messages: DurableMap<Message>;
}

export interface Message {
  messageId: string;
  body: string;
  md5OfBody: string;
  attributes: MessageAttributes;
  awsTraceHeader?: string;
  senderId: string;
  sentAt: Date;
  /** From when the message can be received: after its delay, and after each receipt's visibility timeout. */
  visibleAt: Date;
  receiveCount: number;
  firstReceivedAt?: Date;
}

export interface MessageToSend {
  body: string;
  attributes: MessageAttributes;
  senderId: string;
  delaySeconds?: number;
  awsTraceHeader?: string;
}

/**
 * Puts a message into a queue.
 *
 * @throws {AwsError} `InvalidParameterValueException`, `InvalidMessageContents`
 */
export function enqueue(queue: Queue, message: MessageToSend, context: LocalContext): Message {
  requireValidMessageAttributes(message.attributes);
  // The characters of XML 1.0, which SQS allows even in its JSON protocol.
  if (/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u.test(message.body)) {
    throw new AwsError(
      "InvalidMessageContents",
      "Invalid characters found. Valid unicode characters are #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF",
    );
  }
  const sizeBytes = Buffer.byteLength(message.body) + messageAttributesSizeBytes(message.attributes);
  if (sizeBytes > queue.settings.MaximumMessageSize) {
    throw invalidParameter(
      `One or more parameters are invalid. Reason: Message must be shorter than ${queue.settings.MaximumMessageSize} bytes.`,
    );
  }
  const sentAt = context.clock.now();
  const delaySeconds = message.delaySeconds ?? queue.settings.DelaySeconds;
  const enqueued: Message = {
    messageId: context.newId(),
    body: message.body,
    md5OfBody: createHash("md5").update(message.body).digest("hex"),
    attributes: message.attributes,
    ...(message.awsTraceHeader === undefined ? {} : { awsTraceHeader: message.awsTraceHeader }),
    senderId: message.senderId,
    sentAt,
    visibleAt: new Date(sentAt.getTime() + delaySeconds * 1000),
    receiveCount: 0,
  };
  queue.messages.set(enqueued.messageId, enqueued);
  return enqueued;
}

/** Takes up to `limit` visible messages and hides them for `visibilityTimeoutSeconds`. */
export function take(queue: Queue, limit: number, visibilityTimeoutSeconds: number, now: Date): Message[] {
  dropExpired(queue, now);
  const taken: Message[] = [];
  for (const message of queue.messages.values()) {
    if (taken.length === limit) break;
    if (message.visibleAt > now) continue;
    message.visibleAt = new Date(now.getTime() + visibilityTimeoutSeconds * 1000);
    message.receiveCount += 1;
    message.firstReceivedAt ??= now;
    queue.messages.touch(message.messageId);
    taken.push(message);
  }
  return taken;
}

/** How many messages wait, are in flight, and are delayed. */
export function countMessages(
  queue: Queue,
  now: Date,
): { visible: number; inFlight: number; delayed: number } {
  dropExpired(queue, now);
  const counts = { visible: 0, inFlight: 0, delayed: 0 };
  for (const message of queue.messages.values()) {
    if (message.visibleAt <= now) counts.visible += 1;
    else if (message.receiveCount > 0) counts.inFlight += 1;
    else counts.delayed += 1;
  }
  return counts;
}

/** When the next hidden message can be received, if nothing else happens. */
export function nextVisibleAt(queue: Queue): Date | undefined {
  let next: Date | undefined;
  for (const { visibleAt } of queue.messages.values()) {
    if (next === undefined || visibleAt < next) next = visibleAt;
  }
  return next;
}

/** A handle for one receipt of a message. Any receipt's handle finds the message, as in standard queues. */
export function receiptHandle(message: Message): string {
  return Buffer.from(`${message.messageId} ${message.receiveCount}`).toString("base64");
}

/** @returns nothing where the text is no receipt handle of this service. */
export function messageIdOfReceiptHandle(handle: string): string | undefined {
  return /^(\S+) \d+$/.exec(Buffer.from(handle, "base64").toString())?.[1];
}

function dropExpired(queue: Queue, now: Date): void {
  const oldestKept = now.getTime() - queue.settings.MessageRetentionPeriod * 1000;
  for (const [messageId, { sentAt }] of queue.messages) {
    if (sentAt.getTime() >= oldestKept) break;
    queue.messages.delete(messageId);
  }
}
