import db from "dynalite/db/index.js";
import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Database } from "./database.ts";
import { parseRequest, perform, performNow } from "./item-operations.ts";
import type { ItemOperation } from "./item-operations.ts";
import { ItemSchema } from "./transaction-parts.ts";

const ConditionalWriteSchema = z.looseObject({
  TableName: z.string(),
  Item: ItemSchema.optional(),
  Key: ItemSchema.optional(),
});

/** Carries out one operation on items, with the one member that dynalite does not know. */
export async function runItemOperation(
  database: Database,
  operation: ItemOperation,
  input: object,
): Promise<object> {
  const { ReturnValuesOnConditionCheckFailure: wanted, ...rest } = Object.fromEntries(Object.entries(input));
  const isConditionalWrite =
    operation === "PutItem" || operation === "UpdateItem" || operation === "DeleteItem";
  if (!isConditionalWrite) return perform(database.store, parseRequest(database.store, operation, input));
  if (wanted !== undefined && wanted !== "ALL_OLD" && wanted !== "NONE") {
    throw new AwsError(
      "ValidationException",
      `1 validation error detected: Value '${String(wanted)}' at 'returnValuesOnConditionCheckFailure' failed to satisfy constraint: Member must satisfy enum value set: [ALL_OLD, NONE]`,
    );
  }
  const request = parseRequest(database.store, operation, rest);
  try {
    return performNow(database.store, request);
  } catch (error) {
    if (!(error instanceof AwsError) || wanted !== "ALL_OLD") throw error;
    if (error.code !== "ConditionalCheckFailedException") throw error;
    const { TableName, Item, Key = Item } = ConditionalWriteSchema.parse(request.data);
    const table = database.table(TableName);
    const existing = Key === undefined ? undefined : table.get(db.createKey(Key, table.description));
    if (existing === undefined) throw error;
    throw new AwsError(error.code, error.message, error.status, { Item: existing });
  }
}
