import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareSortKeys, pageOf, type SortKey } from "../../../local/wire/page.ts";

const keyOf = ({ time, name }: { time: number; name: string }): SortKey => [time, name];

const items = fc
  .uniqueArray(fc.record({ time: fc.nat({ max: 5 }), name: fc.string({ maxLength: 3 }) }), {
    selector: ({ time, name }) => `${time}/${name}`,
    maxLength: 40,
  })
  .map((all) => all.sort((a, b) => compareSortKeys(keyOf(a), keyOf(b))));

const order = fc.constantFrom("Ascending" as const, "Descending" as const);

describe("pageOf", () => {
  it("shows every matching item exactly once over all pages, in order", () => {
    fc.assert(
      fc.property(
        items,
        order,
        fc.integer({ min: 1, max: 7 }),
        fc.nat({ max: 5 }),
        (all, order, maxResults, time) => {
          const matches = (item: { time: number }) => item.time !== time;
          const seen = [];
          let after: SortKey | undefined;
          do {
            const { page, last } = pageOf({ items: all, keyOf, after, order, matches, maxResults });
            expect(page.length).toBeLessThanOrEqual(maxResults);
            seen.push(...page);
            after = last;
          } while (after !== undefined);

          const expected = all.filter(matches);
          expect(seen).toStrictEqual(order === "Ascending" ? expected : expected.reverse());
        },
      ),
    );
  });

  it("neither skips nor repeats what stays while other items come and go between pages", () => {
    fc.assert(
      fc.property(items, items, order, fc.integer({ min: 1, max: 5 }), (first, second, order, maxResults) => {
        const page = (all: typeof first, after?: SortKey) =>
          pageOf({ items: all, keyOf, after, order, matches: () => true, maxResults });
        const before = page(first);
        if (before.last === undefined) return;
        const shown = new Set(before.page.map((item) => keyOf(item).join("/")));
        const edge = before.last;

        const { page: following } = pageOf({
          items: second,
          keyOf,
          after: edge,
          order,
          matches: () => true,
          maxResults: 100,
        });

        const isBeyond = (item: { time: number; name: string }) =>
          compareSortKeys(keyOf(item), edge) * (order === "Ascending" ? 1 : -1) > 0;
        const expected = second.filter(isBeyond);
        expect(following).toStrictEqual(order === "Ascending" ? expected : expected.reverse());
        expect(following.filter((item) => shown.has(keyOf(item).join("/")))).toStrictEqual([]);
      }),
    );
  });

  it("gives no key to go on after where the last page is exactly full", () => {
    const page = pageOf({
      items: [{ time: 1, name: "a" }],
      keyOf,
      after: undefined,
      order: "Ascending",
      matches: () => true,
      maxResults: 1,
    });

    expect(page).toStrictEqual({ page: [{ time: 1, name: "a" }], last: undefined });
  });
});
