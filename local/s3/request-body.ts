import { createHash } from "node:crypto";
import type { WireRequest } from "../wire/http.ts";
import { type Checksum, checksumAlgorithms, checksumHeader, checksumOf } from "./checksum.ts";
import { S3Error } from "./s3-error.ts";

/** A body as its sender meant it, and the checksum that it was sent with. */
interface ReceivedBody {
  content: Uint8Array;
  checksum: Checksum | undefined;
}

/**
 * Takes a body out of its chunks, and compares it with all that its sender says of it.
 *
 * @throws {S3Error} `IncompleteBody`, `BadDigest`, `InvalidDigest` or `XAmzContentSHA256Mismatch`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
export function receivedBody({ headers, body }: Pick<WireRequest, "headers" | "body">): ReceivedBody {
  const sha256 = headers["x-amz-content-sha256"] ?? "";
  const isChunked = sha256.startsWith("STREAMING-");
  const { content, trailers } = isChunked ? unchunked(body) : { content: body, trailers: {} };
  const length = headers["x-amz-decoded-content-length"];
  if (isChunked && length !== undefined && Number(length) !== content.byteLength) throw incompleteBody();
  if (/^[0-9a-f]{64}$/.test(sha256) && sha256 !== createHash("sha256").update(content).digest("hex")) {
    throw new S3Error(
      "XAmzContentSHA256Mismatch",
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
      400,
    );
  }
  checkMd5(headers["content-md5"], content);
  return { content, checksum: sentChecksum({ ...headers, ...trailers }, content) };
}

function checkMd5(md5: string | undefined, content: Uint8Array): void {
  if (md5 === undefined) return;
  if (!/^[A-Za-z0-9+/]{22}==$/.test(md5)) {
    throw new S3Error("InvalidDigest", "The Content-MD5 you specified was invalid.", 400);
  }
  if (md5 !== createHash("md5").update(content).digest("base64")) {
    throw new S3Error("BadDigest", "The Content-MD5 you specified did not match what we received.", 400);
  }
}

function sentChecksum(headers: Record<string, string>, content: Uint8Array): Checksum | undefined {
  const algorithm = checksumAlgorithms.find((known) => headers[checksumHeader(known)] !== undefined);
  if (algorithm === undefined) return undefined;
  const checksum = checksumOf(algorithm, content);
  if (checksum.value === headers[checksumHeader(algorithm)]) return checksum;
  throw new S3Error(
    "BadDigest",
    `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.`,
    400,
  );
}

/** Chunks, each after its length in hexadecimal; one of length 0 comes before the headers that trail. Signatures are not checked. */
function unchunked(body: Uint8Array): { content: Uint8Array; trailers: Record<string, string> } {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const chunks: Buffer[] = [];
  for (let position = 0; ;) {
    const lineEnd = bytes.indexOf("\r\n", position);
    const size = /^([0-9a-f]+)(;.*)?$/i.exec(bytes.toString("latin1", position, lineEnd))?.[1];
    if (lineEnd < 0 || size === undefined) throw incompleteBody();
    const start = lineEnd + 2;
    const end = start + parseInt(size, 16);
    if (end === start) return { content: Buffer.concat(chunks), trailers: trailersIn(bytes.subarray(start)) };
    if (end > bytes.byteLength) throw incompleteBody();
    chunks.push(bytes.subarray(start, end));
    position = end + 2;
  }
}

function trailersIn(bytes: Buffer): Record<string, string> {
  const lines = bytes.toString("latin1").split(/\r?\n/);
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, name, value] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? [];
      return name === undefined || value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
}

function incompleteBody(): S3Error {
  return new S3Error(
    "IncompleteBody",
    "You did not provide the number of bytes specified by the Content-Length HTTP header.",
    400,
  );
}
