import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The directory of `--data` cannot be used; the message says why and what to do. */
export class DataDirectoryError extends Error {
  override readonly name = "DataDirectoryError";
}

export const journalFile = "journal.jsonl";
/** A journal that is being compacted; left behind by a process that was killed meanwhile. */
export const unfinishedFile = "journal.jsonl.new";
const lockFile = "lock";

/** Directories that this very process has opened, whose locks are no leftovers of an earlier one with its process id. */
const openedHere = new Set<string>();

/**
 * Takes a data directory for this process, and makes it where there is none. Only its owner may read it: it holds keys.
 *
 * @returns what gives it free again.
 * @throws {DataDirectoryError} it is another process's, holds anything else, or cannot be read and written.
 */
export function takeDataDirectory(directory: string): () => void {
  usable(directory, () => {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const names = readdirSync(directory);
    const isOurs = names.includes(journalFile) || names.every((name) => name.startsWith(lockFile));
    if (!isOurs) {
      throw new DataDirectoryError(
        `${directory} holds other files and no journal of Cardway. Choose an empty or a new directory with --data.`,
      );
    }
    takeLock(directory);
    openedHere.add(directory);
    rmSync(join(directory, unfinishedFile), { force: true });
  });
  return () => {
    openedHere.delete(directory);
    rmSync(join(directory, lockFile), { force: true });
  };
}

/**
 * Does something with the files of a data directory.
 *
 * @throws {DataDirectoryError} the file system refuses it.
 */
export function usable<Value>(directory: string, run: () => Value): Value {
  try {
    return run();
  } catch (error) {
    if (error instanceof DataDirectoryError || !(error instanceof Error && "code" in error)) throw error;
    if (isCode(error, "ENOSPC") || isCode(error, "EDQUOT")) {
      throw new DataDirectoryError(
        `The disk of ${directory} is full (${String(error.code)}). Make room there and start again: nothing is lost.`,
        { cause: error },
      );
    }
    throw new DataDirectoryError(
      `${directory} cannot be used (${String(error.code)}). Choose a directory that you may read and write with --data.`,
      { cause: error },
    );
  }
}

function takeLock(directory: string): void {
  const lock = join(directory, lockFile);
  const own = `${lock}.${process.pid}`;
  try {
    writeFileSync(own, String(process.pid), { mode: 0o600 });
    // A link is there at once and whole, or not at all.
    for (;;) {
      const isTaken = !isLinked(own, lock);
      if (!isTaken) return;
      const holder = Number(readIfThere(lock));
      if (openedHere.has(directory) || (holder !== process.pid && isRunning(holder))) {
        throw new DataDirectoryError(
          `Process ${holder} uses ${directory}. Stop it, or choose another directory with --data. ` +
            `If that process is not Cardway, delete ${lock}.`,
        );
      }
      discardLock(lock, holder);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** Puts a lock aside before it is deleted, so that of two that find it left behind none deletes the other's new one. */
function discardLock(lock: string, holder: number): void {
  const aside = `${lock}.${process.pid}.old`;
  try {
    renameSync(lock, aside);
  } catch (error) {
    if (isCode(error, "ENOENT")) return;
    throw error;
  }
  if (Number(readIfThere(aside)) !== holder) isLinked(aside, lock);
  rmSync(aside, { force: true });
}

function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return "";
    throw error;
  }
}

function isRunning(processId: number): boolean {
  if (!Number.isSafeInteger(processId) || processId <= 0) return false;
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // A process of somebody else may not be signalled, but it is there.
    return isCode(error, "EPERM");
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
