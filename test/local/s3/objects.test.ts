import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandInput,
  HeadObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { errorOf } from "../identity/local-identity.ts";
import { bucket, startS3 } from "./s3-in-process.ts";

const object = { Bucket: bucket, Key: "exports/Zoë's card + 1%.pdf" };

function started(options: { isVersioned?: boolean } = {}) {
  const { client, ...rest } = startS3(options);
  return {
    ...rest,
    client,
    put: (Body: string, input: Partial<PutObjectCommandInput> = {}) =>
      client.send(new PutObjectCommand({ ...object, Body, ...input })),
    get: async (input: Partial<GetObjectCommandInput> = {}) => {
      const { Body, ...answer } = await client.send(new GetObjectCommand({ ...object, ...input }));
      return { ...answer, text: await Body?.transformToString() };
    },
  };
}

describe("PutObject and GetObject", () => {
  it("keep bytes and what is said of them", async () => {
    const { client, put, get, context } = started();
    const said = {
      ContentType: "application/pdf",
      CacheControl: "no-store",
      ContentDisposition: 'attachment; filename="card.pdf"',
      ContentLanguage: "en",
      Metadata: { "model-card": "churn" },
    };

    const written = await put("0123456789", said);
    const read = await get();
    const head = await client.send(new HeadObjectCommand(object));

    const about = {
      ...said,
      ETag: '"781e5e245d69b566979b86e28d23f2c7"',
      ContentLength: 10,
      LastModified: context.clock.now(),
      AcceptRanges: "bytes",
      ServerSideEncryption: "AES256",
    };
    expect(written).toMatchObject({ ETag: about.ETag, ServerSideEncryption: "AES256" });
    expect(read).toMatchObject({ ...about, text: "0123456789" });
    expect(head).toMatchObject(about);
  });

  it.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
    "agree with the SDK on the checksum %s",
    async (ChecksumAlgorithm) => {
      const { put, get } = started();

      const written = await put("0123456789", { ChecksumAlgorithm });
      const read = await get({ ChecksumMode: "ENABLED" });

      const checksum = written[`Checksum${ChecksumAlgorithm}`];
      expect(checksum).toMatch(/=$/);
      expect(read).toMatchObject({ [`Checksum${ChecksumAlgorithm}`]: checksum, text: "0123456789" });
    },
  );

  it("refuse bytes that do not have the checksum they were sent with", async () => {
    const { put } = started();

    expect(await errorOf(put("0123456789", { ChecksumCRC32: "AAAAAA==" }))).toMatchObject({
      name: "BadDigest",
      status: 400,
    });
  });

  it.each([
    ["bytes=2-4", "234", "bytes 2-4/10"],
    ["bytes=7-", "789", "bytes 7-9/10"],
    ["bytes=-2", "89", "bytes 8-9/10"],
    ["bytes=5-100", "56789", "bytes 5-9/10"],
    ["bytes=0-1,3-4", "0123456789", undefined],
    ["lines=1-2", "0123456789", undefined],
  ])("give the part %s of an object", async (Range, text, ContentRange) => {
    const { put, get } = started();
    await put("0123456789");

    const part = await get({ Range });

    expect(part).toMatchObject({ text, ContentLength: text.length });
    expect(part.ContentRange).toBe(ContentRange);
    expect(part.$metadata.httpStatusCode).toBe(ContentRange === undefined ? 200 : 206);
  });

  it("refuse a part that is not there", async () => {
    const { put, get } = started();
    await put("0123456789");

    expect(await errorOf(get({ Range: "bytes=10-" }))).toMatchObject({ name: "InvalidRange", status: 416 });
  });

  it("read and write under conditions", async () => {
    const { put, get, context } = started();
    const { ETag } = await put("first", { IfNoneMatch: "*" });
    const now = context.clock.now();
    const earlier = new Date(now.getTime() - 1000);

    expect(await errorOf(put("second", { IfNoneMatch: "*" }))).toMatchObject({
      name: "PreconditionFailed",
      status: 412,
    });
    expect(await errorOf(put("second", { IfMatch: '"other"' }))).toMatchObject({ status: 412 });
    expect(await errorOf(put("x", { Key: "new", IfMatch: ETag }))).toMatchObject({ name: "NoSuchKey" });
    expect(await errorOf(get({ IfNoneMatch: ETag }))).toMatchObject({ status: 304 });
    expect(await errorOf(get({ IfModifiedSince: now }))).toMatchObject({ status: 304 });
    expect(await errorOf(get({ IfMatch: '"other"' }))).toMatchObject({ status: 412 });
    expect(await errorOf(get({ IfUnmodifiedSince: earlier }))).toMatchObject({ status: 412 });
    expect(await get({ IfMatch: ETag, IfModifiedSince: earlier })).toMatchObject({ text: "first" });
    await put("second", { IfMatch: ETag });
    expect(await get()).toMatchObject({ text: "second" });
  });

  it("know no bucket and no key that is not there", async () => {
    const { client, get, put } = started();

    expect(await errorOf(get())).toMatchObject({ name: "NoSuchKey", status: 404 });
    expect(await errorOf(get({ Bucket: "nobody-has-this" }))).toMatchObject({
      name: "NoSuchBucket",
      status: 404,
    });
    expect(await errorOf(put("x", { Bucket: "nobody-has-this" }))).toMatchObject({ name: "NoSuchBucket" });
    expect(await errorOf(client.send(new HeadObjectCommand(object)))).toMatchObject({ name: "NotFound" });
    expect(await errorOf(put("x", { Key: "ä".repeat(513) }))).toMatchObject({ name: "KeyTooLongError" });
  });

  it("refuse what is not modelled, and say so", async () => {
    const { put, get, context } = started();

    expect(await errorOf(put("x", { StorageClass: "GLACIER", Tagging: "a=b" }))).toMatchObject({
      name: "NotImplemented",
      status: 501,
    });
    expect(await errorOf(put("x", { ServerSideEncryption: "aws:kms" }))).toMatchObject({
      name: "InvalidArgument",
    });
    expect(await errorOf(get({ ResponseContentType: "text/html" }))).toMatchObject({
      name: "NotImplemented",
    });
    expect(context.lines).toStrictEqual([
      "s3: PutObject with x-amz-storage-class, x-amz-tagging is not built in the local endpoint",
      "s3: GetObject with response-content-type (response-content-type) is not built in the local endpoint",
    ]);
  });
});

describe("DeleteObject", () => {
  it("deletes, and answers the same where nothing was", async () => {
    const { client, put, get } = started();
    await put("first");

    const deleted = await client.send(new DeleteObjectCommand(object));
    const again = await client.send(new DeleteObjectCommand(object));

    expect([deleted.$metadata.httpStatusCode, again.$metadata.httpStatusCode]).toStrictEqual([204, 204]);
    expect(deleted.DeleteMarker).toBeUndefined();
    expect(await errorOf(get())).toMatchObject({ name: "NoSuchKey" });
  });
});

describe("a bucket that keeps versions", () => {
  it("gives every version by its id, also after the object was written over and deleted", async () => {
    const { client, put, get } = started({ isVersioned: true });

    const first = await put("first");
    const second = await put("second");
    const marker = await client.send(new DeleteObjectCommand(object));

    expect(marker.DeleteMarker).toBe(true);
    expect(new Set([first, second, marker].map(({ VersionId }) => VersionId)).size).toBe(3);
    expect(await errorOf(get())).toMatchObject({ name: "NoSuchKey" });
    expect(await get({ VersionId: first.VersionId })).toMatchObject({
      text: "first",
      VersionId: first.VersionId,
    });
    expect(await get({ VersionId: second.VersionId })).toMatchObject({ text: "second" });
    expect(await errorOf(get({ VersionId: marker.VersionId }))).toMatchObject({
      name: "MethodNotAllowed",
      status: 405,
    });
    expect(await errorOf(get({ VersionId: "unknown" }))).toMatchObject({
      name: "NoSuchVersion",
      status: 404,
    });
  });

  it("has the object back once its mark is deleted, and loses a version for good that is deleted by its id", async () => {
    const { client, put, get } = started({ isVersioned: true });
    const { VersionId } = await put("first");
    const marker = await client.send(new DeleteObjectCommand(object));

    await client.send(new DeleteObjectCommand({ ...object, VersionId: marker.VersionId }));
    const back = await get();
    await client.send(new DeleteObjectCommand({ ...object, VersionId }));

    expect(back.text).toBe("first");
    expect(await errorOf(get({ VersionId }))).toMatchObject({ name: "NoSuchVersion" });
    expect(await errorOf(get())).toMatchObject({ name: "NoSuchKey" });
  });
});
