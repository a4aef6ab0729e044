import { request } from "node:http";
import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEndpoint } from "../../../local/endpoint/endpoint.ts";
import { type HttpServer, startHttpServer } from "../../../local/endpoint/http-server.ts";
import { createS3 } from "../../../local/s3/s3.ts";
import { localIdentity } from "../identity/local-identity.ts";
import { bucket, owner, region } from "./s3-in-process.ts";

const content = Buffer.from("evidence ".repeat(20_000));

let server: HttpServer;
let client: S3Client;

beforeAll(async () => {
  const { context, identity } = localIdentity();
  const s3 = createS3(context, { baseUrl: () => server.url, authorize: identity.authorize });
  s3.putBucket({ name: bucket, accountId: owner, region });
  const endpoint = createEndpoint({ context, services: [s3.service], identity, homeRegion: region });
  server = await startHttpServer({ host: "127.0.0.1", port: 0, handle: (one) => endpoint.handle(one) });
  client = new S3Client({
    endpoint: server.url,
    region,
    credentials: { accessKeyId: owner, secretAccessKey: "any" },
    maxAttempts: 1,
  });
});

afterAll(async () => {
  client.destroy();
  await server.close();
});

/** A plain request to a host, whose name a resolver need not know. */
function send(method: string, path: string, host: string, signed = true) {
  const scope = `Credential=${owner}/20260101/${region}/s3/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${scope}, SignedHeaders=host, Signature=0`;
  return new Promise<{ status: number | undefined; headers: NodeJS.Dict<unknown>; body: string }>(
    (resolve, reject) => {
      const headers = { host, ...(signed && { authorization }) };
      request({ port: server.port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode,
            headers: response.headers,
            body: Buffer.concat(chunks).toString(),
          }),
        );
      })
        .on("error", reject)
        .end();
    },
  );
}

describe("Amazon S3 over HTTP", () => {
  it("takes a stream in chunks with a checksum at its end, and gives it back as a stream", async () => {
    const object = { Bucket: bucket, Key: "stream" };
    const Body = Readable.from([content.subarray(0, 100_000), content.subarray(100_000)]);

    const written = await client.send(
      new PutObjectCommand({ ...object, Body, ContentLength: content.byteLength }),
    );
    const { Body: read, ContentEncoding } = await client.send(new GetObjectCommand(object));
    const head = await client.send(new HeadObjectCommand(object));

    expect(written.ChecksumCRC32).toBeDefined();
    expect(ContentEncoding).toBeUndefined();
    expect(Buffer.from((await read?.transformToByteArray()) ?? []).equals(content)).toBe(true);
    expect(head.ContentLength).toBe(content.byteLength);
  });

  it("finds a bucket in the path and before the host's name", async () => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "a b/c", Body: "found" }));

    const byPath = await send("GET", `/${bucket}/a%20b/c`, `localhost:${server.port}`);
    const byHost = await send("GET", "/a%20b/c", `${bucket}.localhost:${server.port}`);
    const byLongHost = await send("GET", "/a%20b/c", `${bucket}.s3.localhost:${server.port}`);
    const list = await send("GET", "/?list-type=2&prefix=a", `${bucket}.localhost`);
    const foreign = await send("GET", "/a%20b/c", `${bucket}.localhost.example.com`);

    expect([byPath.body, byHost.body, byLongHost.body]).toStrictEqual(["found", "found", "found"]);
    expect(list.body).toContain("<Key>a b/c</Key>");
    expect(foreign.status).toBe(403);
  });

  it("serves a presigned URL", async () => {
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "presigned", Body: "found" }));
    const parameters = new URLSearchParams({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD",
      "X-Amz-Credential": `${owner}/20260101/${region}/s3/aws4_request`,
      "X-Amz-Date": "20260101T000000Z",
      "X-Amz-Expires": "900",
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "0",
      "x-amz-checksum-mode": "ENABLED",
      "x-id": "GetObject",
    });

    const response = await fetch(`${server.url}/${bucket}/presigned?${String(parameters)}`);

    expect(await response.text()).toBe("found");
    expect(response.headers.get("x-amz-checksum-crc32")).not.toBeNull();
  });

  it("answers errors as XML, also those that no service gives, and to HEAD without a body", async () => {
    const missing = await send("GET", `/${bucket}/nothing`, "localhost");
    const head = await send("HEAD", `/${bucket}/nothing`, "localhost");
    const elsewhere = await fetch(`${server.url}/${bucket}`, {
      headers: {
        authorization: `AWS4-HMAC-SHA256 Credential=${owner}/20260101/us-gov-west-1/s3/aws4_request, Signature=0`,
      },
    });

    expect(missing).toMatchObject({ status: 404, headers: { "content-type": "application/xml" } });
    expect(missing.body).toMatch(
      /<Error><Code>NoSuchKey<\/Code><Message>[^<]+<\/Message><Key>nothing<\/Key><RequestId>[^<]+<\/RequestId><\/Error>$/,
    );
    expect(head).toMatchObject({ status: 404, body: "" });
    expect(await elsewhere.text()).toContain("<Code>SignatureDoesNotMatch</Code>");
  });
});
