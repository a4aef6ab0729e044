import * as z from "zod";
import type { ObjectVersion, StoredVersion } from "./bucket.ts";
import { S3Error, noSuchKey, preconditionFailed } from "./s3-error.ts";

/** Members of the input and the headers they come from, for reading under conditions. */
export const readConditionHeaders = {
  "if-match": "IfMatch",
  "if-none-match": "IfNoneMatch",
  "if-modified-since": "IfModifiedSince",
  "if-unmodified-since": "IfUnmodifiedSince",
};

const time = z
  .string()
  .transform((text) => Date.parse(text))
  .optional();

export const ReadConditionsSchema = z.object({
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  IfModifiedSince: time,
  IfUnmodifiedSince: time,
});

/**
 * Lets an object be read only as its reader asks.
 *
 * @throws {S3Error} `PreconditionFailed`, or status 304 where the reader has the object already.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
 */
export function checkReadConditions(
  { etag, lastModified }: ObjectVersion,
  conditions: z.output<typeof ReadConditionsSchema>,
): void {
  const { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince } = conditions;
  const changedMs = lastModified.getTime();
  if (IfMatch !== undefined && !isMatch(IfMatch, etag)) throw preconditionFailed("If-Match");
  if (IfMatch === undefined && IfUnmodifiedSince !== undefined && changedMs > IfUnmodifiedSince) {
    throw preconditionFailed("If-Unmodified-Since");
  }
  const isKnown =
    IfNoneMatch === undefined
      ? IfModifiedSince !== undefined && changedMs <= IfModifiedSince
      : isMatch(IfNoneMatch, etag);
  if (isKnown) {
    throw new S3Error("NotModified", "Not Modified", 304, {
      headers: { etag, "last-modified": lastModified.toUTCString() },
    });
  }
}

/**
 * Lets an object be written only where its writer expects what is there.
 *
 * @throws {S3Error} `PreconditionFailed`, `NoSuchKey`, `NotImplemented`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWriteConditions(
  key: string,
  current: StoredVersion | undefined,
  { IfMatch, IfNoneMatch }: { IfMatch?: string; IfNoneMatch?: string },
): void {
  const object = current?.kind === "object" ? current : undefined;
  if (IfNoneMatch !== undefined && IfNoneMatch !== "*") {
    throw new S3Error(
      "NotImplemented",
      "A header you provided implies functionality that is not implemented",
      501,
      { members: { Header: "If-None-Match" } },
    );
  }
  if (IfNoneMatch !== undefined && object !== undefined) throw preconditionFailed("If-None-Match");
  if (IfMatch === undefined) return;
  if (object === undefined) throw noSuchKey(key);
  if (!isMatch(IfMatch, object.etag)) throw preconditionFailed("If-Match");
}

function isMatch(condition: string, etag: string): boolean {
  return condition
    .split(",")
    .map((one) => one.trim())
    .some((one) => one === "*" || one === etag || `"${one}"` === etag);
}
