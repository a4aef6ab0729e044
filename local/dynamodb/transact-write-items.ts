import { createHash } from "node:crypto";
import db from "dynalite/db/index.js";
import type { Item } from "dynalite/db/index.js";
import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Database } from "./database.ts";
import { parseRequest, performNow } from "./item-operations.ts";
import type { ParsedRequest } from "./item-operations.ts";
import type { Table } from "./table.ts";
import { tableOperation } from "./table-operations.ts";
import {
  ItemSchema,
  requireNoReason,
  ReturnConsumedCapacitySchema,
  TransactionCapacity,
} from "./transaction-parts.ts";
import type { CancellationReason } from "./transaction-parts.ts";

const tokenLifetimeMs = 10 * 60 * 1000;
const maxTransactionBytes = 4 * 1024 * 1024;

const common = {
  TableName: z.string(),
  ExpressionAttributeNames: z.unknown().optional(),
  ExpressionAttributeValues: z.unknown().optional(),
  ReturnValuesOnConditionCheckFailure: z.enum(["ALL_OLD", "NONE"]).optional(),
};
const ConditionExpression = z.string().optional();
const ActionSchema = z.strictObject({
  ConditionCheck: z.strictObject({ ...common, Key: ItemSchema, ConditionExpression: z.string() }).optional(),
  Put: z.strictObject({ ...common, Item: ItemSchema, ConditionExpression }).optional(),
  Delete: z.strictObject({ ...common, Key: ItemSchema, ConditionExpression }).optional(),
  Update: z
    .strictObject({ ...common, Key: ItemSchema, UpdateExpression: z.string(), ConditionExpression })
    .optional(),
});
const TransactWriteItemsSchema = z.strictObject({
  TransactItems: z.array(ActionSchema).min(1).max(100),
  ClientRequestToken: z.string().min(1).max(36).optional(),
  ReturnConsumedCapacity: ReturnConsumedCapacitySchema,
  ReturnItemCollectionMetrics: z.enum(["SIZE", "NONE"]).optional(),
});

/** One action of a transaction, ready to run. */
interface Write {
  table: Table;
  request: ParsedRequest;
  /** The new item of a Put, else the key. */
  target: Item;
  isPut: boolean;
  isCheck: boolean;
  showOld: boolean;
}

/**
 * `TransactWriteItems`: all actions or none. It runs within one turn of the event loop, so nothing sees it half done.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export const transactWriteItems = tableOperation(TransactWriteItemsSchema, (input, database) => {
  const now = database.context.clock.now();
  forgetExpiredTokens(database, now);
  const digest = createHash("sha256").update(JSON.stringify(input.TransactItems)).digest("hex");
  const token = input.ClientRequestToken;
  const finished = token === undefined ? undefined : database.finishedTransactions.get(token);
  if (finished !== undefined) {
    if (finished.digest === digest) return {};
    throw new AwsError(
      "IdempotentParameterMismatchException",
      "The provided token was already used with different parameters.",
    );
  }

  const writes = input.TransactItems.map((action) => prepareWrite(action, database));
  requireNoReason(writes.map((write) => invalidTarget(write)));
  requireDistinctItems(writes);
  requireSize(writes);
  requireNoReason(writes.map((write) => failedCondition(write)));
  const capacity = new TransactionCapacity(input.ReturnConsumedCapacity, "WriteCapacityUnits");
  applyAll(writes, database, capacity);

  if (token !== undefined) {
    const expiresAt = new Date(now.getTime() + tokenLifetimeMs);
    database.finishedTransactions.set(token, { digest, expiresAt });
  }
  return capacity.member();
});

function prepareWrite(action: z.output<typeof ActionSchema>, database: Database): Write {
  const { ConditionCheck, Put, Delete, Update } = action;
  const given = [ConditionCheck, Put, Delete, Update].filter((member) => member !== undefined);
  const [members] = given;
  if (members === undefined || given.length > 1) {
    throw new AwsError(
      "ValidationException",
      "TransactItems can only contain one of Check, Put, Update or Delete",
    );
  }
  const { ReturnValuesOnConditionCheckFailure, ...rest } = members;
  // A check is parsed like the deletion that it will not carry out.
  const operation = Put !== undefined ? "PutItem" : Update !== undefined ? "UpdateItem" : "DeleteItem";
  return {
    request: parseRequest(database.store, operation, rest),
    table: database.table(members.TableName),
    target: "Item" in members ? members.Item : members.Key,
    isPut: Put !== undefined,
    isCheck: ConditionCheck !== undefined,
    showOld: ReturnValuesOnConditionCheckFailure === "ALL_OLD",
  };
}

function invalidTarget({ table, target, isPut }: Write): CancellationReason {
  const invalid = isPut
    ? db.validateItem(target, table.description)
    : db.validateKey(target, table.description);
  return invalid ? { Code: "ValidationError", Message: invalid.message } : { Code: "None" };
}

function requireDistinctItems(writes: Write[]): void {
  const names = writes.map((write) => `${write.table.description.TableName}/${keyOf(write)}`);
  if (new Set(names).size === names.length) return;
  throw new AwsError(
    "ValidationException",
    "Transaction request cannot include multiple operations on one item",
  );
}

function requireSize(writes: Write[]): void {
  const bytes = writes.reduce((sum, { target }) => sum + db.itemSize(target), 0);
  if (bytes <= maxTransactionBytes) return;
  throw new AwsError("ValidationException", "The items of the transaction are larger than 4 MB.");
}

function failedCondition(write: Write): CancellationReason {
  const existing = write.table.get(keyOf(write));
  const failure = db.checkConditional(write.request.data, existing);
  if (!failure) return { Code: "None" };
  return {
    Code: "ConditionalCheckFailed",
    Message: failure.message,
    ...(write.showOld && existing !== undefined ? { Item: existing } : {}),
  };
}

/** An update can still fail on the values that it finds; then what was written before is taken back. */
function applyAll(writes: Write[], database: Database, capacity: TransactionCapacity): void {
  const undo: (() => void)[] = [];
  const reasons = writes.map((write): CancellationReason => {
    const { table, request, isCheck } = write;
    const key = keyOf(write);
    const before = table.get(key);
    if (!isCheck) {
      try {
        performNow(database.store, request);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        return { Code: "ValidationError", Message: error.message };
      }
      undo.unshift(() => restore(write, before, database));
    }
    capacity.add(table.description.TableName, table.get(key), before);
    return { Code: "None" };
  });
  try {
    requireNoReason(reasons);
  } catch (error) {
    for (const step of undo) step();
    throw error;
  }
}

function restore({ table, target }: Write, before: Item | undefined, { store }: Database): void {
  const { TableName, KeySchema } = table.description;
  const keyNames = KeySchema.map(({ AttributeName }) => AttributeName);
  const Key = Object.fromEntries(keyNames.map((name) => [name, target[name]]));
  performNow(
    store,
    before === undefined
      ? parseRequest(store, "DeleteItem", { TableName, Key })
      : parseRequest(store, "PutItem", { TableName, Item: before }),
  );
}

function keyOf({ table, target }: Write): string {
  return db.createKey(target, table.description);
}

function forgetExpiredTokens({ finishedTransactions }: Database, now: Date): void {
  for (const [token, { expiresAt }] of finishedTransactions) {
    if (expiresAt > now) break;
    finishedTransactions.delete(token);
  }
}
