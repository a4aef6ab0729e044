import { AwsError } from "../wire/aws-error.ts";

/**
 * What SageMaker says where one thing more would be too many.
 *
 * @param exceeded.quota - As Service Quotas calls it.
 * @param exceeded.things - What is counted.
 */
export function limitExceeded(exceeded: {
  quota: string;
  things: string;
  limit: number;
  utilization: number;
}): AwsError {
  const { quota, things, limit, utilization } = exceeded;
  return new AwsError(
    "ResourceLimitExceeded",
    `The account-level service limit '${quota}' is ${limit} ${things}, with current utilization of ${utilization} ${things} and a request delta of 1 ${things}. Please use AWS Service Quotas to request an increase for this quota. If AWS Service Quotas is not available, contact AWS support to request an increase for this quota.`,
  );
}
