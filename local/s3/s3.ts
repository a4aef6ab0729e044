import type { LocalContext } from "../context.ts";
import type { Call } from "../wire/caller.ts";
import type { Authorize, Service } from "../wire/service.ts";
import { bucketRoutes } from "./bucket-operations.ts";
import { BucketStore, type NewBucket } from "./bucket-store.ts";
import { listObjectsRoute } from "./list-objects.ts";
import { objectRoutes, putObject } from "./object-operations.ts";
import { readObjectRoutes } from "./read-object.ts";
import { checkKey } from "./request-target.ts";
import { S3Error, invalidArgument } from "./s3-error.ts";
import { s3Service } from "./s3-service.ts";

/** An object that another service writes. */
export interface NewObject {
  bucket: string;
  key: string;
  content: Uint8Array;
  contentType: string;
}

/** The local Amazon S3: buckets of every account and Region, with their objects. */
export interface S3 {
  service: Service;
  /** Creates a bucket, or sets what can change of the one that there is, as a deployment does. */
  putBucket(bucket: NewBucket): void;
  /**
   * Does what `PutObject` does, from within the process, in the name of whoever calls.
   *
   * @throws {AwsError} as the operation does.
   */
  putObject(object: NewObject, call: Call): Promise<void>;
}

/**
 * Builds the part of Amazon S3 that a model card's PDF needs.
 *
 * @param dependencies.baseUrl - Where the local endpoint answers, for example `http://127.0.0.1:4566`.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/Welcome.html
 */
export function createS3(
  context: LocalContext,
  { baseUrl, authorize }: { baseUrl: () => string; authorize: Authorize },
): S3 {
  const store = new BucketStore(context);
  const writing = putObject(store);
  return {
    service: s3Service(
      [...bucketRoutes(store), listObjectsRoute(store), ...readObjectRoutes(store), ...objectRoutes(store)],
      baseUrl,
    ),
    putBucket: (bucket) => store.put(bucket),
    async putObject({ bucket, key, content, contentType }, call) {
      checkKey(key);
      const outcome = writing.prepare({ Bucket: bucket, Key: key, Body: content, ContentType: contentType });
      if ("invalid" in outcome) throw invalidArgument(outcome.invalid.message);
      const refusal = authorize(outcome.prepared.permissions(call), call);
      if (refusal !== undefined) throw new S3Error("AccessDenied", refusal, 403);
      await outcome.prepared.run(call);
    },
  };
}
