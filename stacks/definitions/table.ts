import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { attentionIndexName, dayIndexName, digestIndexName } from "../../functions/records/table.ts";
import { tableName } from "./deployment.ts";

/**
 * The one table: `pk` names a card or an approval request, `sk` the item about it. The first index holds only the items that the
 * sweep has to look at, the second those that a person may have to see to, each as short as can be: the shards merely spread them.
 * The third finds audit entries by day.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
export const table: CreateTableCommandInput = {
  TableName: tableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
    { AttributeName: "digestShard", AttributeType: "S" },
    { AttributeName: "attentionShard", AttributeType: "S" },
    { AttributeName: "day", AttributeType: "S" },
    { AttributeName: "dayPlace", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
  GlobalSecondaryIndexes: [
    {
      IndexName: digestIndexName,
      KeySchema: [{ AttributeName: "digestShard", KeyType: "HASH" }],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["digest"] },
    },
    {
      IndexName: attentionIndexName,
      KeySchema: [{ AttributeName: "attentionShard", KeyType: "HASH" }],
      Projection: { ProjectionType: "INCLUDE", NonKeyAttributes: ["attention"] },
    },
    {
      IndexName: dayIndexName,
      KeySchema: [
        { AttributeName: "day", KeyType: "HASH" },
        { AttributeName: "dayPlace", KeyType: "RANGE" },
      ],
      Projection: { ProjectionType: "KEYS_ONLY" },
    },
  ],
};

/** Items with this attribute, in seconds since 1970, go when that time has come. No record of a decision has it. */
export const timeToLive = { AttributeName: "expiresAt", Enabled: true };
