import { S3Error } from "./s3-error.ts";

/** The bytes from the first to the last one, both counted from 0 and included. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The part of an object that a `Range` header asks for; `undefined` for all of it, as for a header that asks for several
 * parts or nothing that can be understood.
 *
 * @throws {S3Error} `InvalidRange` for a part that the object does not have.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax
 */
export function byteRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(header ?? "") ?? [];
  if (from === "" && to === "") return undefined;
  const first = from === "" ? Math.max(0, sizeBytes - Number(to)) : Number(from);
  const last = from === "" || to === "" ? sizeBytes - 1 : Math.min(Number(to), sizeBytes - 1);
  if (from !== "" && to !== "" && Number(to) < first) return undefined;
  if (first < sizeBytes && first <= last) return { first, last };
  throw new S3Error("InvalidRange", "The requested range is not satisfiable", 416, {
    members: { RangeRequested: header, ActualObjectSize: sizeBytes },
    headers: { "content-range": `bytes */${sizeBytes}` },
  });
}
