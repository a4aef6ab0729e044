import type { LocalContext } from "../context.ts";
import type { Service } from "../wire/service.ts";
import { sqsService } from "./both-protocols.ts";
import type { MessageAttributeValue } from "./message-attributes.ts";
import { messageOperations } from "./message-operations.ts";
import { queueOperations } from "./queue-operations.ts";
import type { NewQueue } from "./queue-store.ts";
import { QueueStore } from "./queue-store.ts";
import { queueUrl } from "./queue-url.ts";

interface SqsDependencies {
  /** Where the local endpoint answers, without a slash at the end, for example `http://localhost:4566`. */
  baseUrl: () => string;
}

/** The local Amazon SQS: standard queues of every account and region. */
export interface Sqs {
  service: Service;
  /**
   * Does what `CreateQueue` does, from within the process.
   *
   * @throws {AwsError} as the operation does.
   */
  createQueue(queue: NewQueue): { queueUrl: string; queueArn: string };
  /** Creates a queue, or sets the attributes of the one that there is, as a deployment does. */
  putQueue(queue: NewQueue): void;
  /**
   * Sends a message with text attributes, from within the process.
   *
   * @throws {AwsError} `QueueDoesNotExist` where no queue has this ARN, and as `SendMessage` does.
   */
  send(message: { queueArn: string; body: string; attributes: Record<string, string> }): void;
}

/**
 * Builds the part of Amazon SQS that a dead-letter queue and its operator need.
 *
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/Welcome.html
 */
export function createSqs(context: LocalContext, { baseUrl }: SqsDependencies): Sqs {
  const queues = new QueueStore(context);
  const operations = { ...queueOperations(context, queues, baseUrl), ...messageOperations(context, queues) };
  return {
    service: sqsService(operations, context.log),
    createQueue(request) {
      const queue = queues.create(request);
      return { queueUrl: queueUrl(baseUrl(), queue), queueArn: queue.arn };
    },
    putQueue: (request) => queues.put(request),
    send({ queueArn, body, attributes }) {
      const queue = queues.require(queueArn);
      const values = Object.entries(attributes).map(([name, text]): [string, MessageAttributeValue] => [
        name,
        { DataType: "String", StringValue: text },
      ]);
      queues.send(queue, { body, attributes: Object.fromEntries(values), senderId: queue.accountId });
    },
  };
}
