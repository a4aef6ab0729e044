import {
  DeleteObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  PutObjectCommand,
  paginateListObjectsV2,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { collect, errorOf } from "../identity/local-identity.ts";
import { bucket, startS3 } from "./s3-in-process.ts";

async function startWithObjects(...keys: string[]) {
  const started = startS3({ isVersioned: true });
  const { client } = started;
  for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Key }));
  const list = (input: Partial<ListObjectsV2CommandInput> = {}) =>
    client.send(new ListObjectsV2Command({ Bucket: bucket, ...input }));
  return { ...started, list };
}

/** Keys, and common prefixes in parentheses. */
function lines({
  Contents = [],
  CommonPrefixes = [],
}: Awaited<ReturnType<Awaited<ReturnType<typeof startWithObjects>>["list"]>>) {
  return [...Contents.map(({ Key }) => Key), ...CommonPrefixes.map(({ Prefix }) => `(${Prefix})`)];
}

describe("ListObjectsV2", () => {
  it("lists the objects that there are, in the order of their keys' bytes", async () => {
    const { client, list, context } = await startWithObjects("b", "😀", "\u{ffe6}", "a&<>b", "gone");
    await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: "gone" }));

    const listed = await list({ FetchOwner: true });

    expect(lines(listed)).toStrictEqual(["a&<>b", "b", "\u{ffe6}", "😀"]);
    expect(listed).toMatchObject({ Name: bucket, KeyCount: 4, MaxKeys: 1000, IsTruncated: false });
    expect(listed.Contents?.[1]).toStrictEqual({
      Key: "b",
      LastModified: context.clock.now(),
      ETag: '"92eb5ffee6ae2fec3ad71c777531578f"',
      ChecksumAlgorithm: ["CRC32"],
      ChecksumType: "FULL_OBJECT",
      Size: 1,
      StorageClass: "STANDARD",
      Owner: { ID: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
  });

  it("takes keys together that go on alike up to the delimiter", async () => {
    const { list } = await startWithObjects("a", "b/1", "b/2", "b/c/3", "d", "e/4");

    expect(lines(await list({ Delimiter: "/" }))).toStrictEqual(["a", "d", "(b/)", "(e/)"]);
    expect(lines(await list({ Delimiter: "/", Prefix: "b/" }))).toStrictEqual(["b/1", "b/2", "(b/c/)"]);
    expect(lines(await list({ Prefix: "b/c" }))).toStrictEqual(["b/c/3"]);
    expect(lines(await list({ StartAfter: "b/2" }))).toStrictEqual(["b/c/3", "d", "e/4"]);
  });

  it.each([1, 2, 3, 4, 5])("pages by %i without losing or repeating a line", async (MaxKeys) => {
    const { client, list } = await startWithObjects("a", "b/1", "b/2", "b/c/3", "d", "e/4", "e/5");

    for (const Delimiter of ["/", undefined]) {
      const pages = await collect(
        paginateListObjectsV2({ client, pageSize: MaxKeys }, { Bucket: bucket, Delimiter }),
      );
      const whole = await list({ Delimiter });
      expect(pages.flatMap(({ Contents = [] }) => Contents)).toStrictEqual(whole.Contents ?? []);
      expect(pages.flatMap(({ CommonPrefixes = [] }) => CommonPrefixes)).toStrictEqual(
        whole.CommonPrefixes ?? [],
      );
      expect(pages.every(({ KeyCount = 0 }) => KeyCount <= MaxKeys)).toBe(true);
    }
  });

  it("writes keys as a URL does where it is asked to, which XML cannot carry otherwise", async () => {
    const { list } = await startWithObjects("a b/\u0001+");

    expect(lines(await list({ EncodingType: "url" }))).toStrictEqual(["a%20b/%01%2B"]);
  });

  it("refuses a number of keys and a token that are none, and lists nothing of nothing", async () => {
    const { list } = await startWithObjects("a", "b");
    const { NextContinuationToken } = await list({ MaxKeys: 1 });

    expect(await errorOf(list({ MaxKeys: -1 }))).toMatchObject({ name: "InvalidArgument", status: 400 });
    expect(await errorOf(list({ ContinuationToken: "x" }))).toMatchObject({ name: "InvalidArgument" });
    expect(await errorOf(list({ ContinuationToken: NextContinuationToken, Prefix: "b" }))).toMatchObject({
      name: "InvalidArgument",
    });
    expect(await list({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await errorOf(list({ Bucket: "nobody-has-this" }))).toMatchObject({ name: "NoSuchBucket" });
  });
});
