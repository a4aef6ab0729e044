import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { Operation } from "../wire/operation.ts";
import { operation } from "../wire/operation.ts";
import { settingsAsAttributes } from "./queue-attributes.ts";
import type { QueueStore } from "./queue-store.ts";
import { QueueUrlSchema, queueArn, queueArnOfUrl, queueUrl } from "./queue-url.ts";
import type { Queue } from "./queue.ts";
import { countMessages } from "./queue.ts";

const StringMapSchema = z.record(z.string(), z.string());

/** The operations on queues as a whole. */
export function queueOperations(
  context: LocalContext,
  queues: QueueStore,
  baseUrl: () => string,
): Record<string, Operation> {
  return {
    CreateQueue: operation({
      input: z.strictObject({
        QueueName: z.string(),
        Attributes: StringMapSchema.default({}),
        tags: StringMapSchema.default({}),
      }),
      action: "sqs:CreateQueue",
      resource: ({ QueueName }, call) => queueArn(call, call.caller.accountId, QueueName),
      run: ({ QueueName, Attributes, tags }, { caller, region }) => {
        const { accountId } = caller;
        const queue = queues.create({
          accountId,
          region,
          queueName: QueueName,
          attributes: Attributes,
          tags,
        });
        return { QueueUrl: queueUrl(baseUrl(), queue) };
      },
    }),

    ListQueues: operation({
      input: z.strictObject({
        QueueNamePrefix: z.string().default(""),
        MaxResults: z.int().min(1).max(1000).default(1000),
        NextToken: z.string().default(""),
      }),
      action: "sqs:ListQueues",
      run: ({ QueueNamePrefix, MaxResults, NextToken }, { caller, region }) => {
        const found = queues
          .list(caller.accountId, region)
          .filter(({ name }) => name.startsWith(QueueNamePrefix) && name > NextToken);
        const page = found.slice(0, MaxResults);
        const last = found.length > page.length ? page.at(-1)?.name : undefined;
        return {
          QueueUrls: page.length === 0 ? undefined : page.map((queue) => queueUrl(baseUrl(), queue)),
          NextToken: last,
        };
      },
    }),

    GetQueueUrl: operation({
      input: z.strictObject({ QueueName: z.string(), QueueOwnerAWSAccountId: z.string().optional() }),
      action: "sqs:GetQueueUrl",
      resource: ({ QueueName, QueueOwnerAWSAccountId }, call) =>
        queueArn(call, QueueOwnerAWSAccountId ?? call.caller.accountId, QueueName),
      run: ({ QueueName, QueueOwnerAWSAccountId }, call) => {
        const owner = QueueOwnerAWSAccountId ?? call.caller.accountId;
        return { QueueUrl: queueUrl(baseUrl(), queues.require(queueArn(call, owner, QueueName))) };
      },
    }),

    GetQueueAttributes: operation({
      input: QueueUrlSchema.extend({ AttributeNames: z.array(z.string()).default([]) }),
      action: "sqs:GetQueueAttributes",
      resource: queueArnOfUrl,
      run: (input, call) => {
        const attributes = attributesOf(queues.require(queueArnOfUrl(input, call)), context.clock.now());
        const unknown = input.AttributeNames.find((name) => !knownAttributes.has(name));
        if (unknown !== undefined)
          throw new AwsError("InvalidAttributeName", `Unknown Attribute ${unknown}.`);
        const selected = Object.entries(attributes).filter(
          ([name]) => input.AttributeNames.includes("All") || input.AttributeNames.includes(name),
        );
        return { Attributes: selected.length === 0 ? undefined : Object.fromEntries(selected) };
      },
    }),

    SetQueueAttributes: operation({
      input: QueueUrlSchema.extend({ Attributes: StringMapSchema }),
      action: "sqs:SetQueueAttributes",
      resource: queueArnOfUrl,
      run: (input, call) => {
        const queue = queues.require(queueArnOfUrl(input, call));
        queues.setAttributes(queue, input.Attributes);
        return {};
      },
    }),

    DeleteQueue: operation({
      input: QueueUrlSchema,
      action: "sqs:DeleteQueue",
      resource: queueArnOfUrl,
      run: (input, call) => {
        queues.delete(queues.require(queueArnOfUrl(input, call)));
        return {};
      },
    }),

    PurgeQueue: operation({
      input: QueueUrlSchema,
      action: "sqs:PurgeQueue",
      resource: queueArnOfUrl,
      run: (input, call) => {
        const queue = queues.require(queueArnOfUrl(input, call));
        const now = context.clock.now();
        if (queue.purgedAt !== undefined && now.getTime() - queue.purgedAt.getTime() < 60_000) {
          throw new AwsError(
            "PurgeQueueInProgress",
            `Only one PurgeQueue operation on ${queue.name} is allowed every 60 seconds.`,
          );
        }
        queue.purgedAt = now;
        queues.changed(queue);
        queue.messages.clear();
        return {};
      },
    }),

    ListQueueTags: operation({
      input: QueueUrlSchema,
      action: "sqs:ListQueueTags",
      resource: queueArnOfUrl,
      run: (input, call) => {
        const { tags } = queues.require(queueArnOfUrl(input, call));
        return { Tags: Object.keys(tags).length === 0 ? undefined : tags };
      },
    }),
  };
}

/** Every attribute that SQS knows; those that a standard queue does not have are left out of an answer. */
const knownAttributes = new Set(
  [
    "All Policy VisibilityTimeout MaximumMessageSize MessageRetentionPeriod ApproximateNumberOfMessages",
    "ApproximateNumberOfMessagesNotVisible CreatedTimestamp LastModifiedTimestamp QueueArn",
    "ApproximateNumberOfMessagesDelayed DelaySeconds ReceiveMessageWaitTimeSeconds RedrivePolicy FifoQueue",
    "ContentBasedDeduplication KmsMasterKeyId KmsDataKeyReusePeriodSeconds DeduplicationScope FifoThroughputLimit",
    "RedriveAllowPolicy SqsManagedSseEnabled",
  ].flatMap((names) => names.split(" ")),
);

function attributesOf(queue: Queue, now: Date): Record<string, string> {
  const { visible, inFlight, delayed } = countMessages(queue, now);
  return {
    QueueArn: queue.arn,
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
    CreatedTimestamp: epochSeconds(queue.createdAt),
    LastModifiedTimestamp: epochSeconds(queue.lastModifiedAt),
    ...settingsAsAttributes(queue.settings),
  };
}

function epochSeconds(time: Date): string {
  return String(Math.floor(time.getTime() / 1000));
}
