import type { Settings } from "../../functions/lifecycle/settings.ts";
import { tableName } from "../definitions/deployment.ts";
import { table, timeToLive } from "../definitions/table.ts";
import { leftBehind } from "./left-behind.ts";

/** The records of every card, request, vote and effect. Kept on removal, because they are evidence. */
export function createTable(settings: Settings): aws.dynamodb.Table {
  const {
    TableName,
    BillingMode,
    AttributeDefinitions = [],
    KeySchema = [],
    GlobalSecondaryIndexes = [],
  } = table;
  const keyOf = (type: string, schema = KeySchema) =>
    schema.find(({ KeyType }) => KeyType === type)?.AttributeName;
  return new aws.dynamodb.Table(
    "cardway",
    {
      name: TableName,
      billingMode: BillingMode,
      attributes: AttributeDefinitions.map(({ AttributeName = "", AttributeType = "S" }) => ({
        name: AttributeName,
        type: AttributeType,
      })),
      hashKey: keyOf("HASH"),
      rangeKey: keyOf("RANGE"),
      globalSecondaryIndexes: GlobalSecondaryIndexes.map(({ IndexName = "", KeySchema, Projection }) => ({
        name: IndexName,
        hashKey: keyOf("HASH", KeySchema) ?? "",
        rangeKey: keyOf("RANGE", KeySchema),
        projectionType: Projection?.ProjectionType ?? "",
        nonKeyAttributes: Projection?.NonKeyAttributes,
      })),
      ttl: { attributeName: timeToLive.AttributeName, enabled: timeToLive.Enabled },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true },
      deletionProtectionEnabled: true,
    },
    leftBehind(settings, () => tableName),
  );
}
