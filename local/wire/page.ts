/** What a list is sorted by. The keys of one list have the same length and types. */
export type SortKey = readonly (string | number)[];

export function compareSortKeys(one: SortKey, other: SortKey): number {
  for (const [index, part] of one.entries()) {
    const otherPart = other[index];
    if (otherPart === undefined || part > otherPart) return 1;
    if (part < otherPart) return -1;
  }
  return 0;
}

/**
 * One page of a sorted list. A page begins after a key and not at a position, so nothing is skipped or shown twice
 * when items come and go between two pages.
 *
 * @param list.items - In ascending order of `keyOf`.
 * @param list.after - Key of the last item of the page before.
 * @returns `last` is the key to go on after; `undefined` on the last page.
 */
export function pageOf<Item>(list: {
  items: readonly Item[];
  keyOf: (item: Item) => SortKey;
  after: SortKey | undefined;
  order: "Ascending" | "Descending";
  matches: (item: Item) => boolean;
  maxResults: number;
}): { page: Item[]; last: SortKey | undefined } {
  const { items, keyOf, after, order, matches, maxResults } = list;
  const step = order === "Ascending" ? 1 : -1;
  const page: Item[] = [];
  let last: SortKey | undefined;
  for (let index = firstIndex(items, keyOf, after, order); ; index += step) {
    const item = items[index];
    if (item === undefined) return { page, last: undefined };
    if (!matches(item)) continue;
    if (page.length === maxResults) return { page, last };
    page.push(item);
    last = keyOf(item);
  }
}

function firstIndex<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => SortKey,
  after: SortKey | undefined,
  order: "Ascending" | "Descending",
): number {
  if (after === undefined) return order === "Ascending" ? 0 : items.length - 1;
  // The number of items before `after`, or up to and with it where the list goes on from there.
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const item = items[middle];
    const comparison = item === undefined ? 1 : compareSortKeys(keyOf(item), after);
    if (comparison < 0 || (comparison === 0 && order === "Ascending")) low = middle + 1;
    else high = middle;
  }
  return order === "Ascending" ? low : low - 1;
}
