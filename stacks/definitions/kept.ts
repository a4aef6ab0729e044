import { dataKeyAlias, linkKeyAlias, tableName } from "./deployment.ts";
import { evidenceBucketPrefix } from "./evidence-bucket.ts";

/** What removing Cardway leaves in the model card account, one sentence each: its resources are retained, these say why. */
export const kept: readonly string[] = [
  `The DynamoDB table ${tableName} is kept: it holds the record of every decision and every change of access.`,
  `The S3 bucket ${evidenceBucketPrefix}-… is kept: it holds the exported versions of cards.`,
  `The KMS key of ${linkKeyAlias} is kept: it shows which approval links Cardway signed.`,
  "The log groups are kept until deployment.logRetentionDays of lifecycle.config.ts has passed.",
  `The KMS key of ${dataKeyAlias} is kept: those logs are encrypted with it.`,
  "Model cards, and resource shares that Cardway did not make, are untouched.",
];
