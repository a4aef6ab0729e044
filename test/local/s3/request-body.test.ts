import { describe, expect, it } from "vitest";
import { receivedBody } from "../../../local/s3/request-body.ts";

const streaming = { "x-amz-content-sha256": "STREAMING-UNSIGNED-PAYLOAD-TRAILER" };

function received(headers: Record<string, string>, body: string) {
  const { content, checksum } = receivedBody({ headers, body: Buffer.from(body) });
  return { content: Buffer.from(content).toString(), checksum: checksum?.value };
}

describe("receivedBody", () => {
  it("puts chunks together, and checks what trails them", () => {
    const body = "4\r\n1234\r\n5\r\n56789\r\n0\r\nx-amz-checksum-crc32: y/Q5Jg==\r\n\r\n";

    expect(received({ ...streaming, "x-amz-decoded-content-length": "9" }, body)).toStrictEqual({
      content: "123456789",
      checksum: "y/Q5Jg==",
    });
  });

  it("takes chunks that are signed each", () => {
    const headers = { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" };
    const body = "2;chunk-signature=abc\r\n\r\n\r\n0;chunk-signature=def\r\n\r\n";

    expect(received(headers, body)).toStrictEqual({ content: "\r\n", checksum: undefined });
  });

  it("takes a body as it is that is in no chunks", () => {
    expect(received({ "content-md5": "ZoP/PlHnldsTtaBIevlBpw==" }, "4\r\n1234\r\n")).toStrictEqual({
      content: "4\r\n1234\r\n",
      checksum: undefined,
    });
  });

  it.each([
    ["IncompleteBody", { ...streaming }, "9\r\n1234\r\n0\r\n\r\n"],
    ["IncompleteBody", { ...streaming }, "1234"],
    ["IncompleteBody", { ...streaming, "x-amz-decoded-content-length": "5" }, "4\r\n1234\r\n0\r\n\r\n"],
    ["BadDigest", { ...streaming }, "4\r\n1234\r\n0\r\nx-amz-checksum-crc32:y/Q5Jg==\r\n\r\n"],
    ["BadDigest", { "x-amz-checksum-sha256": "AAAA" }, "1234"],
    ["BadDigest", { "content-md5": "1B2M2Y8AsgTpgAmY7PhCfg==" }, "1234"],
    ["InvalidDigest", { "content-md5": "no" }, "1234"],
    ["XAmzContentSHA256Mismatch", { "x-amz-content-sha256": "0".repeat(64) }, "1234"],
  ])("refuses a body that is not what its sender says: %s", (code, headers, body) => {
    expect(() => received(headers, body)).toThrow(expect.objectContaining({ code }));
  });
});
