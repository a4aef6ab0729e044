import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { BatchGetCommand, DynamoDBDocumentClient, QueryCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { AwsUnavailableError } from "../errors.ts";
import { chainOf } from "../records/records-in-table.ts";
import { type ItemKey, attentionIndexName, dayIndexName } from "../records/table.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** Cardway's table, from the side of who only looks. */
export interface TableQueries {
  /** The data of up to 100 items, in the order of their keys; `undefined` for those that are not there. */
  getAll(keys: ItemKey[]): Promise<unknown[]>;
  /** What calls for a person, as text: all of it, a megabyte a call. */
  attention(): Promise<string[]>;
  /** The names of all audit chains, in no order: of cards that are gone, too. */
  chains(): Promise<string[]>;
  /**
   * Keys of audit entries of one day, newest first.
   *
   * @param date - For example `2026-11-25`.
   * @param before - Place that they are to come before; from the end of the day where it is left out.
   */
  day(date: string, before: string | undefined, limit: number): Promise<{ key: ItemKey; place: string }[]>;
}

const KeySchema = z.object({ pk: z.string(), sk: z.string() });
const DataItemSchema = KeySchema.extend({ data: z.unknown() });
const AttentionItemSchema = z.object({ attention: z.string() });
const DayItemSchema = KeySchema.extend({ dayPlace: z.string() });

/** How often keys that a busy table left out are asked for again. */
const attempts = 10;

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html */
export function createTableQueries(runtime: Runtime, tableName: string): TableQueries {
  const client = DynamoDBDocumentClient.from(runtime.trace(new DynamoDBClient(clientConfig(runtime))));
  return {
    async getAll(keys) {
      const found = new Map<string, unknown>();
      let missing: Record<string, unknown>[] = distinct(keys);
      for (let attempt = 0; missing.length > 0; attempt += 1) {
        if (attempt === attempts) {
          throw new AwsUnavailableError(
            "DynamoDB BatchGetItem left items out again and again. Try again in a minute.",
          );
        }
        const Keys = missing;
        const answer = await awsCall("DynamoDB BatchGetItem", () =>
          client.send(new BatchGetCommand({ RequestItems: { [tableName]: { Keys } } })),
        );
        for (const item of answer.Responses?.[tableName] ?? []) {
          const { pk, sk, data } = DataItemSchema.parse(item);
          found.set(`${pk} ${sk}`, data);
        }
        missing = answer.UnprocessedKeys?.[tableName]?.Keys ?? [];
      }
      return keys.map(({ pk, sk }) => found.get(`${pk} ${sk}`));
    },

    async attention() {
      const texts: string[] = [];
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const answer = await awsCall("DynamoDB Scan", () =>
          client.send(
            new ScanCommand({ TableName: tableName, IndexName: attentionIndexName, ExclusiveStartKey }),
          ),
        );
        texts.push(...(answer.Items ?? []).map((item) => AttentionItemSchema.parse(item).attention));
        ExclusiveStartKey = answer.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return texts;
    },

    async chains() {
      const chains = new Set<string>();
      let ExclusiveStartKey: Record<string, unknown> | undefined;
      do {
        const answer = await awsCall("DynamoDB Scan", () =>
          client.send(new ScanCommand({ TableName: tableName, IndexName: dayIndexName, ExclusiveStartKey })),
        );
        for (const item of answer.Items ?? []) chains.add(chainOf(KeySchema.parse(item)));
        ExclusiveStartKey = answer.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
      return [...chains];
    },

    async day(date, before, limit) {
      const answer = await awsCall("DynamoDB Query", () =>
        client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: dayIndexName,
            KeyConditionExpression:
              before === undefined ? "#day = :day" : "#day = :day and dayPlace < :before",
            ExpressionAttributeNames: { "#day": "day" },
            ExpressionAttributeValues: { ":day": date, ...(before !== undefined && { ":before": before }) },
            ScanIndexForward: false,
            Limit: limit,
          }),
        ),
      );
      return (answer.Items ?? []).map((item) => {
        const { pk, sk, dayPlace } = DayItemSchema.parse(item);
        return { key: { pk, sk }, place: dayPlace };
      });
    },
  };
}

function distinct(keys: ItemKey[]): { pk: string; sk: string }[] {
  return [...new Map(keys.map(({ pk, sk }) => [`${pk} ${sk}`, { pk, sk }])).values()];
}
