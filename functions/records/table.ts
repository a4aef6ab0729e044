/** The index of the items that have a digest. */
export const digestIndexName = "digests";

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
   * @param digest - What `digests` is to tell of the item from now on; nothing where it is left out.
   * @returns `false` where somebody else wrote first: then nothing is written.
   */
  put(key: ItemKey, data: unknown, expectedRevision: number, digest?: string): Promise<boolean>;
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
