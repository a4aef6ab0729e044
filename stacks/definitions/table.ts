import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { tableName } from "./deployment.ts";

/**
 * The one table: `pk` names a card or an approval request, `sk` the item about it.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
export const table: CreateTableCommandInput = {
  TableName: tableName,
  BillingMode: "PAY_PER_REQUEST",
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "sk", AttributeType: "S" },
  ],
  KeySchema: [
    { AttributeName: "pk", KeyType: "HASH" },
    { AttributeName: "sk", KeyType: "RANGE" },
  ],
};

/** Items with this attribute, in seconds since 1970, go when that time has come. No record of a decision has it. */
export const timeToLive = { AttributeName: "expiresAt", Enabled: true };
