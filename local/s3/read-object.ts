import * as z from "zod";
import { type Permission, permittedOperation } from "../wire/operation.ts";
import { RawAnswer } from "../wire/raw-answer.ts";
import type { Bucket, ObjectVersion } from "./bucket.ts";
import { calledBucket, permissionOn } from "./bucket-operations.ts";
import type { BucketStore } from "./bucket-store.ts";
import { byteRange } from "./byte-range.ts";
import { ReadConditionsSchema, checkReadConditions, readConditionHeaders } from "./conditions.ts";
import { checksumHeaders, encryption, versionHeaders } from "./object-headers.ts";
import { S3Error, noSuchKey } from "./s3-error.ts";
import type { S3Route } from "./s3-service.ts";

const ReadObjectSchema = z.object({
  Bucket: z.string(),
  Key: z.string(),
  VersionId: z.string().optional(),
  Range: z.string().optional(),
  ChecksumMode: z.literal("ENABLED").optional(),
  ...ReadConditionsSchema.shape,
});

/**
 * `GetObject` and `HeadObject`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function readObjectRoutes(store: BucketStore): S3Route[] {
  const read = permittedOperation({
    input: ReadObjectSchema,
    permissions: ({ Bucket, Key, VersionId }, call) =>
      readPermissions(store, calledBucket(store, Bucket, call), Key, VersionId),
    run: ({ Bucket, Key, VersionId, ...input }) => {
      const bucket = store.require(Bucket);
      const version = readVersion(store, bucket, Key, VersionId);
      checkReadConditions(version, input);
      return new RawAnswer(objectResponse(bucket, version, input));
    },
  });
  const readRoute = {
    target: "object",
    operation: read,
    query: { versionId: "VersionId" },
    headers: { ...readConditionHeaders, range: "Range", "x-amz-checksum-mode": "ChecksumMode" },
  } as const;

  return [
    { name: "GetObject", method: "GET", ...readRoute },
    { name: "HeadObject", method: "HEAD", ...readRoute },
  ];
}

/** Who may not list a bucket does not learn either what is not in it. */
function readPermissions(
  store: BucketStore,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): Permission[] {
  const action = versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion";
  const isThere = store.current(bucket, key)?.kind === "object" || versionId !== undefined;
  const reading = permissionOn(bucket, action, key);
  return isThere ? [reading] : [reading, permissionOn(bucket, "s3:ListBucket")];
}

/** @throws {S3Error} `NoSuchKey`, `NoSuchVersion`, or `MethodNotAllowed` for a delete marker that is asked for by its id. */
function readVersion(
  store: BucketStore,
  bucket: Bucket,
  key: string,
  versionId: string | undefined,
): ObjectVersion {
  const version =
    versionId === undefined ? store.current(bucket, key) : store.version(bucket, key, versionId);
  if (version?.kind === "object") return version;
  if (version === undefined && versionId !== undefined) {
    throw new S3Error("NoSuchVersion", "The specified version does not exist.", 404, {
      members: { Key: key, VersionId: versionId },
    });
  }
  const headers = version === undefined ? {} : versionHeaders(bucket, version);
  if (versionId === undefined) throw noSuchKey(key, headers);
  throw new S3Error("MethodNotAllowed", "The specified method is not allowed against this resource.", 405, {
    members: { Method: "GET", ResourceType: "DeleteMarker" },
    headers,
  });
}

function objectResponse(
  bucket: Bucket,
  version: ObjectVersion,
  { Range, ChecksumMode }: { Range?: string; ChecksumMode?: string },
) {
  const range = byteRange(Range, version.sizeBytes);
  const { first, last } = range ?? { first: 0, last: version.sizeBytes - 1 };
  return {
    status: range === undefined ? 200 : 206,
    headers: {
      ...version.headers,
      etag: version.etag,
      "last-modified": version.lastModified.toUTCString(),
      "accept-ranges": "bytes",
      "content-length": String(last - first + 1),
      ...encryption,
      ...(range && { "content-range": `bytes ${first}-${last}/${version.sizeBytes}` }),
      // The checksum is that of the whole object.
      ...(ChecksumMode !== undefined && range === undefined && checksumHeaders(version)),
      ...versionHeaders(bucket, version),
    },
    body: Buffer.from(version.content, "base64").subarray(first, last + 1),
  };
}
