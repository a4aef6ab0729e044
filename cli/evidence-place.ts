import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { InvalidInputError } from "../functions/errors.ts";
import { filesInZip, zipOf } from "../queries/evidence/archive.ts";
import type { EvidenceFiles } from "../queries/evidence/manifest.ts";
import { UsageError } from "./command-line.ts";

/**
 * Writes evidence as a folder, or as a zip archive where the path ends so. Overwrites nothing.
 *
 * @throws {UsageError} there is something already.
 */
export function writeEvidence(path: string, files: EvidenceFiles): void {
  if (existsSync(path))
    throw new UsageError(`${path} is there already. Name another with --out, or remove it.`);
  if (path.endsWith(".zip")) return writeFileSync(path, zipOf(files), { flag: "wx" });
  for (const [name, bytes] of files) {
    const file = join(path, ...name.split("/"));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes, { flag: "wx" });
  }
}

/**
 * Reads evidence from a folder or a zip archive.
 *
 * @throws {UsageError} there is no such thing.
 * @throws {InvalidInputError} something in it is no plain file, or an archive is none of evidence.
 */
export function readEvidence(path: string): EvidenceFiles {
  if (!existsSync(path)) throw new UsageError(`There is no ${path}.`);
  if (!statSync(path).isDirectory()) return filesInArchive(path);
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => {
      const name = join(entry.parentPath, entry.name);
      if (entry.isFile()) return name;
      throw new InvalidInputError(`${name} is no plain file, and evidence has nothing else.`);
    });
  return new Map(names.map((file) => [relative(path, file).split(sep).join("/"), readFileSync(file)]));
}

function filesInArchive(path: string): EvidenceFiles {
  try {
    return filesInZip(readFileSync(path));
  } catch (error) {
    if (error instanceof InvalidInputError) throw error;
    throw new UsageError(`${path} is neither a folder nor a zip archive.`, { cause: error });
  }
}
