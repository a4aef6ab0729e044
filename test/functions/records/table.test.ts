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

  it("hands out copies, so that nobody changes what is kept without writing", async () => {
    const table = create();
    const data = { people: ["a"] };
    await table.put(key, data, 0);
    data.people.push("b");
    expect(await table.get(key)).toStrictEqual({ revision: 1, data: { people: ["a"] } });
  });
});
