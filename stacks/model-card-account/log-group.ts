import type { Settings } from "../../functions/lifecycle/settings.ts";

/** A log group that is encrypted, kept as long as the settings say, and left behind on removal. */
export function createLogGroup(
  name: string,
  { deployment: { logRetentionDays } }: Settings,
  dataKey: aws.kms.Key,
): aws.cloudwatch.LogGroup {
  return new aws.cloudwatch.LogGroup(
    name,
    { name, retentionInDays: logRetentionDays, kmsKeyId: dataKey.arn },
    { retainOnDelete: true },
  );
}
