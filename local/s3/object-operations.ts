import * as z from "zod";
import { permittedOperation } from "../wire/operation.ts";
import { RawAnswer } from "../wire/raw-answer.ts";
import { calledBucket, permissionOn } from "./bucket-operations.ts";
import type { BucketStore } from "./bucket-store.ts";
import { checksumAlgorithms } from "./checksum.ts";
import { checkWriteConditions } from "./conditions.ts";
import { checksumHeaders, encryption, versionHeaders } from "./object-headers.ts";
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
 * `PutObject` and `DeleteObject`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function objectRoutes(store: BucketStore): S3Route[] {
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
