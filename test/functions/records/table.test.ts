import { describe, expect, it } from "vitest";
import { createDynamoDbTable } from "../../../functions/aws/dynamodb.ts";
import type { Table } from "../../../functions/records/table.ts";
import { MemoryTable } from "../../../simulation/memory-table.ts";
import { tableName } from "../../../stacks/definitions/deployment.ts";
import { createTestCloud, region } from "../../workflow/test-cloud.ts";

const tables: { name: string; create: () => Table }[] = [
  {
    name: "DynamoDB",
    create: () => createDynamoDbTable(createTestCloud().cloud.administratorRuntime(region), tableName),
  },
  { name: "memory", create: () => new MemoryTable() },
];

describe.each(tables)("the table in $name", ({ create }) => {
  const key = { pk: "CARD#churn", sk: "CARD" };

  it("knows nothing of what was never kept", async () => {
    const table = create();
    expect(await table.get(key)).toBeUndefined();
    expect(await table.list("CARD#churn", "")).toStrictEqual([]);
  });

  it("keeps what is written, without what is undefined, and counts the writes", async () => {
    const table = create();
    expect(await table.put(key, { status: "Draft", seen: undefined, people: ["a"] }, 0)).toBe(true);
    expect(await table.get(key)).toStrictEqual({ revision: 1, data: { status: "Draft", people: ["a"] } });
    expect(await table.put(key, { status: "Approved" }, 1)).toBe(true);
    expect(await table.get(key)).toStrictEqual({ revision: 2, data: { status: "Approved" } });
  });

  it.each([0, 1, 3])("refuses a write that expects revision %i where 2 is there", async (expected) => {
    const table = create();
    await table.put(key, { turn: 1 }, 0);
    await table.put(key, { turn: 2 }, 1);
    expect(await table.put(key, { turn: 3 }, expected)).toBe(false);
    expect(await table.get(key)).toStrictEqual({ revision: 2, data: { turn: 2 } });
  });

  it("refuses an item that is expected to be there and is not", async () => {
    const table = create();
    expect(await table.put(key, { turn: 1 }, 1)).toBe(false);
    expect(await table.get(key)).toBeUndefined();
  });

  it("lets one of many writers of the same moment win", async () => {
    const table = create();
    const won = await Promise.all(Array.from({ length: 8 }, (_, turn) => table.put(key, { turn }, 0)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(await table.get(key)).toStrictEqual({ revision: 1, data: { turn: won.indexOf(true) } });
  });

  it("writes many items at once or none, and tells which others wrote first", async () => {
    const table = create();
    const other = { pk: "CARD#churn", sk: "EFFECT#a" };
    const both = (expectedRevision: number, turn: number) => [
      { key, data: { turn }, expectedRevision },
      { key: other, data: { turn }, expectedRevision: 0 },
    ];
    expect(await table.putAll(both(0, 1))).toStrictEqual([]);
    expect(await table.putAll(both(1, 2))).toStrictEqual([1]);
    expect(await table.putAll(both(0, 3))).toStrictEqual([0, 1]);
    expect(await table.get(key)).toStrictEqual({ revision: 1, data: { turn: 1 } });
    expect(await table.get(other)).toStrictEqual({ revision: 1, data: { turn: 1 } });
  });

  it("lets one of many transactions of the same moment win", async () => {
    const table = create();
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, turn) =>
        table.putAll([
          { key, data: { turn }, expectedRevision: 0 },
          { key: { pk: key.pk, sk: `EFFECT#${turn}` }, data: { turn }, expectedRevision: 0 },
        ]),
      ),
    );
    expect(answers.filter((refused) => refused.length === 0)).toHaveLength(1);
    expect(await table.list(key.pk, "EFFECT#")).toHaveLength(1);
  });

  it("lists the items of one partition by their sort key, and of no other", async () => {
    const table = create();
    for (const sk of ["EFFECT#b", "CARD", "EFFECT#a", "EFFECTS"])
      await table.put({ pk: "CARD#one", sk }, { sk }, 0);
    await table.put({ pk: "CARD#other", sk: "EFFECT#c" }, { sk: "EFFECT#c" }, 0);
    const listed = await table.list("CARD#one", "EFFECT#");
    expect(listed).toStrictEqual([
      { revision: 1, data: { sk: "EFFECT#a" } },
      { revision: 1, data: { sk: "EFFECT#b" } },
    ]);
  });

  const allDigests = async (table: Table): Promise<{ found: Record<string, string>; pages: number }> => {
    const found: Record<string, string> = {};
    let next: string | undefined;
    for (let pages = 1; ; pages += 1) {
      const page = await table.digests(next);
      for (const { pk, digest } of page.digests) found[pk] = digest;
      next = page.next;
      if (next === undefined) return { found, pages };
    }
  };

  it("tells the digest of each item that has one, as it was written last", async () => {
    const table = create();
    expect(await allDigests(table)).toStrictEqual({ found: {}, pages: 1 });
    await table.put(key, {}, 0, { digest: "first" });
    await table.put({ pk: "CARD#churn", sk: "EFFECT#a" }, {}, 0);
    await table.put({ pk: "REQUEST#1", sk: "REQUEST" }, {}, 0, { digest: "open" });
    expect(await table.put(key, {}, 0, { digest: "refused" })).toBe(false);
    expect((await allDigests(table)).found).toStrictEqual({ "CARD#churn": "first", "REQUEST#1": "open" });

    await table.put(key, {}, 1, { digest: "second" });
    await table.put({ pk: "REQUEST#1", sk: "REQUEST" }, {}, 1);

    expect((await allDigests(table)).found).toStrictEqual({ "CARD#churn": "second" });
  });

  it("tells thousands of digests in a few pages, each once", async () => {
    const table = create();
    const digest = "x".repeat(250);
    const pks = Array.from({ length: 5_000 }, (_, card) => `CARD#${"y".repeat(90)}#${card}`);
    for (const pk of pks) await table.put({ pk, sk: "CARD" }, { text: "z".repeat(2_000) }, 0, { digest });

    const { found, pages } = await allDigests(table);

    expect(Object.keys(found).sort()).toStrictEqual(pks.sort());
    expect(pages).toBe(2);
  });

  it("hands out copies, so that nobody changes what is kept without writing", async () => {
    const table = create();
    const data = { people: ["a"] };
    await table.put(key, data, 0);
    data.people.push("b");
    expect(await table.get(key)).toStrictEqual({ revision: 1, data: { people: ["a"] } });
  });
});
