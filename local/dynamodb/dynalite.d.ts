/**
 * The parts of dynalite 4 that this folder builds on: its parsers, validations and item actions. They are not its
 * public API, hence the types here and the exact results in the tests.
 */
declare module "dynalite/db/index.js" {
  export interface AttributeValue {
    S?: string;
    N?: string;
    B?: string;
  }

  export type Item = Record<string, AttributeValue>;

  export interface KeySchemaElement {
    AttributeName: string;
    KeyType: string;
  }

  export interface SecondaryIndex {
    IndexName: string;
    KeySchema: KeySchemaElement[];
  }

  /** What the actions need to know of a table. */
  export interface DynaliteTable {
    TableName: string;
    KeySchema: KeySchemaElement[];
    AttributeDefinitions: { AttributeName: string; AttributeType: string }[];
    LocalSecondaryIndexes?: SecondaryIndex[];
    GlobalSecondaryIndexes?: SecondaryIndex[];
  }

  export type Callback<Output> = (error: Error | null, output?: Output) => void;

  export interface Range {
    gt?: string;
    gte?: string;
    lt?: string;
    lte?: string;
    reverse?: boolean;
    /** A negative number means no limit. */
    limit?: number;
  }

  /** One key-value store: the items of a table, or the entries of one of its indexes. */
  export interface DynaliteItems {
    lock(key: string, run: (release: <Done>(done: Done) => Done) => void): void;
    get(key: string, callback: Callback<Item>): void;
    put(key: string, item: Item, callback: Callback<never>): void;
    del(key: string, callback: Callback<never>): void;
    createValueStream(range: Range): NodeJS.EventEmitter;
  }

  export interface DynaliteStore {
    options: { maxItemSize: number };
    getTable(name: string, callback: Callback<DynaliteTable>): void;
    getItemDb(tableName: string): DynaliteItems;
    getIndexDb(indexType: string, tableName: string, indexName: string): DynaliteItems;
  }

  export type Action = (store: DynaliteStore, data: object, callback: Callback<object>) => void;

  export interface ConsumedCapacity {
    CapacityUnits: number;
    TableName: string;
    Table?: { CapacityUnits: number };
  }

  const db: {
    createKey(item: Item, table: DynaliteTable): string;
    validateKey(key: Item, table: DynaliteTable): Error | null | undefined;
    validateItem(item: Item, table: DynaliteTable): Error | null | undefined;
    checkConditional(data: object, existing: Item | undefined): Error | null | undefined;
    itemSize(item: Item): number;
    /** The larger of the two items counts. */
    addConsumedCapacity(
      data: {
        ReturnConsumedCapacity: "INDEXES" | "TOTAL" | "NONE";
        TableName: string;
        ConsistentRead?: boolean;
      },
      isRead: boolean,
      newItem: Item | undefined,
      oldItem?: Item,
    ): ConsumedCapacity | undefined;
  };
  export default db;
}

declare module "dynalite/validations/index.js" {
  import type { DynaliteStore } from "dynalite/db/index.js";

  const validations: {
    /** Checks JSON types, drops unknown members. Changes `data`. */
    checkTypes(data: object, types: object): object;
    /** Checks constraints and parses expressions into members with a leading underscore. */
    checkValidations(data: object, types: object, custom: unknown, store: DynaliteStore): void;
  };
  export default validations;
}

declare module "dynalite/validations/*.js" {
  const validation: { types: Record<string, unknown>; custom?: unknown };
  export default validation;
}

declare module "dynalite/actions/*.js" {
  import type { Action } from "dynalite/db/index.js";

  const action: Action;
  export default action;
}

declare module "dynalite" {
  import type { Server } from "node:http";

  /** The server of the package, which only the comparison in the tests uses. */
  export default function dynalite(options: { createTableMs: number }): Server;
}
