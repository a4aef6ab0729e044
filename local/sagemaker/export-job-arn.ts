import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { type ModelCardReference, modelCardArn, parseModelCardArn } from "./model-card-arn.ts";

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DescribeModelCardExportJob.html */
export const ExportJobArnSchema = z
  .string()
  .max(256)
  .regex(
    /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:[0-9]{12}:model-card\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}\/export-job\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
  );

const separator = "/export-job/";

export function exportJobArn(card: ModelCardReference, name: string): string {
  return `${modelCardArn(card)}${separator}${name}`;
}

/** ARN of the card that an export job belongs to, and that is shared with it; any other ARN as it is. */
export function sharedResourceArn(arn: string): string {
  const [cardArn = arn, jobName] = arn.split(separator);
  return jobName === undefined ? arn : cardArn;
}

/** @throws {AwsError} `ValidationException` for a job of another Region than the call's, or of another partition. */
export function checkExportJobArn(arn: string, { region }: Call): void {
  if (parseModelCardArn(sharedResourceArn(arn))?.region === region) return;
  throw new AwsError(
    "ValidationException",
    `The model card export job ${arn} is not in the Region ${region} of the request.`,
  );
}
