import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type AuditEntry,
  type AuditHead,
  chained,
  emptyChain,
  faultsOf,
} from "../../../functions/records/audit-chain.ts";
import { createRecordsIn, readAuditChain } from "../../../functions/records/records-in-table.ts";
import { MemoryTable } from "../../../simulation/memory-table.ts";

const arn = "arn:aws:sagemaker:us-east-1:111111111111:model-card/churn";

function effect(number: number) {
  return {
    modelCardArn: arn,
    effectId: `effect-${number}`,
    at: "2026-11-25T09:00:00.000Z",
    position: number,
    detailType: "AccessGranted",
    detail: { number, audience: { stage: "dev", access: "read-write" } },
  };
}

function chainOf(length: number): { entries: AuditEntry[]; head: AuditHead } {
  return chained(
    Array.from({ length }, (_, index) => effect(index + 1)),
    emptyChain,
  );
}

const chains = fc.integer({ min: 1, max: 12 }).map(chainOf);
const chainAndPlace = chains.chain((chain) =>
  fc.record({ chain: fc.constant(chain), index: fc.nat({ max: chain.entries.length - 1 }) }),
);

describe("faultsOf", () => {
  it("finds nothing in a chain that is as it was written, in whatever order it is read", () => {
    fc.assert(
      fc.property(chains, ({ entries, head }) => {
        expect(faultsOf(entries.toReversed(), head, arn)).toStrictEqual([]);
        const split = Math.floor(entries.length / 2);
        const first = chained(
          entries.slice(0, split).map((_, index) => effect(index + 1)),
          emptyChain,
        );
        expect(first.entries).toStrictEqual(entries.slice(0, split));
      }),
    );
  });

  it("finds an entry whose content was changed, and where", () => {
    fc.assert(
      fc.property(chainAndPlace, ({ chain: { entries, head }, index }) => {
        const changed = entries.with(index, { ...entryAt(entries, index), at: "2020-01-01T00:00:00.000Z" });
        expect(faultsOf(changed, head, arn).map(({ kind, sequence }) => ({ kind, sequence }))).toStrictEqual([
          { kind: "changed", sequence: index + 1 },
        ]);
      }),
    );
  });

  it("finds an entry that was changed together with its own hash", () => {
    fc.assert(
      fc.property(chainAndPlace, ({ chain: { entries, head }, index }) => {
        const { sequence, previousHash } = entryAt(entries, index);
        const forged = chained([{ ...effect(99), effectId: `effect-${sequence}` }], {
          entries: index,
          hash: previousHash,
        }).entries;
        expect(faultsOf(entries.toSpliced(index, 1, ...forged), head, arn)).toMatchObject([
          { kind: "changed", sequence },
        ]);
      }),
    );
  });

  it("finds an entry that was removed, also the last one, and where", () => {
    fc.assert(
      fc.property(chainAndPlace, ({ chain: { entries, head }, index }) => {
        expect(faultsOf(entries.toSpliced(index, 1), head, arn)).toMatchObject([
          { kind: "removed", sequence: index + 1 },
        ]);
      }),
    );
  });

  it("finds two entries that changed places, and says which they are", () => {
    fc.assert(
      fc.property(
        chains
          .filter(({ entries }) => entries.length > 1)
          .chain(({ entries, head }) =>
            fc.record({
              entries: fc.constant(entries),
              head: fc.constant(head),
              index: fc.nat({ max: entries.length - 2 }),
            }),
          ),
        ({ entries, head, index }) => {
          const one = entryAt(entries, index);
          const other = entryAt(entries, index + 1);
          const swapped = entries
            .with(index, { ...other, sequence: one.sequence })
            .with(index + 1, { ...one, sequence: other.sequence });
          expect(faultsOf(swapped, head, arn)).toMatchObject([
            { kind: "reordered", sequence: index + 1, effectId: other.effectId },
            { kind: "reordered", sequence: index + 2, effectId: one.effectId },
          ]);
        },
      ),
    );
  });

  it("finds an entry that was slipped in, behind the end or beside another", () => {
    const { entries, head } = chainOf(3);
    const behind = chained([effect(9)], head).entries;
    expect(faultsOf([...entries, ...behind], head, arn)).toMatchObject([{ kind: "added", sequence: 4 }]);
    const [beside] = chained([effect(9)], { entries: 1, hash: entryAt(entries, 0).hash }).entries;
    expect(faultsOf([...entries, ...(beside ? [beside] : [])], head, arn).map(({ kind }) => kind)).toContain(
      "added",
    );
  });

  it("finds an entry that was slipped in before the first", () => {
    const { entries, head } = chainOf(3);
    const [before] = chained([effect(9)], { entries: -1, hash: "" }).entries;
    expect(faultsOf([...entries, ...(before ? [before] : [])], head, arn)).toMatchObject([
      { kind: "added", sequence: 0, effectId: "effect-9" },
    ]);
  });

  it("finds the whole chain of another card in the place of this card's", () => {
    const { entries, head } = chainOf(2);
    expect(faultsOf(entries, head, `${arn}-2`)).toMatchObject([
      { kind: "added", sequence: 1, message: expect.stringContaining("is about another card") },
      { kind: "added", sequence: 2 },
    ]);
  });

  it("comes to an end with numbers that no chain has, and names each entry of a long chain", () => {
    const { entries, head } = chainOf(3);
    const far = { ...entryAt(entries, 2), sequence: Number.MAX_SAFE_INTEGER };
    expect(faultsOf([...entries, far], head, arn).at(-1)).toMatchObject({ kind: "reordered" });
    expect(faultsOf(entries, { ...head, entries: Number.MAX_SAFE_INTEGER }, arn)).toHaveLength(101);
    const long = chainOf(5_000);
    const changed = long.entries.map((entry) => ({ ...entry, at: "2020-01-01T00:00:00.000Z" }));
    expect(faultsOf(changed, long.head, arn)).toHaveLength(5_000);
  });

  it("finds that the note of the chain's end is gone, or is another", () => {
    const { entries, head } = chainOf(3);
    expect(faultsOf(entries, undefined, arn)).toMatchObject([{ kind: "cut", sequence: 4 }]);
    expect(faultsOf(entries, { ...head, hash: "0".repeat(64) }, arn)).toMatchObject([
      { kind: "changed", sequence: 3 },
    ]);
    expect(faultsOf([], head, arn).map(({ sequence }) => sequence)).toStrictEqual([1, 2, 3]);
  });
});

describe("the audit chain in the table", () => {
  it("is read as it was at one moment, also while others write it", async () => {
    const table = new MemoryTable();
    const records = createRecordsIn(table);
    await records.addEffects([effect(1)]);
    const { entries, head } = await readAuditChain(
      {
        get: (key) => table.get(key),
        async list(pk, skPrefix) {
          await records.addEffects([effect(2)]);
          return table.list(pk, skPrefix);
        },
      },
      arn,
    );
    expect(entries).toHaveLength(1);
    expect(faultsOf(entries, head, arn)).toStrictEqual([]);
  });

  it("takes nothing for an entry that holds more than its hash is of", async () => {
    const table = new MemoryTable();
    const records = createRecordsIn(table);
    await records.addEffects([effect(1)]);
    const { entries } = await readAuditChain(table, arn);
    const key = { pk: `CARD#${arn}`, sk: "EFFECT#effect-1" };
    await table.put(key, { ...entryAt(entries, 0), approvedBy: "nobody" }, 1);
    expect(await readAuditChain(table, arn)).toMatchObject({ entries: [], unreadable: 1 });
  });

  it("takes each effect once, in one chain, whoever writes at the same moment", async () => {
    const table = new MemoryTable();
    const records = createRecordsIn(table);
    await Promise.all(
      Array.from({ length: 8 }, (_, writer) =>
        records.addEffects([effect(writer), effect(writer + 1), effect(0)]),
      ),
    );
    const { entries, head } = await readAuditChain(table, arn);
    expect(entries).toHaveLength(9);
    expect(faultsOf(entries, head, arn)).toStrictEqual([]);
  });
});

function entryAt(entries: AuditEntry[], index: number): AuditEntry {
  const entry = entries[index];
  if (entry === undefined) throw new TypeError(`no entry at ${index}`);
  return entry;
}
