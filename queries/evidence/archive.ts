import { unzipSync, zipSync } from "fflate";
import type { EvidenceFiles } from "./manifest.ts";

/** Evidence as one zip archive; the same files give the same bytes. */
export function zipOf(files: EvidenceFiles): Uint8Array {
  const entries = [...files].map(([path, bytes]) => [
    path,
    [bytes, { mtime: "1980-01-01T00:00:00" }] as const,
  ]);
  return zipSync(Object.fromEntries(entries));
}

/** @throws {Error} it is no zip archive. */
export function filesInZip(zip: Uint8Array): EvidenceFiles {
  return new Map(Object.entries(unzipSync(zip)).filter(([path]) => !path.endsWith("/")));
}
