/** What each part of the settings allows but the whole does not. */
export interface Contradiction {
  path: (string | number)[];
  /** Goes on after the value at the path. */
  message: string;
}

/** Finds the members that an earlier item has already. */
export function* repeated<Key extends string>(
  items: Record<Key, string>[],
  key: Key,
  path: (string | number)[],
): Generator<Contradiction> {
  for (const [index, item] of items.entries()) {
    if (items.findIndex((other) => other[key] === item[key]) !== index) {
      yield { path: [...path, index, key], message: "is used twice; names must differ" };
    }
  }
}
