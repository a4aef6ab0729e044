import {
  CreateModelCardExportJobCommand,
  DescribeModelCardExportJobCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { AwsCallFailedError, AwsUnavailableError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** PDFs of cards, as SageMaker makes them. */
export interface ModelCardExports {
  /**
   * Exports a version and fetches its PDF, which stays in the bucket.
   *
   * @param jobName - Of the export job; SageMaker takes each name once for a card.
   * @throws {AwsCallFailedError} SageMaker gave the export up, or who calls may not export, write to the bucket or read from it.
   * @throws {AwsUnavailableError} it was not done in time.
   */
  pdfOf(modelCardArn: string, version: number, jobName: string): Promise<Uint8Array>;
}

/** How often and how long it is waited for: an export takes some seconds. */
const looks = 150;
const lookEveryMs = 2_000;

/**
 * @param bucketName - Where exports go.
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelCardExportJob.html
 */
export function createModelCardExports(
  runtime: Runtime & { wait: (ms: number) => Promise<void> },
  bucketName: string,
): ModelCardExports {
  const sageMaker = runtime.trace(new SageMakerClient(clientConfig(runtime)));
  // One machine answers for all buckets under one name.
  const forcePathStyle = runtime.environment["AWS_ENDPOINT_URL"] !== undefined;
  const s3 = runtime.trace(new S3Client({ ...clientConfig(runtime), forcePathStyle }));

  /** Where the finished PDF is. */
  const exported = async (ModelCardExportJobArn: string | undefined): Promise<string> => {
    for (let look = 0; look < looks; look += 1) {
      const job = await awsCall("SageMaker DescribeModelCardExportJob", () =>
        sageMaker.send(new DescribeModelCardExportJobCommand({ ModelCardExportJobArn })),
      );
      const place = job.ExportArtifacts?.S3ExportArtifacts;
      if (job.Status === "Completed" && place !== undefined) return place;
      if (job.Status === "Failed") {
        throw new AwsCallFailedError(
          `SageMaker could not export the card: ${job.FailureReason ?? "it gives no reason"}`,
        );
      }
      await runtime.wait(lookEveryMs);
    }
    throw new AwsUnavailableError("SageMaker's export job was not done within five minutes. Try again.");
  };

  return {
    async pdfOf(modelCardArn, version, jobName) {
      const { ModelCardExportJobArn } = await awsCall("SageMaker CreateModelCardExportJob", () =>
        sageMaker.send(
          new CreateModelCardExportJobCommand({
            ModelCardName: modelCardArn,
            ModelCardVersion: version,
            ModelCardExportJobName: jobName,
            OutputConfig: { S3OutputPath: `s3://${bucketName}/exports` },
          }),
        ),
      );
      const [Bucket, ...key] = (await exported(ModelCardExportJobArn)).replace(/^s3:\/\//, "").split("/");
      const object = await awsCall("S3 GetObject", () =>
        s3.send(new GetObjectCommand({ Bucket, Key: key.join("/") })),
      );
      return (await object.Body?.transformToByteArray()) ?? new Uint8Array();
    },
  };
}
