import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
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
 */
export function readEvidence(path: string): EvidenceFiles {
  if (!existsSync(path)) throw new UsageError(`There is no ${path}.`);
  if (!statSync(path).isDirectory()) return filesInArchive(path);
  const names = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(names.map((file) => [relative(path, file).split(sep).join("/"), readFileSync(file)]));
}

function filesInArchive(path: string): EvidenceFiles {
  try {
    return filesInZip(readFileSync(path));
  } catch (error) {
    throw new UsageError(`${path} is neither a folder nor a zip archive.`, { cause: error });
  }
}
