import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";

/** The member by which nearly every operation names its queue. */
export const QueueUrlSchema = z.strictObject({ QueueUrl: z.string() });

/** `http://localhost:4566/111122223333/failures`; the region comes from the credentials' scope of each call. */
export function queueUrl(baseUrl: string, { accountId, name }: { accountId: string; name: string }): string {
  return `${baseUrl}/${accountId}/${name}`;
}

/** @throws {AwsError} `InvalidAddress` where the URL names no queue. */
export function queueArnOfUrl({ QueueUrl }: { QueueUrl: string }, call: Call): string {
  const [, accountId, name] = /^https?:\/\/[^/]+\/(\d{12})\/([^/]+)$/.exec(QueueUrl) ?? [];
  if (accountId === undefined || name === undefined) {
    throw new AwsError("InvalidAddress", `The address ${QueueUrl} is not valid for this endpoint.`);
  }
  return queueArn(call, accountId, name);
}

export function queueArn({ region }: Call, accountId: string, queueName: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${queueName}`;
}
