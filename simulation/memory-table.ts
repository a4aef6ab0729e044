import type { Item, ItemKey, Table } from "../functions/records/table.ts";

/** The table in this process's memory: what DynamoDB does for records, without asking anybody. */
export class MemoryTable implements Table {
  private readonly partitions = new Map<string, Map<string, { revision: number; json: string }>>();

  async get({ pk, sk }: ItemKey): Promise<Item | undefined> {
    const stored = this.partitions.get(pk)?.get(sk);
    return stored && itemOf(stored);
  }

  async put({ pk, sk }: ItemKey, data: unknown, expectedRevision: number): Promise<boolean> {
    const items = this.partitions.get(pk) ?? new Map<string, { revision: number; json: string }>();
    if ((items.get(sk)?.revision ?? 0) !== expectedRevision) return false;
    // Text keeps readers and writers from sharing an object, and drops what is undefined.
    items.set(sk, { revision: expectedRevision + 1, json: JSON.stringify(data) });
    this.partitions.set(pk, items);
    return true;
  }

  async list(pk: string, skPrefix: string): Promise<Item[]> {
    return [...(this.partitions.get(pk) ?? [])]
      .filter(([sk]) => sk.startsWith(skPrefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, stored]) => itemOf(stored));
  }
}

function itemOf({ revision, json }: { revision: number; json: string }): Item {
  return { revision, data: JSON.parse(json) };
}
