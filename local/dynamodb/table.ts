import type { DynaliteTable, Item } from "dynalite/db/index.js";
import type { LocalContext } from "../context.ts";
import { type DurableMap, durableMap } from "../journal/durable-map.ts";
import { SortedMap } from "./sorted-map.ts";

/** A table's description, as `DescribeTable` answers it. */
export interface TableDescription extends DynaliteTable {
  TableArn: string;
  TableId: string;
  TableStatus: string;
  CreationDateTime: Date;
  DeletionProtectionEnabled: boolean;
}

const fiveYearsSeconds = 5 * 365 * 24 * 60 * 60;

/** A table as it is written down; its items and the entries of its indexes are so one by one. */
export interface StoredTable {
  description: TableDescription;
  tags: Map<string, string>;
  timeToLiveAttribute: string | undefined;
}

/**
 * One table: its items, its indexes and what else belongs to it, all of it plain data. Items are kept as JSON text, which
 * takes a third of the memory, and are read anew each time, so they can be handed out.
 */
export class Table {
  readonly description: TableDescription;
  readonly tags: Map<string, string>;
  private readonly context: Pick<LocalContext, "clock" | "journal">;
  private readonly keptItems: DurableMap<string>;
  private readonly items: SortedMap<string>;
  private readonly indexes = new Map<string, { kept: DurableMap<Item>; sorted: SortedMap<Item> }>();
  private timeToLive: { attributeName: string; expiries: SortedMap<string> } | undefined;

  constructor(
    context: Pick<LocalContext, "clock" | "journal">,
    { description, tags, timeToLiveAttribute }: StoredTable,
  ) {
    this.context = context;
    this.description = description;
    this.tags = tags;
    this.keptItems = durableMap(context, `dynamodb/items/${description.TableId}`);
    this.items = new SortedMap(this.keptItems);
    if (timeToLiveAttribute !== undefined) this.enableTimeToLive(timeToLiveAttribute, context.clock.now());
  }

  get stored(): StoredTable {
    const { description, tags, timeToLiveAttribute } = this;
    return { description, tags, timeToLiveAttribute };
  }

  /** To be called when the table is deleted. */
  deleteAll(): void {
    this.keptItems.clear();
    const { GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = this.description;
    for (const { IndexName } of [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes]) {
      this.keptIndex(IndexName).kept.clear();
    }
  }

  get itemCount(): number {
    return this.items.size;
  }

  /** The attribute that holds an item's expiry, in epoch seconds, while time to live is enabled. */
  get timeToLiveAttribute(): string | undefined {
    return this.timeToLive?.attributeName;
  }

  get(key: string): Item | undefined {
    const text = this.items.get(key);
    return text === undefined ? undefined : itemOf(text);
  }

  *entries(range: Parameters<SortedMap<Item>["entries"]>[0], reverse?: boolean): Generator<[string, Item]> {
    for (const [key, text] of this.items.entries(range, reverse)) yield [key, itemOf(text)];
  }

  put(key: string, item: Item, now: Date): void {
    this.forgetExpiry(key);
    this.items.set(key, JSON.stringify(item));
    this.noteExpiry(key, item, now);
  }

  delete(key: string): void {
    this.forgetExpiry(key);
    this.items.delete(key);
  }

  /** The entries of a secondary index, whose names are unique in a table. */
  index(name: string): SortedMap<Item> {
    return this.keptIndex(name).sorted;
  }

  private keptIndex(name: string): { kept: DurableMap<Item>; sorted: SortedMap<Item> } {
    let index = this.indexes.get(name);
    if (index === undefined) {
      const kept = durableMap<Item>(this.context, `dynamodb/indexes/${this.description.TableId}/${name}`);
      index = { kept, sorted: new SortedMap(kept) };
      this.indexes.set(name, index);
    }
    return index;
  }

  enableTimeToLive(attributeName: string, now: Date): void {
    this.timeToLive = { attributeName, expiries: new SortedMap() };
    for (const [key, item] of this.entries({})) this.noteExpiry(key, item, now);
  }

  disableTimeToLive(): void {
    this.timeToLive = undefined;
  }

  /** The items whose time is over. AWS deletes them within days; here that is now. */
  expired(now: Date): Item[] {
    if (this.timeToLive === undefined) return [];
    const due = this.timeToLive.expiries.entries({ lt: expiryKey(now.getTime() / 1000, "") });
    return [...due].map(([, key]) => this.get(key)).filter((item) => item !== undefined);
  }

  private noteExpiry(key: string, item: Item, now: Date): void {
    if (this.timeToLive === undefined) return;
    const seconds = expirySeconds(item, this.timeToLive.attributeName);
    // AWS leaves items alone that expired long ago, lest a wrong unit should empty a table.
    if (seconds === undefined || seconds < now.getTime() / 1000 - fiveYearsSeconds) return;
    this.timeToLive.expiries.set(expiryKey(seconds, key), key);
  }

  private forgetExpiry(key: string): void {
    const item = this.timeToLive === undefined ? undefined : this.get(key);
    if (item === undefined || this.timeToLive === undefined) return;
    const seconds = expirySeconds(item, this.timeToLive.attributeName);
    if (seconds !== undefined) this.timeToLive.expiries.delete(expiryKey(seconds, key));
  }
}

function itemOf(text: string): Item {
  return JSON.parse(text);
}

function expirySeconds(item: Item, attributeName: string): number | undefined {
  const text = item[attributeName]?.N;
  const seconds = text === undefined ? Number.NaN : Math.floor(Number(text));
  return seconds >= 0 && Number.isSafeInteger(seconds) ? seconds : undefined;
}

/** Sorts by time first. */
function expiryKey(seconds: number, key: string): string {
  return `${String(Math.ceil(seconds)).padStart(16, "0")}/${key}`;
}
