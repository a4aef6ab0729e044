import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** Where exported cards and evidence are kept. */
export interface EvidenceBucket {
  /** `undefined` where there is no such object. */
  read(key: string): Promise<Uint8Array | undefined>;
  /**
   * Keeps what is kept once.
   *
   * @returns `false` where somebody else was first: then nothing is written.
   */
  keep(key: string, bytes: Uint8Array): Promise<boolean>;
}

/**
 * @throws {AwsCallFailedError} who calls may not read from the bucket or write to it. Who may not list it is refused instead of told
 *   that there is no such object.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function createEvidenceBucket(runtime: Runtime, Bucket: string): EvidenceBucket {
  // One machine answers for all buckets under one name.
  const forcePathStyle = runtime.environment["AWS_ENDPOINT_URL"] !== undefined;
  const client = runtime.trace(new S3Client({ ...clientConfig(runtime), forcePathStyle }));
  return {
    async read(Key) {
      const object = await awsCall("S3 GetObject", () => client.send(new GetObjectCommand({ Bucket, Key })), {
        NoSuchKey: () => undefined,
      });
      return object?.Body?.transformToByteArray();
    },
    keep: (Key, Body) =>
      awsCall(
        "S3 PutObject",
        async () => {
          await client.send(new PutObjectCommand({ Bucket, Key, Body, IfNoneMatch: "*" }));
          return true;
        },
        { PreconditionFailed: () => false, ConditionalRequestConflict: () => false },
      ),
  };
}
