import type { DigestPage, Indexed, Item, ItemKey, NewItem, Table } from "../functions/records/table.ts";

/** The table in this process's memory: what DynamoDB does for records, without asking anybody. */
export class MemoryTable implements Table {
  private readonly partitions = new Map<string, Map<string, Stored>>();
  private readonly digestsPerPage: number;

  /** @param digestsPerPage - Of DynamoDB's pages of a megabyte, about 3,000. */
  constructor(digestsPerPage = 3_000) {
    this.digestsPerPage = digestsPerPage;
  }

  async get({ pk, sk }: ItemKey): Promise<Item | undefined> {
    const stored = this.partitions.get(pk)?.get(sk);
    return stored && itemOf(stored);
  }

  async put(key: ItemKey, data: unknown, expectedRevision: number, indexed?: Indexed): Promise<boolean> {
    if (this.revisionOf(key) !== expectedRevision) return false;
    this.write({ key, data, expectedRevision, ...(indexed && { indexed }) });
    return true;
  }

  async putAll(items: NewItem[]): Promise<number[]> {
    const refused = items.flatMap(({ key, expectedRevision }, position) =>
      this.revisionOf(key) === expectedRevision ? [] : [position],
    );
    if (refused.length === 0) for (const item of items) this.write(item);
    return refused;
  }

  private revisionOf({ pk, sk }: ItemKey): number {
    return this.partitions.get(pk)?.get(sk)?.revision ?? 0;
  }

  private write({ key: { pk, sk }, data, expectedRevision, indexed }: NewItem): void {
    const items = this.partitions.get(pk) ?? new Map<string, Stored>();
    // Text keeps readers and writers from sharing an object, and drops what is undefined.
    items.set(sk, {
      revision: expectedRevision + 1,
      json: JSON.stringify(data),
      digest: indexed?.digest,
    });
    this.partitions.set(pk, items);
  }

  async list(pk: string, skPrefix: string): Promise<Item[]> {
    return [...(this.partitions.get(pk) ?? [])]
      .filter(([sk]) => sk.startsWith(skPrefix))
      .sort(([one], [other]) => (one < other ? -1 : 1))
      .map(([, stored]) => itemOf(stored));
  }

  async digests(after?: string): Promise<DigestPage> {
    const found = [...this.partitions].flatMap(([pk, items]) =>
      [...items].flatMap(([sk, { digest }]) =>
        digest === undefined ? [] : [{ pk, digest, position: JSON.stringify([pk, sk]) }],
      ),
    );
    const page = found
      .filter(({ position }) => after === undefined || position > after)
      .sort((one, other) => (one.position < other.position ? -1 : 1));
    const digests = page.slice(0, this.digestsPerPage);
    const next = digests.length < page.length ? digests.at(-1)?.position : undefined;
    return { digests: digests.map(({ pk, digest }) => ({ pk, digest })), next };
  }
}

interface Stored {
  revision: number;
  json: string;
  digest: string | undefined;
}

function itemOf({ revision, json }: Stored): Item {
  return { revision, data: JSON.parse(json) };
}
