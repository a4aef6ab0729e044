import { Stream } from "node:stream";
import type { DynaliteItems, DynaliteStore, Item, Range } from "dynalite/db/index.js";
import type { Clock } from "../clock.ts";
import type { Table } from "./table.ts";

const maxItemSize = 400 * 1024;

/**
 * The store that dynalite's actions run on. All of it answers at once instead of later, so every action on items is
 * over before anything else can happen: that makes it atomic without locks.
 */
export function dynaliteStore(tables: ReadonlyMap<string, Table>, clock: Clock): DynaliteStore {
  return {
    options: { maxItemSize },
    getTable(name, callback) {
      const table = tables.get(name);
      if (table === undefined) callback(tableNotFound());
      else callback(null, table.description);
    },
    getItemDb(tableName) {
      const table = tables.get(tableName);
      if (table === undefined) throw tableNotFound();
      return items({
        get: (key) => table.get(key),
        put: (key, item) => table.put(key, item, clock.now()),
        delete: (key) => table.delete(key),
        entries: (range, reverse) => table.entries(range, reverse),
      });
    },
    getIndexDb(_indexType, tableName, indexName) {
      const index = tables.get(tableName)?.index(indexName);
      if (index === undefined) throw tableNotFound();
      return items({
        get: (key) => index.get(key),
        put: (key, item) => index.set(key, item),
        delete: (key) => index.delete(key),
        entries: (range, reverse) => index.entries(range, reverse),
      });
    },
  };
}

function items(content: {
  get(key: string): Item | undefined;
  put(key: string, item: Item): void;
  delete(key: string): void;
  entries(range: Range, reverse?: boolean): Iterable<[string, Item]>;
}): DynaliteItems {
  return {
    lock: (_key, run) => run((done) => done),
    get: (key, callback) => callback(null, content.get(key)),
    put(key, item, callback) {
      content.put(key, item);
      callback(null);
    },
    del(key, callback) {
      content.delete(key);
      callback(null);
    },
    createValueStream: (range) => new ValueStream(range, () => content.entries(range, range.reverse)),
  };
}

/** The values of a range as dynalite reads them: by events, which begin when its listeners are in place. */
class ValueStream extends Stream {
  private ended = false;

  constructor(range: Range, entries: () => Iterable<[string, Item]>) {
    super();
    queueMicrotask(() => {
      try {
        this.emitAll(entries(), range.limit ?? -1);
      } catch (error) {
        // An error of a listener: without this it would end the process.
        this.emit("error", error);
      }
    });
  }

  /** Called when the listeners have enough. */
  destroy(): void {
    this.ended = true;
  }

  private emitAll(entries: Iterable<[string, Item]>, limit: number): void {
    let count = 0;
    for (const [, item] of entries) {
      if (this.ended || count === limit) break;
      count += 1;
      this.emit("data", item);
    }
    if (!this.ended) this.emit("end");
  }
}

function tableNotFound(): Error {
  const body = {
    __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",
    message: "Requested resource not found",
  };
  return Object.assign(new Error(body.message), { statusCode: 400, body });
}
