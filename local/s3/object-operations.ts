import * as z from "zod";
import { type Permission, permittedOperation } from "../wire/operation.ts";
import { RawAnswer } from "../wire/raw-answer.ts";
import type { Bucket, ObjectVersion, StoredVersion } from "./bucket.ts";
import { calledBucket, permissionOn } from "./bucket-operations.ts";
import type { BucketStore } from "./bucket-store.ts";
import { byteRange } from "./byte-range.ts";
import { checksumAlgorithms, checksumHeader } from "./checksum.ts";
import {
  ReadConditionsSchema,
  checkReadConditions,
  checkWriteConditions,
  readConditionHeaders,
} from "./conditions.ts";
import { S3Error, noSuchKey } from "./s3-error.ts";
import type { S3Route } from "./s3-service.ts";

/** What a writer says about the content and gets back with it. */
const contentHeaders = {
  "content-type": "ContentType",
  "cache-control": "CacheControl",
  "content-disposition": "ContentDisposition",
  "content-encoding": "ContentEncoding",
  "content-language": "ContentLanguage",
  expires: "Expires",
};

const ObjectSchema = z.object({ Bucket: z.string(), Key: z.string() });

const PutObjectSchema = ObjectSchema.extend({
  Body: z.instanceof(Uint8Array),
  Checksum: z.object({ algorithm: z.enum(checksumAlgorithms), value: z.string() }).optional(),
  ContentType: z.string().default("binary/octet-stream"),
  CacheControl: z.string().optional(),
  ContentDisposition: z.string().optional(),
  ContentEncoding: z.string().optional(),
  ContentLanguage: z.string().optional(),
  Expires: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).default({}),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  ServerSideEncryption: z.literal("AES256").optional(),
});

const ReadObjectSchema = ObjectSchema.extend({
  VersionId: z.string().optional(),
  Range: z.string().optional(),
  ChecksumMode: z.literal("ENABLED").optional(),
  ...ReadConditionsSchema.shape,
});

/** All objects are encrypted, if nothing else is said with keys of S3's own. */
const encryption = { "x-amz-server-side-encryption": "AES256" };

/** `PutObject`, which SageMaker calls too. */
export function putObject(store: BucketStore) {
  return permittedOperation({
    input: PutObjectSchema,
    permissions: ({ Bucket, Key }, call) => [
      permissionOn(calledBucket(store, Bucket, call), "s3:PutObject", Key),
    ],
    run: ({ Bucket, Key, Body, Checksum, Metadata, ...input }) => {
      const bucket = store.require(Bucket);
      checkWriteConditions(Key, store.current(bucket, Key), input);
      // Chunks are how a body comes, not what it is.
      const ContentEncoding = input.ContentEncoding?.replace(/\baws-chunked\b\s*,?\s*/, "") || undefined;
      const said = Object.entries(contentHeaders).flatMap(([header, member]) => {
        const value: unknown = Reflect.get({ ...input, ContentEncoding }, member);
        return typeof value === "string" ? [[header, value]] : [];
      });
      const headers = { ...Object.fromEntries(said), ...Metadata };
      const version = store.write(bucket, Key, { content: Body, checksum: Checksum, headers });
      return new RawAnswer({
        status: 200,
        headers: {
          etag: version.etag,
          ...encryption,
          ...checksumHeaders(version),
          ...versionHeaders(bucket, version),
        },
        body: "",
      });
    },
  });
}

/**
 * `PutObject`, `GetObject`, `HeadObject` and `DeleteObject`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function objectRoutes(store: BucketStore): S3Route[] {
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
    {
      name: "PutObject",
      method: "PUT",
      target: "object",
      operation: putObject(store),
      headers: {
        ...contentHeaders,
        "if-match": "IfMatch",
        "if-none-match": "IfNoneMatch",
        "x-amz-server-side-encryption": "ServerSideEncryption",
      },
      takesMetadata: true,
    },
    { name: "GetObject", method: "GET", ...readRoute },
    { name: "HeadObject", method: "HEAD", ...readRoute },
    {
      name: "DeleteObject",
      method: "DELETE",
      target: "object",
      query: { versionId: "VersionId" },
      operation: permittedOperation({
        input: ObjectSchema.extend({ VersionId: z.string().optional() }),
        permissions: ({ Bucket, Key, VersionId }, call) => {
          const action = VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";
          return [permissionOn(calledBucket(store, Bucket, call), action, Key)];
        },
        run: ({ Bucket, Key, VersionId }) => {
          const bucket = store.require(Bucket);
          const gone =
            VersionId === undefined ? store.delete(bucket, Key) : store.deleteVersion(bucket, Key, VersionId);
          return new RawAnswer({ status: 204, headers: gone ? versionHeaders(bucket, gone) : {}, body: "" });
        },
      }),
    },
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

function checksumHeaders({ checksum }: ObjectVersion): Record<string, string> {
  return { [checksumHeader(checksum.algorithm)]: checksum.value, "x-amz-checksum-type": "FULL_OBJECT" };
}

function versionHeaders({ isVersioned }: Bucket, { kind, versionId }: StoredVersion): Record<string, string> {
  if (!isVersioned) return {};
  return {
    "x-amz-version-id": versionId,
    ...(kind === "delete-marker" && { "x-amz-delete-marker": "true" }),
  };
}
