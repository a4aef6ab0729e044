import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";

// The same worlds are also built where no tests run: for pictures and measurements.
const runFolder =
  process.env["VITEST"] === undefined ? undefined : (await import("vitest")).inject("runFolder");

/** Lines of one kind that the tests of a whole run write down, and that one test reads at its end. */
export interface Recording {
  /** Whether this is a run of all tests; else nothing is kept. */
  isOn: boolean;
  write(line: string): void;
  /** All that was written so far, by all tests, each line once. `undefined` where this is not a run of all tests. */
  read(): string[] | undefined;
}

/** @param kind - Name of the lines' folder. */
export function createRecording(kind: string): Recording {
  const folder = runFolder === undefined ? undefined : join(runFolder, kind);
  const written = new Set<string>();
  let file: number | undefined;
  return {
    isOn: folder !== undefined,
    write(line) {
      if (folder === undefined || written.has(line)) return;
      written.add(line);
      file ??= openNew(folder);
      writeSync(file, `${line}\n`);
    },
    read() {
      if (folder === undefined) return undefined;
      const files = existsSync(folder) ? readdirSync(folder) : [];
      const lines = files.flatMap((name) => readFileSync(join(folder, name), "utf8").trimEnd().split("\n"));
      return [...new Set(lines)];
    },
  };
}

/** A file of this worker's own. */
function openNew(folder: string): number {
  mkdirSync(folder, { recursive: true });
  return openSync(join(folder, randomUUID()), "a");
}
