import type { DigestPage, Item, ItemKey, Table } from "../functions/records/table.ts";

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

  async put(key: ItemKey, data: unknown, expectedRevision: number, digest?: string): Promise<boolean> {
    const before = await this.table.get(key);
    const written = await this.table.put(key, data, expectedRevision, digest);
    if (written) this.onWrite({ key, before: before?.data, after: data });
    return written;
  }

  digests(after?: string): Promise<DigestPage> {
    return this.table.digests(after);
  }

  list(pk: string, skPrefix: string): Promise<Item[]> {
    return this.table.list(pk, skPrefix);
  }
}
