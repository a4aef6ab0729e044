import { unzipSync, zipSync } from "fflate";
import { InvalidInputError } from "../../functions/errors.ts";
import type { EvidenceFiles } from "./manifest.ts";

/** Evidence as one zip archive; the same files give the same bytes. */
export function zipOf(files: EvidenceFiles): Uint8Array {
  const entries = [...files].map(([path, bytes]) => [
    path,
    [bytes, { mtime: "1980-01-01T00:00:00" }] as const,
  ]);
  return zipSync(Object.fromEntries(entries));
}

/** How much is unpacked of an archive at most, in bytes: evidence has a few megabytes. */
const mostBytes = 512 * 1_024 * 1_024;

/**
 * @throws {Error} it is no zip archive.
 * @throws {InvalidInputError} it has two files of one name, of which others may see the other one, or is far too large.
 */
export function filesInZip(zip: Uint8Array): EvidenceFiles {
  const paths = new Set<string>();
  let bytes = 0;
  const files = unzipSync(zip, {
    filter({ name, originalSize }) {
      // What takes this name takes no place among the files that are unpacked.
      if (paths.has(name) || name === "__proto__") {
        throw new InvalidInputError(
          `The archive has ${name} twice, or as a name of no file. No evidence does.`,
        );
      }
      paths.add(name);
      bytes += originalSize;
      if (bytes > mostBytes) {
        throw new InvalidInputError(`The archive has more than ${mostBytes} bytes, which no evidence has.`);
      }
      return true;
    },
  });
  const isFolder = ([path, content]: [string, Uint8Array]) => path.endsWith("/") && content.byteLength === 0;
  return new Map(Object.entries(files).filter((file) => !isFolder(file)));
}
