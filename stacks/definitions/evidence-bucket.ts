import type { Deployment } from "./deployment.ts";
import { type PolicyDocument, document } from "./policy.ts";

/** What the name of every such bucket begins with; there is one in each account and Region. */
export const evidenceBucketPrefix = "cardway-evidence";

/** The bucket for what shows afterwards how a card was: its exported versions. */
export interface EvidenceBucketDefinition {
  bucketName: string;
  bucketArn: string;
  /** What was written stays, whoever writes or deletes the same key later. */
  isVersioned: true;
  /** Keys that S3 itself keeps: who may write needs no permission for a key. */
  encryption: "AES256";
  policy: PolicyDocument;
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html */
export function evidenceBucket({
  modelCardAccountId,
  region,
}: Pick<Deployment, "modelCardAccountId" | "region">): EvidenceBucketDefinition {
  const bucketName = `${evidenceBucketPrefix}-${modelCardAccountId}-${region}`;
  const bucketArn = `arn:aws:s3:::${bucketName}`;
  return {
    bucketName,
    bucketArn,
    isVersioned: true,
    encryption: "AES256",
    policy: document([
      {
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: { AWS: "*" },
        Action: "s3:*",
        Resource: [bucketArn, `${bucketArn}/*`],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ]),
  };
}
