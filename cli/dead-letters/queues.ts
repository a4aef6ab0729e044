import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from "@aws-sdk/client-sqs";
import { type Reading, type Unseen, read } from "../reading.ts";

/** All messages of a queue that could be received. */
export interface QueueContents {
  queueUrl: string;
  messages: Message[];
  /** How many others are out of sight for now, because somebody else has received them. */
  hidden: number;
  /** Why receiving ended before the queue was empty. */
  unseen?: Unseen;
}

/**
 * Receives every message of a queue, ten at a time until there are no more, and keeps them out of others' sight meanwhile.
 *
 * @param visibilitySeconds - For how long; then, at the latest, each is there again.
 * @param waitSeconds - SQS looks at all its servers, and so finds the last message, only where a call may wait.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
 */
export async function readQueue(
  client: SQSClient,
  { queueName, accountId }: { queueName: string; accountId: string },
  { visibilitySeconds, waitSeconds }: { visibilitySeconds: number; waitSeconds: number },
): Promise<Reading<QueueContents>> {
  const queue = await read("sqs:GetQueueUrl", async () => {
    const { QueueUrl = "" } = await client.send(
      new GetQueueUrlCommand({ QueueName: queueName, QueueOwnerAWSAccountId: accountId }),
    );
    return QueueUrl;
  });
  if ("unseen" in queue) return queue;
  const queueUrl = queue.seen;
  const hidden = await read("sqs:GetQueueAttributes", async () => {
    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({
        QueueUrl: queueUrl,
        AttributeNames: ["ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    return Number(Attributes?.ApproximateNumberOfMessagesNotVisible ?? 0);
  });
  if ("unseen" in hidden) return hidden;

  const received = new Map<string, Message>();
  for (;;) {
    const batch = await read("sqs:ReceiveMessage", async () => {
      const { Messages = [] } = await client.send(
        new ReceiveMessageCommand({
          QueueUrl: queueUrl,
          MaxNumberOfMessages: 10,
          VisibilityTimeout: visibilitySeconds,
          WaitTimeSeconds: waitSeconds,
          MessageSystemAttributeNames: ["SentTimestamp"],
          MessageAttributeNames: ["All"],
        }),
      );
      return Messages;
    });
    const contents = { queueUrl, hidden: hidden.seen, messages: [...received.values()] };
    // What was received is known all the same.
    if ("unseen" in batch) return { seen: { ...contents, unseen: batch.unseen } };
    const before = received.size;
    // A message that comes again has a newer handle, which is the one that SQS takes.
    for (const message of batch.seen) received.set(message.MessageId ?? "", message);
    if (received.size === before) return { seen: contents };
  }
}

/** Lets others receive a message again at once. */
export function giveBack(client: SQSClient, queueUrl: string, receiptHandle: string): Promise<Reading<true>> {
  return read<true>(
    "sqs:ChangeMessageVisibility",
    async () => {
      await client.send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: queueUrl,
          ReceiptHandle: receiptHandle,
          VisibilityTimeout: 0,
        }),
      );
      return true;
    },
    { MessageNotInflight: true },
  );
}

/** Deletes a message. Safe to repeat. */
export function remove(client: SQSClient, queueUrl: string, receiptHandle: string): Promise<Reading<true>> {
  return read<true>("sqs:DeleteMessage", async () => {
    await client.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle: receiptHandle }));
    return true;
  });
}
