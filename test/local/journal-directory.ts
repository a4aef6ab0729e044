import { copyFileSync, mkdtempSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Journal } from "../../local/journal/journal.ts";

/** Directories for journals that vanish when the test has ended, and what a kill leaves in them. */
export function journalDirectories() {
  const directories: string[] = [];
  const opened: Journal[] = [];
  const make = (): string => {
    const directory = mkdtempSync(join(tmpdir(), "cardway-journal-"));
    directories.push(directory);
    return directory;
  };
  const open = (directory: string): Journal => {
    const journal = new Journal(directory, {
      fail(error) {
        throw error;
      },
    });
    opened.push(journal);
    return journal;
  };
  return {
    make,
    open,
    /** The file as it is now. */
    read: (directory: string): string => readFileSync(join(directory, "journal.jsonl"), "utf8"),
    /** What another process finds when the one that writes into `directory` is killed at this moment. */
    kill(directory: string, bytesKept?: number): { directory: string; journal: Journal } {
      const copy = make();
      copyFileSync(join(directory, "journal.jsonl"), join(copy, "journal.jsonl"));
      if (bytesKept !== undefined) truncateSync(join(copy, "journal.jsonl"), bytesKept);
      return { directory: copy, journal: open(copy) };
    },
    removeAll(): void {
      for (const journal of opened) journal.close();
      for (const directory of directories) rmSync(directory, { recursive: true, force: true });
    },
  };
}
