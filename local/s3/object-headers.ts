import type { Bucket, ObjectVersion, StoredVersion } from "./bucket.ts";
import { checksumHeader } from "./checksum.ts";

/** All objects are encrypted, if nothing else is said with keys of S3's own. */
export const encryption = { "x-amz-server-side-encryption": "AES256" };

export function checksumHeaders({ checksum }: ObjectVersion): Record<string, string> {
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": "FULL_OBJECT" };
}

export function versionHeaders(
  { isVersioned }: Bucket,
  { kind, versionId }: StoredVersion,
): Record<string, string> {
  if (!isVersioned) return {};
  return {
    "x-amz-version-id": versionId,
    ...(kind === "delete-marker" && { "x-amz-delete-marker": "true" }),
  };
}
