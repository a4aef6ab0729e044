import { S3Client, type S3ClientConfig } from "@aws-sdk/client-s3";
import { createS3 } from "../../../local/s3/s3.ts";
import { calledAs, userOf } from "../sagemaker/callers.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

export const owner = "111111111111";
export const stranger = "555555555555";
export const region = "eu-west-1";
export const bucket = "evidence";

/** Amazon S3 in this process, with real clients of it and a bucket. */
export function startS3({ isVersioned = false } = {}) {
  const context = testContext();
  const s3 = createS3(context, { baseUrl: () => "http://127.0.0.1:4566", authorize: () => undefined });
  s3.putBucket({ name: bucket, accountId: owner, region, isVersioned });
  const clientOf = (accountId: string, callRegion = region, config: S3ClientConfig = {}) =>
    new S3Client({
      ...sdkClientSettings(calledAs(s3.service, userOf(accountId)), {
        region: callRegion,
        log: context.log,
      }),
      ...config,
    });
  return { ...s3, context, clientOf, client: clientOf(owner) };
}
