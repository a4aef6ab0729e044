import * as z from "zod";
import { decodeNextToken, encodeNextToken } from "../wire/next-token.ts";
import { permittedOperation } from "../wire/operation.ts";
import type { ObjectVersion } from "./bucket.ts";
import { calledBucket, canonicalUserId, permissionOn } from "./bucket-operations.ts";
import { type BucketStore, compareKeys } from "./bucket-store.ts";
import { invalidArgument } from "./s3-error.ts";
import type { S3Route } from "./s3-service.ts";

const longestPage = 1000;

const ListObjectsSchema = z.object({
  Bucket: z.string(),
  Prefix: z.string().default(""),
  Delimiter: z.string().default(""),
  MaxKeys: z.coerce.number().int().min(0).default(longestPage),
  StartAfter: z.string().default(""),
  ContinuationToken: z.string().optional(),
  EncodingType: z.literal("url").optional(),
  FetchOwner: z.enum(["true", "false"]).default("false"),
});

type ListObjectsInput = z.output<typeof ListObjectsSchema>;

/** A line of the list: an object, or all objects whose keys go on alike up to the delimiter. */
type Line = { key: string; object: ObjectVersion } | { commonPrefix: string };

/**
 * `ListObjectsV2`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
 */
export function listObjectsRoute(store: BucketStore): S3Route {
  return {
    name: "ListObjectsV2",
    method: "GET",
    target: "bucket",
    fixed: { "list-type": "2" },
    query: {
      prefix: "Prefix",
      delimiter: "Delimiter",
      "max-keys": "MaxKeys",
      "start-after": "StartAfter",
      "continuation-token": "ContinuationToken",
      "encoding-type": "EncodingType",
      "fetch-owner": "FetchOwner",
    },
    operation: permittedOperation({
      input: ListObjectsSchema,
      permissions: ({ Bucket }, call) => [permissionOn(calledBucket(store, Bucket, call), "s3:ListBucket")],
      run: (input) => {
        const bucket = store.require(input.Bucket);
        const maxKeys = Math.min(input.MaxKeys, longestPage);
        const { page, next } = pageOf(linesOf(store.list(bucket), input), input, maxKeys);
        const text = (value: string) => (input.EncodingType === "url" ? encodedKey(value) : value);
        const owner = { ID: canonicalUserId(bucket.accountId) };
        return {
          ListBucketResult: {
            Name: bucket.name,
            Prefix: text(input.Prefix),
            Delimiter: input.Delimiter === "" ? undefined : text(input.Delimiter),
            MaxKeys: maxKeys,
            EncodingType: input.EncodingType,
            KeyCount: page.length,
            IsTruncated: next !== undefined,
            ContinuationToken: input.ContinuationToken,
            NextContinuationToken: next,
            StartAfter: input.StartAfter === "" ? undefined : text(input.StartAfter),
            Contents: page.flatMap((line) =>
              "commonPrefix" in line
                ? []
                : [{ ...listed(line, text), ...(input.FetchOwner === "true" && { Owner: owner }) }],
            ),
            CommonPrefixes: page.flatMap((line) =>
              "commonPrefix" in line ? [{ Prefix: text(line.commonPrefix) }] : [],
            ),
          },
        };
      },
    }),
  };
}

function linesOf(
  objects: { key: string; object: ObjectVersion }[],
  { Prefix, Delimiter, StartAfter }: ListObjectsInput,
): Line[] {
  const lines: Line[] = [];
  let last: string | undefined;
  for (const { key, object } of objects) {
    if (!key.startsWith(Prefix) || compareKeys(key, StartAfter) <= 0) continue;
    const end = Delimiter === "" ? -1 : key.indexOf(Delimiter, Prefix.length);
    if (end < 0) {
      lines.push({ key, object });
      continue;
    }
    const commonPrefix = key.slice(0, end + Delimiter.length);
    if (commonPrefix !== last) lines.push({ commonPrefix });
    last = commonPrefix;
  }
  return lines;
}

/** @throws {S3Error} `InvalidArgument` for a token that was not given out for this list. */
function pageOf(
  lines: Line[],
  { ContinuationToken, Bucket, Prefix, Delimiter }: ListObjectsInput,
  maxKeys: number,
): { page: Line[]; next: string | undefined } {
  const list = JSON.stringify([Bucket, Prefix, Delimiter]);
  const after = ContinuationToken === undefined ? [""] : decodeNextToken(list, ContinuationToken);
  if (after === undefined) throw invalidArgument("The continuation token provided is incorrect");
  const start = lines.findIndex((line) => compareKeys(nameOf(line), String(after[0])) > 0);
  const rest = start < 0 ? [] : lines.slice(start);
  const page = rest.slice(0, maxKeys);
  const last = page.at(-1);
  const isTruncated = last !== undefined && rest.length > page.length;
  return { page, next: isTruncated ? encodeNextToken(list, [nameOf(last)]) : undefined };
}

function nameOf(line: Line): string {
  return "commonPrefix" in line ? line.commonPrefix : line.key;
}

function listed({ key, object }: { key: string; object: ObjectVersion }, text: (value: string) => string) {
  return {
    Key: text(key),
    LastModified: object.lastModified,
    ETag: object.etag,
    ChecksumAlgorithm: [object.checksum.algorithm.toUpperCase()],
    ChecksumType: "FULL_OBJECT",
    Size: object.sizeBytes,
    StorageClass: "STANDARD",
  };
}

function encodedKey(value: string): string {
  return encodeURIComponent(value).replaceAll("%2F", "/");
}
