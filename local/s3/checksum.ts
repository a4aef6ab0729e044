import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** How clients of Amazon S3 check what they send and get. */
export const checksumAlgorithms = ["crc32", "crc32c", "crc64nvme", "sha1", "sha256"] as const;

type ChecksumAlgorithm = (typeof checksumAlgorithms)[number];

export interface Checksum {
  algorithm: ChecksumAlgorithm;
  /** In base64. */
  value: string;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html */
export function checksumOf(algorithm: ChecksumAlgorithm, content: Uint8Array): Checksum {
  return { algorithm, value: digestOf(algorithm, content).toString("base64") };
}

/** The header that carries a checksum, and the member of lists that names its kind. */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm}`;
}

function digestOf(algorithm: ChecksumAlgorithm, content: Uint8Array): Buffer {
  switch (algorithm) {
    case "crc32":
      return bigEndian([crc32(content)]);
    case "crc32c":
      return bigEndian([crcOf(crc32c, content).low]);
    case "crc64nvme": {
      const { high, low } = crcOf(crc64nvme, content);
      return bigEndian([high, low]);
    }
    default:
      return createHash(algorithm).update(content).digest();
  }
}

function bigEndian(words: number[]): Buffer {
  const bytes = Buffer.alloc(4 * words.length);
  for (const [index, word] of words.entries()) bytes.writeUInt32BE(word >>> 0, 4 * index);
  return bytes;
}

/** 64 bits; of a check value of 32 bits the upper half is always 0. */
interface Halves {
  high: number;
  low: number;
}

/** What each value of a byte does to a check value. */
interface CrcTable {
  high: Uint32Array;
  low: Uint32Array;
  /** All bits of the check value. */
  ones: Halves;
}

/** Polynomials with their bits reversed, as the algorithms take the lowest bit first. */
const crc32c = crcTable({ high: 0, low: 0x82f6_3b78 }, { high: 0, low: 0xffff_ffff });
const crc64nvme = crcTable({ high: 0x9a6c_9329, low: 0xac4b_c9b5 }, { high: 0xffff_ffff, low: 0xffff_ffff });

function crcTable(polynomial: Halves, ones: Halves): CrcTable {
  const table = { high: new Uint32Array(256), low: new Uint32Array(256), ones };
  for (let byte = 0; byte < 256; byte += 1) {
    let high = 0;
    let low = byte;
    for (let bit = 0; bit < 8; bit += 1) {
      const isSet = (low & 1) === 1;
      low = (low >>> 1) | (high << 31);
      high >>>= 1;
      if (!isSet) continue;
      low ^= polynomial.low;
      high ^= polynomial.high;
    }
    table.high[byte] = high;
    table.low[byte] = low;
  }
  return table;
}

function crcOf(table: CrcTable, content: Uint8Array): Halves {
  let { high, low } = table.ones;
  for (const byte of content) {
    const index = (low ^ byte) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (table.low[index] ?? 0);
    high = (high >>> 8) ^ (table.high[index] ?? 0);
  }
  return { high: high ^ table.ones.high, low: low ^ table.ones.low };
}
