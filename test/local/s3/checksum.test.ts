import { describe, expect, it } from "vitest";
import { checksumOf } from "../../../local/s3/checksum.ts";

describe("checksumOf", () => {
  // The check values that the catalogue of CRCs gives for this text, and the digests of it.
  it.each([
    ["crc32", "cbf43926"],
    ["crc32c", "e3069283"],
    ["crc64nvme", "ae8b14860a799888"],
    ["sha1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
    ["sha256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
  ] as const)("computes %s", (algorithm, hexadecimal) => {
    const { value } = checksumOf(algorithm, Buffer.from("123456789"));

    expect(Buffer.from(value, "base64").toString("hex")).toBe(hexadecimal);
  });
});
