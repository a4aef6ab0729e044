import batchGetItem from "dynalite/actions/batchGetItem.js";
import batchWriteItem from "dynalite/actions/batchWriteItem.js";
import deleteItem from "dynalite/actions/deleteItem.js";
import getItem from "dynalite/actions/getItem.js";
import putItem from "dynalite/actions/putItem.js";
import query from "dynalite/actions/query.js";
import scan from "dynalite/actions/scan.js";
import updateItem from "dynalite/actions/updateItem.js";
import type { Action, DynaliteStore } from "dynalite/db/index.js";
import batchGetItemValidation from "dynalite/validations/batchGetItem.js";
import batchWriteItemValidation from "dynalite/validations/batchWriteItem.js";
import createTableValidation from "dynalite/validations/createTable.js";
import deleteItemValidation from "dynalite/validations/deleteItem.js";
import getItemValidation from "dynalite/validations/getItem.js";
import validations from "dynalite/validations/index.js";
import putItemValidation from "dynalite/validations/putItem.js";
import queryValidation from "dynalite/validations/query.js";
import scanValidation from "dynalite/validations/scan.js";
import updateItemValidation from "dynalite/validations/updateItem.js";
import { awsErrorOf } from "./dynalite-error.ts";
import { requireModelledMembers } from "./modelled-members.ts";

type Validation = typeof createTableValidation;

const actions = {
  BatchGetItem: { action: batchGetItem, validation: batchGetItemValidation },
  BatchWriteItem: { action: batchWriteItem, validation: batchWriteItemValidation },
  DeleteItem: { action: deleteItem, validation: deleteItemValidation },
  GetItem: { action: getItem, validation: getItemValidation },
  PutItem: { action: putItem, validation: putItemValidation },
  Query: { action: query, validation: queryValidation },
  Scan: { action: scan, validation: scanValidation },
  UpdateItem: { action: updateItem, validation: updateItemValidation },
} satisfies Record<string, { action: Action; validation: Validation }>;

/** The operations that dynalite carries out. */
export type ItemOperation = keyof typeof actions;

export function isItemOperation(name: string): name is ItemOperation {
  return Object.hasOwn(actions, name);
}

/** A request that has passed dynalite's validation, with its expressions parsed. */
export type ParsedRequest = { operation: ItemOperation; data: object };

/** @throws {AwsError} `SerializationException` or `ValidationException`. */
export function parseRequest(store: DynaliteStore, operation: ItemOperation, input: object): ParsedRequest {
  return { operation, data: parseMembers(store, actions[operation].validation, input) };
}

/** As {@link parseRequest}, for `CreateTable`, of which dynalite only validates the input. */
export function parseCreateTable(store: DynaliteStore, input: object): object {
  return parseMembers(store, createTableValidation, input);
}

/** @throws {AwsError} in the words of DynamoDB. */
export async function perform(store: DynaliteStore, request: ParsedRequest): Promise<object> {
  try {
    return await new Promise((resolve, reject) => {
      actions[request.operation].action(store, request.data, (error, output) => {
        if (error !== null) reject(error);
        else resolve(output ?? {});
      });
    });
  } catch (error) {
    throw awsErrorOf(error);
  }
}

/**
 * As {@link perform}, within this very turn of the event loop: nothing else happens between two of these. All
 * operations on single items can do it, because the store answers at once.
 */
export function performNow(store: DynaliteStore, request: ParsedRequest): object {
  const outcome: { error?: Error; output?: object } = {};
  try {
    actions[request.operation].action(store, request.data, (error, output) => {
      if (error === null) outcome.output = output ?? {};
      else outcome.error = error;
    });
  } catch (error) {
    throw awsErrorOf(error);
  }
  if (outcome.error !== undefined) throw awsErrorOf(outcome.error);
  if (outcome.output === undefined) throw new Error(`${request.operation} did not answer at once.`);
  return outcome.output;
}

function parseMembers(store: DynaliteStore, validation: Validation, input: object): object {
  requireModelledMembers(input, validation.types);
  try {
    const data = validations.checkTypes(input, validation.types);
    validations.checkValidations(data, validation.types, validation.custom, store);
    return data;
  } catch (error) {
    throw awsErrorOf(error);
  }
}
