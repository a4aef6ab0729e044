import {
  CreateBucketCommand,
  DeleteBucketCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  PutBucketTaggingCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { errorOf } from "../identity/local-identity.ts";
import { callService, requestOf } from "../wire/service-call.ts";
import { bucket, owner, region, startS3, stranger } from "./s3-in-process.ts";

describe("CreateBucket", () => {
  it("makes a bucket in the Region of the call", async () => {
    const { clientOf, client, context } = startS3();
    const home = clientOf(owner, "us-east-1");

    await client.send(
      new CreateBucketCommand({
        Bucket: "second.bucket",
        CreateBucketConfiguration: { LocationConstraint: region },
      }),
    );
    await home.send(new CreateBucketCommand({ Bucket: "first-bucket" }));

    const { Buckets, Owner } = await client.send(new ListBucketsCommand({}));
    const CreationDate = context.clock.now();
    expect(Buckets).toStrictEqual([
      { Name: bucket, CreationDate, BucketRegion: region },
      { Name: "first-bucket", CreationDate, BucketRegion: "us-east-1" },
      { Name: "second.bucket", CreationDate, BucketRegion: region },
    ]);
    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
  });

  it("refuses a name that is taken, by its owner or by anybody, but for its owner in us-east-1", async () => {
    const { clientOf, client } = startS3();
    const home = clientOf(owner, "us-east-1");
    const configuration = { CreateBucketConfiguration: { LocationConstraint: region } } as const;

    const own = await errorOf(client.send(new CreateBucketCommand({ Bucket: bucket, ...configuration })));
    const others = await errorOf(
      clientOf(stranger).send(new CreateBucketCommand({ Bucket: bucket, ...configuration })),
    );
    await home.send(new CreateBucketCommand({ Bucket: "twice" }));
    await home.send(new CreateBucketCommand({ Bucket: "twice" }));

    expect(own).toMatchObject({ name: "BucketAlreadyOwnedByYou", status: 409 });
    expect(others).toMatchObject({ name: "BucketAlreadyExists", status: 409 });
  });

  it.each(["ab", "Capital", "a..b", "192.168.0.1", "-dash", "dash-", "under_score"])(
    "refuses %j as a name",
    async (name) => {
      const { clientOf } = startS3();
      const client = clientOf(owner, "us-east-1", { forcePathStyle: true });

      const refusal = await errorOf(client.send(new CreateBucketCommand({ Bucket: name })));

      expect(refusal).toMatchObject({ name: "InvalidBucketName", status: 400 });
    },
  );

  it("refuses another Region than that of the call", async () => {
    const { clientOf, service } = startS3();

    const { response } = await callService(service, requestOf({ method: "PUT", path: "/somewhere" }));
    const elsewhere = await errorOf(
      clientOf(owner, "us-east-1").send(
        new CreateBucketCommand({
          Bucket: "somewhere",
          CreateBucketConfiguration: { LocationConstraint: region },
        }),
      ),
    );

    expect(response).toMatchObject({
      status: 400,
      body: expect.stringContaining("<Code>IllegalLocationConstraintException</Code>"),
    });
    expect(elsewhere.name).toBe("IllegalLocationConstraintException");
  });

  it("refuses what it does not model, and says so", async () => {
    const { client, context } = startS3();

    const tagging = await errorOf(
      client.send(new PutBucketTaggingCommand({ Bucket: bucket, Tagging: { TagSet: [] } })),
    );
    const acl = await errorOf(client.send(new CreateBucketCommand({ Bucket: "public", ACL: "public-read" })));
    const deletion = await errorOf(client.send(new DeleteBucketCommand({ Bucket: bucket })));

    expect([tagging, acl, deletion].map(({ name, status }) => [name, status])).toStrictEqual(
      Array.from({ length: 3 }, () => ["NotImplemented", 501]),
    );
    expect(context.lines).toStrictEqual([
      "s3: CreateBucket with tagging (tagging) is not built in the local endpoint",
      "s3: CreateBucket with x-amz-acl is not built in the local endpoint",
      "s3: DELETE of bucket is not built in the local endpoint",
    ]);
  });
});

describe("HeadBucket", () => {
  it("says whether a bucket is there, and in which Region", async () => {
    const { clientOf, client } = startS3();

    const head = await client.send(new HeadBucketCommand({ Bucket: bucket }));
    const missing = await errorOf(client.send(new HeadBucketCommand({ Bucket: "nobody-has-this" })));
    const elsewhere = await errorOf(
      clientOf(owner, "us-east-1").send(new HeadBucketCommand({ Bucket: bucket })),
    );

    expect(head.BucketRegion).toBe(region);
    expect(missing).toMatchObject({ name: "NotFound", status: 404 });
    expect(elsewhere.status).toBe(301);
  });
});
