import {
  GetObjectCommand,
  HeadBucketCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { createDirectRequestHandler } from "../../../local/endpoint/direct-request-handler.ts";
import { createEndpoint } from "../../../local/endpoint/endpoint.ts";
import { createS3 } from "../../../local/s3/s3.ts";
import type { PolicyStatement } from "../../../stacks/definitions/policy.ts";
import { allow, deny, errorOf, localIdentity, roleOf, trusting } from "../identity/local-identity.ts";
import { bucket, owner, region, stranger } from "./s3-in-process.ts";

const object = { Bucket: bucket, Key: "exports/card.pdf" };
const bucketArn = `arn:aws:s3:::${bucket}`;

/** A bucket, and a client of a role with these permissions in its account or another one. */
async function clientWith(statements: PolicyStatement[], accountId = owner) {
  const { context, identity } = localIdentity();
  const s3 = createS3(context, { baseUrl: () => "http://127.0.0.1", authorize: identity.authorize });
  s3.putBucket({ name: bucket, accountId: owner, region });
  const roleArn = `arn:aws:iam::${accountId}:role/reader`;
  identity.putRole(roleOf(roleArn, trusting(`arn:aws:iam::${accountId}:root`), ...statements));
  const endpoint = createEndpoint({
    context,
    services: [identity.sts, s3.service],
    identity,
    homeRegion: region,
  });
  const config = {
    endpoint: "http://127.0.0.1",
    region,
    maxAttempts: 1,
    requestHandler: createDirectRequestHandler(endpoint),
  };
  const administrator = { accessKeyId: accountId, secretAccessKey: "any" };
  const { Credentials } = await new STSClient({ ...config, credentials: administrator }).send(
    new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: "test" }),
  );
  const credentials = {
    accessKeyId: Credentials?.AccessKeyId ?? "",
    secretAccessKey: Credentials?.SecretAccessKey ?? "",
    sessionToken: Credentials?.SessionToken ?? "",
  };
  await s3.putObject(
    { bucket, key: object.Key, content: Buffer.from("evidence"), contentType: "application/pdf" },
    { caller: identity.callerOf({ accessKeyId: owner }), region, requestId: "request-1" },
  );
  return {
    client: new S3Client({ ...config, credentials }),
    administrator: new S3Client({ ...config, credentials: administrator }),
  };
}

describe("access to Amazon S3", () => {
  it("is what the caller's own policies allow, for each object", async () => {
    const { client } = await clientWith([
      allow("s3:GetObject", `${bucketArn}/exports/*`),
      allow("s3:PutObject", `${bucketArn}/exports/*`),
      deny("s3:PutObject", `${bucketArn}/exports/sealed/*`),
    ]);

    const read = await client.send(new GetObjectCommand(object));
    await client.send(new PutObjectCommand({ ...object, Body: "new" }));
    const sealed = await errorOf(
      client.send(new PutObjectCommand({ Bucket: bucket, Key: "exports/sealed/1", Body: "x" })),
    );
    const listing = await errorOf(client.send(new ListObjectsV2Command({ Bucket: bucket })));

    expect(await read.Body?.transformToString()).toBe("evidence");
    expect(sealed).toMatchObject({ name: "AccessDenied", status: 403 });
    expect(sealed.message).toContain("s3:PutObject on resource: arn:aws:s3:::evidence/exports/sealed/1");
    expect(listing).toMatchObject({ name: "AccessDenied", status: 403 });
  });

  it("tells who may not list a bucket nothing of what is not in it", async () => {
    const missing = new GetObjectCommand({ ...object, Key: "exports/other" });
    const blind = await clientWith([allow("s3:GetObject", `${bucketArn}/*`)]);
    const seeing = await clientWith([
      allow("s3:GetObject", `${bucketArn}/*`),
      allow("s3:ListBucket", bucketArn),
    ]);

    expect(await errorOf(blind.client.send(missing))).toMatchObject({ name: "AccessDenied", status: 403 });
    expect(await errorOf(seeing.client.send(missing))).toMatchObject({ name: "NoSuchKey", status: 404 });
  });

  it("is refused to every other account, whatever it allows its own", async () => {
    const { client, administrator } = await clientWith([allow("s3:*")], stranger);

    for (const one of [client, administrator]) {
      expect(await errorOf(one.send(new GetObjectCommand(object)))).toMatchObject({
        name: "AccessDenied",
        message: expect.stringContaining("because no resource-based policy allows the s3:GetObject action"),
      });
      expect(await errorOf(one.send(new PutObjectCommand({ ...object, Body: "x" })))).toMatchObject({
        name: "AccessDenied",
      });
      expect(await errorOf(one.send(new HeadBucketCommand({ Bucket: bucket })))).toMatchObject({
        status: 403,
      });
    }
  });
});
