import { type Deployment, arnOf } from "./deployment.ts";
import { type PolicyDocument, type PolicyStatement, document } from "./policy.ts";

/** In a key's own policy `*` means this key. It lets the account's IAM policies decide, as AWS's default key policy does. */
const accountDecides = ({ modelCardAccountId }: Deployment): PolicyStatement => ({
  Sid: "AccountDecidesByItsPolicies",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${modelCardAccountId}:root` },
  Action: "kms:*",
  Resource: "*",
});

/** The key that signs approval links: only role policies say who may sign and who may verify. */
export function linkKeyPolicy(deployment: Deployment): PolicyDocument {
  return document([accountDecides(deployment)]);
}

/**
 * The key that logs and alarms are encrypted with.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 * @see https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
 */
export function dataKeyPolicy(deployment: Deployment): PolicyDocument {
  const { region } = deployment;
  return document([
    accountDecides(deployment),
    {
      Sid: "CloudWatchLogsEncrypts",
      Effect: "Allow",
      Principal: { Service: `logs.${region}.amazonaws.com` },
      Action: [
        "kms:Encrypt",
        "kms:Decrypt",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
        "kms:GenerateDataKey",
        "kms:DescribeKey",
      ],
      Resource: "*",
      Condition: {
        ArnLike: { "kms:EncryptionContext:aws:logs:arn": arnOf("logs", "log-group:*", deployment) },
      },
    },
    {
      Sid: "AlarmsReachTheTopic",
      Effect: "Allow",
      Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: "*",
      // No condition: AWS does not say whether CloudWatch names its account here, and an alarm that reaches nobody is none.
      // Who may publish is the topic's own policy's business.
    },
  ]);
}
