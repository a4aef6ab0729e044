import { array, assert as assertProperty, boolean, constantFrom, option, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import { SortedMap } from "../../../local/dynamodb/sorted-map.ts";

const key = constantFrom("", "a", "ab", "b", "ba", "c", "~");

describe("SortedMap", () => {
  it("walks like a sorted list of the same entries, whatever was set and deleted", () => {
    const change = record({ key, isSet: boolean() });
    const bound = option(key, { nil: undefined });
    const range = record({ gt: bound, gte: bound, lt: bound, lte: bound });

    assertProperty(
      property(array(change), range, boolean(), (changes, { gt, gte, lt, lte }, reverse) => {
        const map = new SortedMap<number>();
        const model = new Map<string, number>();
        for (const [index, { key: changed, isSet }] of changes.entries()) {
          if (isSet) map.set(changed, index);
          else map.delete(changed);
          if (isSet) model.set(changed, index);
          else model.delete(changed);
        }
        const bounds = {
          ...(gt === undefined ? {} : { gt }),
          ...(gte === undefined ? {} : { gte }),
          ...(lt === undefined ? {} : { lt }),
          ...(lte === undefined ? {} : { lte }),
        };

        const expected = [...model]
          .filter(([name]) => (gt === undefined || name > gt) && (gte === undefined || name >= gte))
          .filter(([name]) => (lt === undefined || name < lt) && (lte === undefined || name <= lte))
          .sort(([a], [b]) => (a < b ? -1 : 1));
        if (reverse) expected.reverse();
        expect([...map.entries(bounds, reverse)]).toStrictEqual(expected);
        expect(map.size).toBe(model.size);
      }),
    );
  });
});
