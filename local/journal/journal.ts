import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";
import { journalFile, takeDataDirectory, unfinishedFile, usable } from "./data-directory.ts";
import { type Entry, KeptEntries, headerLine } from "./kept-entries.ts";
import { readStored, writeStored } from "./stored-json.ts";

/** What the journal asks of a collection of entries. */
export interface Collection {
  name: string;
  /** What has become of an entry since this was last asked. */
  changesOf(key: string): Iterable<Entry>;
}

/**
 * What a program has to remember, in one file that is only ever appended to: a line holds all that changed in one turn,
 * as JSON, so that what the file says is always a state that there was. What `write` has taken survives the end of the
 * process, `kill -9` included. It is not forced onto the disk each time: after a loss of power the last lines may be
 * missing, and a line that is torn is dropped.
 */
export class Journal {
  private readonly path: string;
  private readonly giveFree: () => void;
  private readonly fail: (error: unknown) => void;
  private readonly kept: KeptEntries;
  private readonly file: number;
  private readonly changes = new Map<Collection, Set<string>>();
  private isScheduled = false;
  private isClosed = false;

  /**
   * Opens the journal of a directory, and writes it anew without what is over.
   *
   * @param options.fail - Called when a change cannot be written: the program must not go on, for its state is no
   *   longer the file's.
   * @throws {DataDirectoryError} the directory cannot be used.
   */
  constructor(directory: string, { fail }: { fail: (error: unknown) => void }) {
    this.fail = fail;
    this.path = join(directory, journalFile);
    this.giveFree = takeDataDirectory(directory);
    try {
      this.kept = usable(directory, () => new KeptEntries(this.path));
      this.file = usable(directory, () => this.compact(join(directory, unfinishedFile), directory));
    } catch (error) {
      this.giveFree();
      throw error;
    }
  }

  /** The entries of a collection as an earlier process left them, once. */
  claim<Stored>(collection: string): [key: string, stored: Stored][] {
    return this.kept.claim(collection).map(([key, stored]) => [key, readStored(JSON.stringify(stored))]);
  }

  /**
   * Notes that an entry has changed or has gone. It is written when the code that runs now has come to its end.
   *
   * @param isNew - Whether the entry comes after all others from now on.
   */
  changed(collection: Collection, key: string, isNew: boolean): void {
    if (this.isClosed) return;
    const keys = this.changes.get(collection) ?? new Set();
    if (isNew) keys.delete(key);
    this.changes.set(collection, keys.add(key));
    if (this.isScheduled) return;
    this.isScheduled = true;
    queueMicrotask(() => this.flush());
  }

  /** Writes what is left and gives the directory free. What changes afterwards is not kept. */
  close(): void {
    if (this.isClosed) return;
    this.flush();
    this.isClosed = true;
    closeSync(this.file);
    this.giveFree();
  }

  private flush(): void {
    this.isScheduled = false;
    if (this.changes.size === 0 || this.isClosed) return;
    try {
      const entries: Entry[] = [];
      // Writing one entry down may bring up another, which then belongs into the same line.
      for (const [collection, keys] of this.changes) {
        for (const key of keys) entries.push(...collection.changesOf(key));
      }
      this.changes.clear();
      writeWhole(this.file, `${writeStored(entries) ?? "[]"}\n`);
    } catch (error) {
      this.isClosed = true;
      this.fail(error);
    }
  }

  /** @returns the file to append to. */
  private compact(unfinished: string, directory: string): number {
    const file = openSync(unfinished, "w", 0o600);
    writeWhole(file, headerLine);
    for (const entry of this.kept.entries()) writeWhole(file, `${JSON.stringify([entry])}\n`);
    fsyncSync(file);
    renameSync(unfinished, this.path);
    syncDirectory(directory);
    return file;
  }
}

/** `write` may take less than it is given. */
function writeWhole(file: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let written = 0; written < bytes.byteLength;) written += writeSync(file, bytes, written);
}

/** Makes a new name in a directory last. */
function syncDirectory(directory: string): void {
  const file = openSync(directory, "r");
  fsyncSync(file);
  closeSync(file);
}
