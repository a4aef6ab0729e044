import db from "dynalite/db/index.js";
import * as z from "zod";
import { parseRequest, performNow } from "./item-operations.ts";
import { tableOperation } from "./table-operations.ts";
import {
  ItemSchema,
  requireNoReason,
  ReturnConsumedCapacitySchema,
  TransactionCapacity,
} from "./transaction-parts.ts";
import type { CancellationReason } from "./transaction-parts.ts";

const TransactGetItemsSchema = z.strictObject({
  TransactItems: z
    .array(
      z.strictObject({
        Get: z.strictObject({
          TableName: z.string(),
          Key: ItemSchema,
          ProjectionExpression: z.string().optional(),
          ExpressionAttributeNames: z.record(z.string(), z.string()).optional(),
        }),
      }),
    )
    .min(1)
    .max(100),
  ReturnConsumedCapacity: ReturnConsumedCapacitySchema,
});

/**
 * `TransactGetItems`: all items as they are at one moment.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactGetItems.html
 */
export const transactGetItems = tableOperation(TransactGetItemsSchema, (input, database) => {
  const gets = input.TransactItems.map(({ Get }) => {
    const request = parseRequest(database.store, "GetItem", Get);
    return { ...Get, request, table: database.table(Get.TableName) };
  });
  requireNoReason(
    gets.map(({ Key, table }): CancellationReason => {
      const invalid = db.validateKey(Key, table.description);
      return invalid ? { Code: "ValidationError", Message: invalid.message } : { Code: "None" };
    }),
  );
  const capacity = new TransactionCapacity(input.ReturnConsumedCapacity, "ReadCapacityUnits");
  const Responses = gets.map(({ TableName, Key, request, table }) => {
    capacity.add(TableName, table.get(db.createKey(Key, table.description)));
    const output = performNow(database.store, request);
    return "Item" in output ? { Item: output.Item } : {};
  });
  return { Responses, ...capacity.member() };
});
