import {
  CreateModelCardExportJobCommand,
  DescribeModelCardExportJobCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { AwsCallFailedError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";
import type { EvidenceBucket } from "./evidence-bucket.ts";
import { nameOf } from "./sagemaker.ts";

/** Which PDF is meant: of a version of a card, made by the job of this name. */
export interface Export {
  modelCardArn: string;
  version: number;
  /** At most 63 letters, digits and hyphens. SageMaker takes each name once for a card. */
  jobName: string;
}

/** PDFs of cards, as SageMaker makes them. They stay in the bucket. */
export interface ModelCardExports {
  /**
   * Has a PDF made. The same job again is the one that is under way.
   *
   * @returns ARN of the job.
   * @throws {AwsCallFailedError} who calls may not export the card or write to the bucket.
   */
  start(wanted: Export): Promise<string>;
  /**
   * @returns The PDF; `undefined` while it is being made, and where the job is another one.
   * @throws {AwsCallFailedError} SageMaker gave the export up, or who calls may not read from the bucket.
   */
  finished(jobArn: string, wanted: Export): Promise<Uint8Array | undefined>;
}

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelCardExportJob.html */
export function createModelCardExports(
  runtime: Runtime,
  { bucketName, bucket }: { bucketName: string; bucket: EvidenceBucket },
): ModelCardExports {
  const sageMaker = runtime.trace(new SageMakerClient(clientConfig(runtime)));

  async function start({ modelCardArn, version, jobName }: Export): Promise<string> {
    const job = await awsCall(
      "SageMaker CreateModelCardExportJob",
      () =>
        sageMaker.send(
          new CreateModelCardExportJobCommand({
            ModelCardName: modelCardArn,
            ModelCardVersion: version,
            ModelCardExportJobName: jobName,
            OutputConfig: { S3OutputPath: `s3://${bucketName}/exports` },
          }),
        ),
      { ConflictException: () => undefined },
    );
    return job?.ModelCardExportJobArn ?? `${modelCardArn}/export-job/${jobName}`;
  }

  async function finished(ModelCardExportJobArn: string, wanted: Export): Promise<Uint8Array | undefined> {
    const job = await awsCall("SageMaker DescribeModelCardExportJob", () =>
      sageMaker.send(new DescribeModelCardExportJobCommand({ ModelCardExportJobArn })),
    );
    const isWanted =
      nameOf(job.ModelCardName ?? "") === nameOf(wanted.modelCardArn) &&
      job.ModelCardVersion === wanted.version &&
      job.ModelCardExportJobName === wanted.jobName;
    if (!isWanted) return undefined;
    if (job.Status === "Failed") {
      throw new AwsCallFailedError(
        `SageMaker could not export the card: ${job.FailureReason ?? "it gives no reason"}`,
      );
    }
    const place = job.ExportArtifacts?.S3ExportArtifacts;
    if (job.Status !== "Completed" || place === undefined) return undefined;
    const [, ...key] = place.replace(/^s3:\/\//, "").split("/");
    return bucket.read(key.join("/"));
  }

  return { start, finished };
}
