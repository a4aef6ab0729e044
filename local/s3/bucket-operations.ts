import { createHash } from "node:crypto";
import * as z from "zod";
import type { Call } from "../wire/caller.ts";
import { type Permission, permittedOperation } from "../wire/operation.ts";
import { RawAnswer } from "../wire/raw-answer.ts";
import { type Bucket, bucketArn } from "./bucket.ts";
import type { BucketStore } from "./bucket-store.ts";
import { S3Error } from "./s3-error.ts";
import type { S3Route } from "./s3-service.ts";

/**
 * The bucket that a call is about.
 *
 * @throws {S3Error} `NoSuchBucket`, `PermanentRedirect` for a bucket of another Region.
 */
export function calledBucket(store: BucketStore, name: string, { region }: Call): Bucket {
  const bucket = store.require(name);
  if (bucket.region === region) return bucket;
  throw new S3Error(
    "PermanentRedirect",
    "The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.",
    301,
    { members: { Bucket: name }, headers: { "x-amz-bucket-region": bucket.region } },
  );
}

/** An action on a bucket, or on its object. */
export function permissionOn({ name, accountId }: Bucket, action: string, key?: string): Permission {
  const resource = key === undefined ? bucketArn(name) : `${bucketArn(name)}/${key}`;
  return { action, resource, resourceAccountId: accountId };
}

/** How S3 calls an account in its answers. */
export function canonicalUserId(accountId: string): string {
  return createHash("sha256").update(accountId).digest("hex");
}

/**
 * `CreateBucket`, `HeadBucket` and `ListBuckets`.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
 */
export function bucketRoutes(store: BucketStore): S3Route[] {
  return [
    {
      name: "ListBuckets",
      method: "GET",
      target: "account",
      operation: permittedOperation({
        input: z.object({}),
        permissions: () => [{ action: "s3:ListAllMyBuckets", resource: "*" }],
        run: (_input, { caller: { accountId } }) => ({
          ListAllMyBucketsResult: {
            Owner: { ID: canonicalUserId(accountId) },
            Buckets: {
              Bucket: store.ownedBy(accountId).map(({ name, creationTime, region }) => ({
                Name: name,
                CreationDate: creationTime,
                BucketRegion: region,
              })),
            },
          },
        }),
      }),
    },
    {
      name: "CreateBucket",
      method: "PUT",
      target: "bucket",
      operation: permittedOperation({
        input: z.object({ Bucket: z.string(), Body: z.instanceof(Uint8Array) }),
        permissions: ({ Bucket }) => [{ action: "s3:CreateBucket", resource: bucketArn(Bucket) }],
        run: ({ Bucket, Body }, { caller, region }) => {
          checkLocation(new TextDecoder().decode(Body), region);
          store.create({ name: Bucket, accountId: caller.accountId, region });
          return new RawAnswer({ status: 200, headers: { location: `/${Bucket}` }, body: "" });
        },
      }),
    },
    {
      name: "HeadBucket",
      method: "HEAD",
      target: "bucket",
      operation: permittedOperation({
        input: z.object({ Bucket: z.string() }),
        permissions: ({ Bucket }, call) => [permissionOn(calledBucket(store, Bucket, call), "s3:ListBucket")],
        run: (_input, { region }) =>
          new RawAnswer({ status: 200, headers: { "x-amz-bucket-region": region }, body: "" }),
      }),
    },
  ];
}

/**
 * A request says where its bucket shall be in every Region but us-east-1.
 *
 * @throws {S3Error} `MalformedXML`, `NotImplemented`, `IllegalLocationConstraintException`, `InvalidLocationConstraint`.
 */
function checkLocation(body: string, region: string): void {
  const configuration =
    /^\s*(?:<\?xml[^>]*\?>)?\s*(?:<CreateBucketConfiguration[^>]*?(?:\/>|>(?<content>.*)<\/CreateBucketConfiguration>))?\s*$/s.exec(
      body,
    );
  if (configuration === null) {
    throw new S3Error(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
      400,
    );
  }
  const content = configuration.groups?.["content"]?.trim() ?? "";
  const location = /^<LocationConstraint>([^<]*)<\/LocationConstraint>$/.exec(content)?.[1];
  if (content !== "" && location === undefined) {
    throw new S3Error(
      "NotImplemented",
      "The local endpoint takes nothing in CreateBucketConfiguration but LocationConstraint.",
      501,
    );
  }
  if (location === "us-east-1") {
    throw new S3Error("InvalidLocationConstraint", "The specified location-constraint is not valid", 400, {
      members: { LocationConstraint: location },
    });
  }
  if ((location ?? "us-east-1") === region) return;
  throw new S3Error(
    "IllegalLocationConstraintException",
    `The ${location ?? "unspecified"} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    400,
  );
}
