import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
} from "@aws-sdk/lib-dynamodb";
import { createHash } from "node:crypto";
import * as z from "zod";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { createRecordsIn } from "../records/records-in-table.ts";
import { type Item, type Table, digestIndexName } from "../records/table.ts";
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

    put: (key, data, expectedRevision, digest) =>
      awsCall(
        "DynamoDB PutItem",
        async () => {
          await client.send(
            new PutCommand({
              TableName: tableName,
              Item: {
                ...key,
                revision: expectedRevision + 1,
                data,
                // An item without these attributes is not in the index.
                ...(digest !== undefined && { digest, digestShard: shardOf(key.pk) }),
              },
              ConditionExpression:
                expectedRevision === 0 ? "attribute_not_exists(pk)" : "revision = :revision",
              ...(expectedRevision > 0 && { ExpressionAttributeValues: { ":revision": expectedRevision } }),
            }),
          );
          return true;
        },
        { ConditionalCheckFailedException: () => false },
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

/** One of 256, so that no partition of the index is busier than others. */
function shardOf(pk: string): string {
  return createHash("sha256").update(pk).digest("hex").slice(0, 2);
}
