import { DynamoDBClient, TransactionCanceledException } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
} from "@aws-sdk/lib-dynamodb";
import { createHash } from "node:crypto";
import * as z from "zod";
import { AwsCallFailedError, AwsUnavailableError } from "../errors.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { createRecordsIn } from "../records/records-in-table.ts";
import { type Item, type NewItem, type Table, digestIndexName } from "../records/table.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

const ItemSchema = z.object({ revision: z.int(), data: z.unknown() });
/** A digest that is no text makes no sense, like a text that is no digest: only its own card is to fail for it. */
const DigestItemSchema = z.object({ pk: z.string(), digest: z.string().catch("") });
const PositionSchema = z.record(z.string(), z.unknown());

/** Cardway's memory, in the table that the runtime brings along or else in DynamoDB. */
export function createPromotionRecords(runtime: Runtime, tableName: string): PromotionRecords {
  return createRecordsIn(runtime.table ?? createDynamoDbTable(runtime, tableName));
}

/**
 * One DynamoDB table: `revision` counts an item's writes and is the condition of each.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ConditionExpressions.html
 */
export function createDynamoDbTable(runtime: Runtime, tableName: string): Table {
  const client = DynamoDBDocumentClient.from(runtime.trace(new DynamoDBClient(clientConfig(runtime))), {
    marshallOptions: { removeUndefinedValues: true },
  });

  return {
    async get(key) {
      const answer = await awsCall("DynamoDB GetItem", () =>
        client.send(new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true })),
      );
      return answer.Item === undefined ? undefined : ItemSchema.parse(answer.Item);
    },

    put: (key, data, expectedRevision, indexed = {}) =>
      awsCall(
        "DynamoDB PutItem",
        async () => {
          await client.send(
            new PutCommand({
              TableName: tableName,
              ...conditionalPut({ key, data, expectedRevision, indexed }),
            }),
          );
          return true;
        },
        { ConditionalCheckFailedException: () => false },
      ),

    putAll: (items) =>
      awsCall(
        "DynamoDB TransactWriteItems",
        async () => {
          await client.send(
            new TransactWriteCommand({
              TransactItems: items.map((item) => ({
                Put: { TableName: tableName, ...conditionalPut(item) },
              })),
            }),
          );
          return [];
        },
        { TransactionCanceledException: refusedPositions },
      ),

    async list(pk, skPrefix) {
      const items: Item[] = [];
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const answer = await awsCall("DynamoDB Query", () =>
          client.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: "pk = :pk and begins_with(sk, :prefix)",
              ExpressionAttributeValues: { ":pk": pk, ":prefix": skPrefix },
              ConsistentRead: true,
              ExclusiveStartKey,
            }),
          ),
        );
        items.push(...(answer.Items ?? []).map((item) => ItemSchema.parse(item)));
        ExclusiveStartKey = answer.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return items;
    },

    async digests(after) {
      const answer = await awsCall("DynamoDB Scan", () =>
        client.send(
          new ScanCommand({
            TableName: tableName,
            IndexName: digestIndexName,
            ...(after !== undefined && { ExclusiveStartKey: PositionSchema.parse(JSON.parse(after)) }),
          }),
        ),
      );
      const digests = (answer.Items ?? []).map((item) => DigestItemSchema.parse(item));
      const { LastEvaluatedKey: last } = answer;
      return { digests, next: last === undefined ? undefined : JSON.stringify(last) };
    },
  };
}

/** An item without the attributes of an index is not in it. */
function conditionalPut({ key, data, expectedRevision, indexed = {} }: NewItem) {
  const { digest, attention, day } = indexed;
  return {
    Item: {
      ...key,
      revision: expectedRevision + 1,
      data,
      ...(digest !== undefined && { digest, digestShard: shardOf(key.pk) }),
      ...(attention !== undefined && { attention, attentionShard: shardOf(key.pk) }),
      ...(day !== undefined && { day: day.date, dayPlace: day.place }),
    },
    ConditionExpression: expectedRevision === 0 ? "attribute_not_exists(pk)" : "revision = :revision",
    ...(expectedRevision > 0 && { ExpressionAttributeValues: { ":revision": expectedRevision } }),
  };
}

/**
 * The members of a transaction that others wrote first, or are writing at this moment.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
function refusedPositions(error: Error): number[] {
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  const codes = reasons.map(({ Code = "None" }) => Code).filter((code) => code !== "None");
  const other = codes.find((code) => code !== "ConditionalCheckFailed" && code !== "TransactionConflict");
  if (codes.length > 0 && other === undefined) {
    return reasons.flatMap(({ Code = "None" }, position) => (Code === "None" ? [] : [position]));
  }
  const message = `DynamoDB TransactWriteItems was cancelled: ${other ?? "for no reason that it names"}.`;
  if (other === "ThrottlingError" || other === "ProvisionedThroughputExceeded") {
    throw new AwsUnavailableError(`${message} It is tried again.`, { cause: error });
  }
  throw new AwsCallFailedError(message, { cause: error });
}

/** One of 256, so that no partition of the index is busier than others. */
function shardOf(pk: string): string {
  return createHash("sha256").update(pk).digest("hex").slice(0, 2);
}
