/** The index of the items that have a digest. */
export const digestIndexName = "digests";
/** The index of the items that a person may have to see to. */
export const attentionIndexName = "attention";
/** The index of the audit entries by day. */
export const dayIndexName = "days";

/** Where an item lies: `pk` names the card or the request, `sk` the item about it. */
export interface ItemKey {
  pk: string;
  sk: string;
}

/** What a table keeps under a key, and how often it was written. */
export interface Item {
  revision: number;
  data: unknown;
}

/** What the table's indexes tell of an item from a write on; what is left out they do not tell. */
export interface Indexed {
  digest?: string | undefined;
  attention?: string | undefined;
  /** The day of an audit entry, for example `2026-11-25`, and its place in the day. */
  day?: { date: string; place: string };
}

/** An item that is to be written, on the condition of what was read of it: revision 0 where there was nothing. */
export interface NewItem {
  key: ItemKey;
  data: unknown;
  expectedRevision: number;
  indexed?: Indexed;
}

/** A page of digests; `next` is where the following one begins, absent on the last. */
export interface DigestPage {
  digests: { pk: string; digest: string }[];
  next?: string | undefined;
}

/** Cardway's table, as its records need it: every write is conditional on what was read. */
export interface Table {
  /** What is kept, read consistently; `undefined` where there is nothing. */
  get(key: ItemKey): Promise<Item | undefined>;
  /**
   * Keeps data as the next revision of an item.
   *
   * @param expectedRevision - The revision that was read; 0 where there was none.
   * @returns `false` where somebody else wrote first: then nothing is written.
   */
  put(key: ItemKey, data: unknown, expectedRevision: number, indexed?: Indexed): Promise<boolean>;
  /**
   * Keeps up to 100 items, all or none.
   *
   * @returns the positions of those that somebody else wrote first; none where all are written.
   */
  putAll(items: NewItem[]): Promise<number[]>;
  /** Every item of a `pk` whose `sk` begins so, by `sk`, read consistently. */
  list(pk: string, skPrefix: string): Promise<Item[]>;
  /**
   * The digests of all items that have one, in no order, a megabyte at a time. Not read consistently: a write of this moment
   * may still be missing.
   *
   * @param after - `next` of the page before.
   */
  digests(after?: string): Promise<DigestPage>;
}
