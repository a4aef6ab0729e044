import type { DynaliteStore } from "dynalite/db/index.js";
import type { LocalContext } from "../context.ts";
import { DurableMap, durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import { dynaliteStore } from "./dynalite-store.ts";
import { parseRequest, performNow } from "./item-operations.ts";
import { type StoredTable, Table } from "./table.ts";

/** A transaction that was carried out, so that a retry of it changes nothing. */
export interface FinishedTransaction {
  /** SHA-256 of what was asked for. */
  digest: string;
  expiresAt: Date;
}

/** The tables of one account and Region. */
export class Database {
  readonly accountId: string;
  readonly region: string;
  readonly context: LocalContext;
  readonly tables: DurableMap<Table, StoredTable>;
  /** Client request token → transaction, oldest first. */
  readonly finishedTransactions: DurableMap<FinishedTransaction>;
  readonly store: DynaliteStore;

  constructor(context: LocalContext, location: { accountId: string; region: string }) {
    this.context = context;
    this.accountId = location.accountId;
    this.region = location.region;
    const place = `${location.accountId}/${location.region}`;
    this.tables = new DurableMap(context.journal, `dynamodb/tables/${place}`, {
      write: ({ stored }) => stored,
      read: (stored) => new Table(context, stored),
    });
    this.finishedTransactions = durableMap(context, `dynamodb/transactions/${place}`);
    this.store = dynaliteStore(this.tables, context.clock);
  }

  /** @throws {AwsError} `ResourceNotFoundException` in the words of the operations on items. */
  table(name: string): Table {
    const table = this.tables.get(name);
    if (table === undefined) {
      throw new AwsError("ResourceNotFoundException", "Requested resource not found");
    }
    return table;
  }

  tableArn(name: string): string {
    return `arn:aws:dynamodb:${this.region}:${this.accountId}:table/${name}`;
  }

  /** Deletes what has expired in the tables that an operation is about to touch. */
  deleteExpired(tableNames: readonly string[]): void {
    for (const name of tableNames) {
      const table = this.tables.get(name);
      for (const item of table?.expired(this.context.clock.now()) ?? []) {
        const keyNames = table?.description.KeySchema.map(({ AttributeName }) => AttributeName) ?? [];
        const Key = Object.fromEntries(keyNames.map((keyName) => [keyName, item[keyName]]));
        performNow(this.store, parseRequest(this.store, "DeleteItem", { TableName: name, Key }));
      }
    }
  }
}
