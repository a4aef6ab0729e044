import type { DigestPage, Indexed, Item, ItemKey, NewItem, Table } from "../functions/records/table.ts";

/** An item that was written, as it was and as it is. */
export interface Write {
  key: ItemKey;
  before: unknown;
  after: unknown;
}

/** A table that tells of every write. */
export class WatchedTable implements Table {
  onWrite: (write: Write) => void = () => undefined;
  private readonly table: Table;

  constructor(table: Table) {
    this.table = table;
  }

  get(key: ItemKey): Promise<Item | undefined> {
    return this.table.get(key);
  }

  async put(key: ItemKey, data: unknown, expectedRevision: number, indexed?: Indexed): Promise<boolean> {
    const before = await this.table.get(key);
    const written = await this.table.put(key, data, expectedRevision, indexed);
    if (written) this.onWrite({ key, before: before?.data, after: data });
    return written;
  }

  async putAll(items: NewItem[]): Promise<number[]> {
    const before = await Promise.all(items.map(({ key }) => this.table.get(key)));
    const refused = await this.table.putAll(items);
    if (refused.length > 0) return refused;
    for (const [position, { key, data }] of items.entries()) {
      this.onWrite({ key, before: before[position]?.data, after: data });
    }
    return refused;
  }

  digests(after?: string): Promise<DigestPage> {
    return this.table.digests(after);
  }

  list(pk: string, skPrefix: string): Promise<Item[]> {
    return this.table.list(pk, skPrefix);
  }
}
