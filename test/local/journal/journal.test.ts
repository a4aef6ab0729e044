import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { usable } from "../../../local/journal/data-directory.ts";
import { durableMap } from "../../../local/journal/durable-map.ts";
import { journalDirectories } from "../journal-directory.ts";

const directories = journalDirectories();
afterAll(() => directories.removeAll());

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A new directory with the journal in it, and a collection of the journal. */
function setUp() {
  const directory = directories.make();
  const journal = directories.open(directory);
  return { directory, journal, map: durableMap<unknown>({ journal }, "things") };
}

/** What a collection holds for the process that comes after the one that is killed now. */
function afterKill(directory: string, bytesKept?: number): [string, unknown][] {
  const { journal } = directories.kill(directory, bytesKept);
  return [...durableMap<unknown>({ journal }, "things")];
}

describe("a journal", () => {
  it("gives back dates, maps, sets and objects that look like the way it writes them", async () => {
    const { directory, map } = setUp();
    const value = {
      at: new Date("2026-01-01T00:00:00.000Z"),
      map: new Map([["key", new Set([1, 2])]]),
      nested: [{ at: new Date(0) }],
      user: [{ $date: 5 }, { $map: [["a", 1]] }, { $object: [] }, { $: { $set: [1] } }],
    };

    map.set("one", value);
    await turn();

    expect(afterKill(directory)).toStrictEqual([["one", value]]);
  });

  it("gives back any JSON value", async () => {
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), fc.jsonValue({ stringUnit: "binary" })), async (values) => {
        const { directory, map } = setUp();
        for (const [key, value] of Object.entries(values)) map.set(key, { value });
        await turn();

        const restored = afterKill(directory);

        const json: unknown = JSON.parse(
          JSON.stringify(Object.entries(values).map(([key, value]) => [key, { value }])),
        );
        expect(JSON.parse(JSON.stringify(restored))).toStrictEqual(json);
      }),
      { numRuns: 15 },
    );
  });

  it("writes all that changes in one turn as one line", async () => {
    const { directory, journal, map } = setUp();
    const other = durableMap<number>({ journal }, "others");
    const before = directories.read(directory);

    map.set("one", 1);
    other.set("two", 2);
    map.set("one", 3);
    await turn();

    const written = directories.read(directory).slice(before.length);
    expect(written).toBe('[["things","one",3],["others","two",2]]\n');
  });

  it("has written a change before anything that waits for it goes on", async () => {
    const { directory, map } = setUp();

    map.set("one", 1);
    await Promise.resolve();

    expect(afterKill(directory)).toStrictEqual([["one", 1]]);
  });

  it.each([1, 2, 3, 10])("drops a last line of which %i bytes are missing", async (missing) => {
    const { directory, map } = setUp();
    map.set("kept", "ä");
    await turn();
    map.set("torn", "ö");
    await turn();

    const size = statSync(join(directory, "journal.jsonl")).size;

    expect(afterKill(directory, size - missing)).toStrictEqual([["kept", "ä"]]);
  });

  it("goes on after a torn line without joining it to the next", async () => {
    const { directory, map } = setUp();
    map.set("torn", 1);
    await turn();
    const size = statSync(join(directory, "journal.jsonl")).size;
    const { directory: second, journal } = directories.kill(directory, size - 3);
    durableMap<unknown>({ journal }, "things").set("next", 2);
    await turn();

    expect(afterKill(second)).toStrictEqual([["next", 2]]);
  });

  it("refuses a file that is damaged before its end, and says where", async () => {
    const { directory, map, journal } = setUp();
    journal.close();
    appendFileSync(join(directory, "journal.jsonl"), '[["things"\n[["things","one",1]]\n');

    expect(() => directories.open(directory)).toThrow(/is damaged in line 2\. .*--data/);
    expect([...map]).toStrictEqual([]);
  });

  it("forgets what is over when it is opened, and keeps what nobody has asked for yet", async () => {
    const { directory, journal, map } = setUp();
    durableMap<string>({ journal }, "unasked").set("still", "here");
    for (let count = 0; count < 500; count += 1) {
      map.set("counter", count);
      await turn();
    }
    const grown = directories.read(directory).length;

    const { directory: second } = directories.kill(directory);
    const { directory: third, journal: last } = directories.kill(second);

    expect(directories.read(third).length).toBeLessThan(grown / 20);
    expect([...durableMap({ journal: last }, "unasked")]).toStrictEqual([["still", "here"]]);
    expect([...durableMap({ journal: last }, "things")]).toStrictEqual([["counter", 499]]);
  });

  it("ignores a compaction that was never finished", async () => {
    const { directory, map, journal } = setUp();
    map.set("one", 1);
    await turn();
    journal.close();
    writeFileSync(join(directory, "journal.jsonl.new"), "half a hea");

    directories.open(directory).close();

    expect(readdirSync(directory)).toStrictEqual(["journal.jsonl"]);
    expect(afterKill(directory)).toStrictEqual([["one", 1]]);
  });

  it("writes only what is new of a growing list", async () => {
    const directory = directories.make();
    const journal = directories.open(directory);
    const map = durableMap<{ name: string; events: string[] }>({ journal }, "things", "events");
    const value = { name: "long", events: ["first"] };
    map.set("one", value);
    await turn();
    const before = directories.read(directory).length;

    value.events.push("second", "third");
    map.grew("one");
    await turn();
    value.events[2] = "replaced";
    map.grew("one");
    await turn();

    const written = directories.read(directory).slice(before);
    expect(written).toBe(
      '[["things","one",null,"events",1,["second","third"]]]\n[["things","one",null,"events",2,["replaced"]]]\n',
    );
    expect(afterKill(directory)).toStrictEqual([
      ["one", { name: "long", events: ["first", "second", "replaced"] }],
    ]);
  });

  it("reads any order of changes back as they were, in the same order, wherever it is killed", async () => {
    const key = fc.constantFrom("a", "b", "c", "d");
    const change = fc.oneof(
      fc.record({ kind: fc.constant("set"), key, value: fc.nat(9) }),
      fc.record({
        kind: fc.constantFrom("delete", "push", "pop", "turn", "kill", "clear"),
        key,
        value: fc.nat(9),
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(change, { maxLength: 40 }), async (changes) => {
        let directory = directories.make();
        let journal = directories.open(directory);
        let map = durableMap<{ list: number[] }>({ journal }, "things", "list");
        for (const { kind, key, value } of [...changes, { kind: "kill", key: "a", value: 0 }]) {
          const present = map.get(key);
          if (kind === "set") map.set(key, { list: [value] });
          if (kind === "delete") map.delete(key);
          if (kind === "clear") map.clear();
          if (kind === "push") present?.list.push(value);
          if (kind === "pop") present?.list.pop();
          if (kind === "push" || kind === "pop") map.grew(key);
          if (kind === "turn" || kind === "kill") await turn();
          if (kind !== "kill") continue;
          const before = structuredClone([...map]);
          ({ directory, journal } = directories.kill(directory));
          map = durableMap({ journal }, "things", "list");
          expect([...map]).toStrictEqual(before);
        }
      }),
      { numRuns: 25 },
    );
  });
});

describe("a data directory", () => {
  it("is made where there is none, for its owner's eyes only", () => {
    const directory = join(directories.make(), "new", "one");

    directories.open(directory);

    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, "journal.jsonl")).mode & 0o777).toBe(0o600);
  });

  it("is one process's, until that closes it", () => {
    const directory = directories.make();
    const journal = directories.open(directory);

    expect(() => directories.open(directory)).toThrow(/Process \d+ uses .*delete .*lock/);
    journal.close();
    directories.open(directory).close();

    expect(existsSync(join(directory, "lock"))).toBe(false);
  });

  it("is another running process's", () => {
    const directory = directories.make();
    writeFileSync(join(directory, "lock"), String(process.ppid));

    expect(() => directories.open(directory)).toThrow(`Process ${process.ppid} uses`);
  });

  it.each(["of a process that was killed", "with the process id of this one", "that was never written"])(
    "is taken over from a lock %s",
    (whose) => {
      const directory = directories.make();
      const ended = spawnSync(process.execPath, ["--version"]).pid;
      const holder = {
        "of a process that was killed": ended,
        "with the process id of this one": process.pid,
      }[whose];
      writeFileSync(join(directory, "lock"), holder === undefined ? "" : String(holder));

      directories.open(directory);

      expect(readdirSync(directory).sort()).toStrictEqual(["journal.jsonl", "lock"]);
    },
  );

  it("is refused where it holds other files, and left alone", () => {
    const directory = directories.make();
    writeFileSync(join(directory, "thesis.txt"), "");

    expect(() => directories.open(directory)).toThrow(/holds other files .*--data/);
    expect(readdirSync(directory)).toStrictEqual(["thesis.txt"]);
  });

  it.each([
    ["no journal of Cardway", '{"name":"somebody else\'s"}\n'],
    ["no journal of Cardway", "a text of one line, which nothing ends"],
    [
      "another version of Cardway (format 99, this one reads 1)",
      '{"journal":"cardway","formatVersion":99}\n',
    ],
  ])("is refused where its file is %s, and left alone", (sentence, content) => {
    const directory = directories.make();
    writeFileSync(join(directory, "journal.jsonl"), content);

    expect(() => directories.open(directory)).toThrow(sentence);
    expect(directories.read(directory)).toBe(content);
    expect(readdirSync(directory)).toStrictEqual(["journal.jsonl"]);
  });

  it("is refused where its disk is full, which is to be mended, and keeps what it holds", () => {
    const directory = directories.make();
    const full = Object.assign(new Error("No space left on device"), { code: "ENOSPC" });

    const use = () =>
      usable(directory, () => {
        throw full;
      });

    expect(use).toThrow(`The disk of ${directory} is full (ENOSPC). Make room there and start again: `);
  });

  it("is refused where it is a file", () => {
    const path = join(directories.make(), "file");
    writeFileSync(path, "");

    expect(() => directories.open(path)).toThrow(/cannot be used \((EEXIST|ENOTDIR)\)/);
  });

  it("is refused where its journal is a directory", () => {
    const directory = directories.make();
    mkdirSync(join(directory, "journal.jsonl"));

    expect(() => directories.open(directory)).toThrow(/--data/);
  });
});
