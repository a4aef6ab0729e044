import type { WireRequest } from "../wire/http.ts";
import { isBucketName } from "./bucket.ts";
import { S3Error } from "./s3-error.ts";

/** What a request is about: an account's buckets, one bucket, or one object of it. */
export interface RequestTarget {
  bucket: string | undefined;
  key: string | undefined;
}

/**
 * The bucket and the object of a request, whose bucket stands before the host's name (virtual-hosted) or first in the path.
 *
 * @param baseUrl - Where the local endpoint answers, for example `http://127.0.0.1:4566`.
 * @throws {S3Error} `InvalidURI` for a path that is no percent-encoding, `KeyTooLongError`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function requestTarget(
  { path, headers }: Pick<WireRequest, "path" | "headers">,
  baseUrl: string,
): RequestTarget {
  const hosted = hostedBucket(headers["host"] ?? "", new URL(baseUrl).hostname);
  const [, first = "", rest = ""] = /^\/([^/]*)\/?(.*)$/s.exec(path) ?? [];
  const [bucket, key] =
    hosted === undefined ? [decoded(first), decoded(rest)] : [hosted, decoded(path.slice(1))];
  checkKey(key);
  return { bucket: bucket === "" ? undefined : bucket, key: key === "" ? undefined : key };
}

const longestKeyBytes = 1024;

/** @throws {S3Error} `KeyTooLongError` */
export function checkKey(key: string): void {
  if (Buffer.byteLength(key) <= longestKeyBytes) return;
  throw new S3Error("KeyTooLongError", "Your key is too long", 400);
}

function hostedBucket(hostAndPort: string, baseHost: string): string | undefined {
  const host = hostAndPort.replace(/:\d+$/, "").toLowerCase();
  for (const suffix of [`.s3.${baseHost}`, `.${baseHost}`, ".s3.localhost", ".localhost"]) {
    const name = host.slice(0, -suffix.length);
    if (host.endsWith(suffix) && isBucketName(name)) return name;
  }
  return undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new S3Error("InvalidURI", "Couldn't parse the specified URI.", 400);
  }
}
