import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import { operation, type Operation } from "../wire/operation.ts";
import { compareSortKeys, pageOf } from "../wire/page.ts";
import { ExportJobArnSchema, checkExportJobArn } from "./export-job-arn.ts";
import { type ExportJob, type ExportJobStore, exportJobSortKey } from "./export-job-store.ts";
import type { ExportJobs } from "./export-jobs.ts";
import { limitExceeded } from "./limit-exceeded.ts";
import { listPage } from "./list-page.ts";
import {
  ModelCardNameOrArnSchema,
  ModelCardNameSchema,
  type ModelCardReference,
  requestedModelCard,
  requestedModelCardArn,
} from "./model-card-arn.ts";
import type { ModelCardBehaviour } from "./model-card-behaviour.ts";
import { type ModelCardStore, versionOf } from "./model-card-store.ts";
import { TimestampSchema } from "./timestamp.ts";

const OutputConfigSchema = z.strictObject({
  S3OutputPath: z
    .string()
    .max(1024)
    .regex(/^(https|s3):\/\/([^/]+)\/?(.*)$/),
});

const StatusSchema = z.enum(["InProgress", "Completed", "Failed"]);

/** What the operations on export jobs work with. */
interface ExportOperationsDependencies {
  context: LocalContext;
  cards: ModelCardStore;
  jobs: ExportJobStore;
  exports: ExportJobs;
  behaviour: ModelCardBehaviour;
}

/**
 * `CreateModelCardExportJob`, `DescribeModelCardExportJob` and `ListModelCardExportJobs`. A job belongs to the account of
 * its card, whoever asks for it; its PDF is written in the name of who did.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelCardExportJob.html
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-xaccount.html
 */
export function exportOperations(dependencies: ExportOperationsDependencies): Record<string, Operation> {
  const { context, cards, jobs, exports, behaviour } = dependencies;

  /** @throws {AwsError} `ResourceLimitExceeded` */
  function checkLimit({ accountId, region }: ModelCardReference): void {
    const limit = behaviour.exportJobsAtOnce;
    const utilization = jobs
      .underWay()
      .filter(({ card }) => card.accountId === accountId && card.region === region).length;
    if (utilization < limit) return;
    throw limitExceeded({
      quota: "Maximum number of concurrently running model card export jobs allowed per account.",
      things: "Model Card Export Jobs",
      limit,
      utilization,
    });
  }

  /** @throws {AwsError} `ValidationException` for the address of a bucket in the web's words. */
  function checkOutputPath(path: string): void {
    if (path.startsWith("s3://")) return;
    context.log("sagemaker: an S3OutputPath that begins with https is left out of the local endpoint");
    throw new AwsError("ValidationException", "S3OutputPath must begin with s3://.");
  }

  return {
    CreateModelCardExportJob: operation({
      input: z.strictObject({
        ModelCardName: ModelCardNameOrArnSchema,
        ModelCardVersion: z.int().optional(),
        ModelCardExportJobName: ModelCardNameSchema,
        OutputConfig: OutputConfigSchema,
      }),
      action: "sagemaker:CreateModelCardExportJob",
      resource: ({ ModelCardName }, call) => requestedModelCardArn(ModelCardName, call),
      run: ({ ModelCardName, ModelCardVersion, ModelCardExportJobName, OutputConfig }, call) => {
        checkOutputPath(OutputConfig.S3OutputPath);
        const card = cards.get(requestedModelCard(ModelCardName, call));
        const { version } = versionOf(card, ModelCardVersion);
        checkLimit(card);
        const createdAt = context.clock.now();
        const job = jobs.add({
          name: ModelCardExportJobName,
          card: { accountId: card.accountId, region: card.region, name: card.name },
          version,
          outputPath: OutputConfig.S3OutputPath,
          createdAt,
          completionTime: new Date(createdAt.getTime() + behaviour.exportingMs),
          call,
        });
        exports.start(job);
        return { ModelCardExportJobArn: job.arn };
      },
    }),

    DescribeModelCardExportJob: operation({
      input: z.strictObject({ ModelCardExportJobArn: ExportJobArnSchema }),
      action: "sagemaker:DescribeModelCardExportJob",
      resource: ({ ModelCardExportJobArn }) => ModelCardExportJobArn,
      run: ({ ModelCardExportJobArn }, call) => {
        checkExportJobArn(ModelCardExportJobArn, call);
        const job = jobs.find(ModelCardExportJobArn);
        if (job === undefined || cards.find(job.card) === undefined) {
          throw new AwsError(
            "ResourceNotFound",
            `Modelcard export job ${ModelCardExportJobArn} does not exist`,
          );
        }
        return {
          ...summaryOf(job),
          OutputConfig: { S3OutputPath: job.outputPath },
          FailureReason: job.failureReason,
          ExportArtifacts: job.artifacts === undefined ? undefined : { S3ExportArtifacts: job.artifacts },
        };
      },
    }),

    ListModelCardExportJobs: operation({
      input: z.strictObject({
        ModelCardName: ModelCardNameSchema,
        ModelCardVersion: z.int().optional(),
        CreationTimeAfter: TimestampSchema.optional(),
        CreationTimeBefore: TimestampSchema.optional(),
        ModelCardExportJobNameContains: ModelCardNameSchema.optional(),
        StatusEquals: StatusSchema.optional(),
        SortBy: z.enum(["Name", "CreationTime", "Status"]).default("CreationTime"),
        SortOrder: z.enum(["Ascending", "Descending"]).default("Ascending"),
        MaxResults: z.int().min(1).max(100).default(10),
        NextToken: z.string().max(8192).optional(),
      }),
      action: "sagemaker:ListModelCardExportJobs",
      resource: ({ ModelCardName }, call) => requestedModelCardArn(ModelCardName, call),
      run: ({ MaxResults, NextToken, ...request }, call) => {
        const reference = requestedModelCard(request.ModelCardName, call);
        const keyOf = (job: ExportJob) => exportJobSortKey(job, request.SortBy);
        const ofCard = cards.find(reference) === undefined ? [] : jobs.ofCard(reference);
        const { page, nextToken } = listPage(request, NextToken, (after) =>
          pageOf({
            items: ofCard.sort((one, other) => compareSortKeys(keyOf(one), keyOf(other))),
            keyOf,
            after,
            order: request.SortOrder,
            matches: (job) => isWanted(job, request),
            maxResults: MaxResults,
          }),
        );
        return { ModelCardExportJobSummaries: page.map(summaryOf), NextToken: nextToken };
      },
    }),
  };
}

function summaryOf(job: ExportJob): object {
  return {
    ModelCardExportJobName: job.name,
    ModelCardExportJobArn: job.arn,
    Status: job.status,
    ModelCardName: job.card.name,
    ModelCardVersion: job.version,
    CreatedAt: job.createdAt,
    LastModifiedAt: job.lastModifiedAt,
  };
}

function isWanted(
  job: ExportJob,
  filter: {
    ModelCardVersion?: number;
    CreationTimeAfter?: Date;
    CreationTimeBefore?: Date;
    ModelCardExportJobNameContains?: string;
    StatusEquals?: string;
  },
): boolean {
  const contained = filter.ModelCardExportJobNameContains?.toLowerCase() ?? "";
  return (
    (filter.ModelCardVersion === undefined || job.version === filter.ModelCardVersion) &&
    (filter.StatusEquals === undefined || job.status === filter.StatusEquals) &&
    (filter.CreationTimeAfter === undefined || job.createdAt > filter.CreationTimeAfter) &&
    (filter.CreationTimeBefore === undefined || job.createdAt < filter.CreationTimeBefore) &&
    job.name.toLowerCase().includes(contained)
  );
}
