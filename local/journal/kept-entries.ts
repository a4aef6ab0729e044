import { closeSync, openSync, readSync, statSync } from "node:fs";
import * as z from "zod";
import { DataDirectoryError } from "./data-directory.ts";

/** Raised whenever a program of the version before could not read what is written now, or the other way round. */
const formatVersion = 1;

export const headerLine = `${JSON.stringify({ journal: "cardway", formatVersion })}\n`;

const HeaderSchema = z.object({ journal: z.literal("cardway"), formatVersion: z.int() });

/**
 * A change as it stands in the file: the collection and the key, then nothing where the entry has gone, else its value,
 * `null` where only its growing list has changed, and that list from an index on.
 */
const EntrySchema = z.union([
  z.tuple([z.string(), z.string()]),
  z.tuple([z.string(), z.string(), z.unknown()]),
  z.tuple([z.string(), z.string(), z.unknown(), z.string(), z.int().min(0), z.array(z.unknown())]),
]);

export type Entry = z.output<typeof EntrySchema>;

const LineSchema = z.array(EntrySchema);

interface Kept {
  value: unknown;
  list?: { member: string; items: unknown[] };
}

const chunkBytes = 1 << 20;

/** The entries that a journal's file holds in the end. */
export class KeptEntries {
  private readonly collections = new Map<string, Map<string, Kept>>();

  /**
   * Reads a file from its beginning; where there is none, nothing is kept.
   *
   * @throws {DataDirectoryError} it is no journal, one of another version, or damaged.
   */
  constructor(path: string) {
    let number = 0;
    let unreadable: number | undefined;
    for (const line of linesOf(path)) {
      number += 1;
      if (number === 1) {
        checkHeader(path, line);
        continue;
      }
      if (unreadable !== undefined) throw damaged(path, unreadable);
      const entries = LineSchema.safeParse(parsed(line));
      // Only the last line can be torn by the end of a process.
      if (entries.success) for (const entry of entries.data) this.apply(entry);
      else unreadable = number;
    }
    // A journal comes to its name with its first line whole, so this text is somebody's, and is not to be overwritten.
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (number === 0 && size > 0) throw notOurs(path);
  }

  /** All that has not been claimed yet. */
  *entries(): Generator<Entry> {
    for (const [name, collection] of this.collections) {
      for (const [key, { value, list }] of collection) {
        yield list === undefined ? [name, key, value] : [name, key, value, list.member, 0, list.items];
      }
    }
  }

  claim(name: string): [key: string, stored: unknown][] {
    const collection = this.collections.get(name) ?? new Map<string, Kept>();
    this.collections.delete(name);
    return [...collection].map(([key, { value, list }]) => [
      key,
      list === undefined ? value : { ...z.looseObject({}).parse(value), [list.member]: list.items },
    ]);
  }

  private apply([name, key, ...change]: Entry): void {
    const collection = this.collections.get(name) ?? new Map<string, Kept>();
    this.collections.set(name, collection);
    if (change.length === 0) {
      collection.delete(key);
      return;
    }
    const [value, member, from = 0, added = []] = change;
    const before = collection.get(key);
    if (member === undefined) {
      collection.set(key, { value });
      return;
    }
    const items = before?.list?.items ?? [];
    items.length = Math.min(items.length, from);
    for (const item of added) items.push(item);
    collection.set(key, { value: value ?? before?.value, list: { member, items } });
  }
}

function checkHeader(path: string, line: string): void {
  const header = HeaderSchema.safeParse(parsed(line));
  if (!header.success) {
    throw notOurs(path);
  }
  if (header.data.formatVersion !== formatVersion) {
    throw new DataDirectoryError(
      `${path} was written by another version of Cardway (format ${header.data.formatVersion}, this one reads ` +
        `${formatVersion}). Start that version, or choose another directory with --data.`,
    );
  }
}

function notOurs(path: string): DataDirectoryError {
  return new DataDirectoryError(`${path} is no journal of Cardway. Choose another directory with --data.`);
}

function damaged(path: string, line: number): DataDirectoryError {
  return new DataDirectoryError(
    `${path} is damaged in line ${line}. Put a copy back, or choose another directory with --data.`,
  );
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The lines of a file that are complete. A file may be larger than the longest text. */
function* linesOf(path: string): Generator<string> {
  const file = openIfThere(path);
  if (file === undefined) return;
  try {
    const chunk = Buffer.alloc(chunkBytes);
    let begun: Buffer[] = [];
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      let start = 0;
      for (let end = chunk.indexOf(10); end >= 0 && end < size; end = chunk.indexOf(10, start)) {
        yield Buffer.concat([...begun, chunk.subarray(start, end)]).toString();
        begun = [];
        start = end + 1;
      }
      begun.push(Buffer.from(chunk.subarray(start, size)));
    }
  } finally {
    closeSync(file);
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, "r");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
