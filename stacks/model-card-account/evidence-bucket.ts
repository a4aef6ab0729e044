import type { Settings } from "../../functions/lifecycle/settings.ts";
import type { Deployment } from "../definitions/deployment.ts";
import { evidenceBucket, evidenceBucketPrefix } from "../definitions/evidence-bucket.ts";
import { leftBehind } from "./left-behind.ts";

/** The exported versions of cards. Kept on removal, with all that protects it, because they are evidence. */
export function createEvidenceBucket(place: Deployment, settings: Settings): void {
  const { bucketName, encryption, policy } = evidenceBucket(place);
  const options = leftBehind(settings, () => bucketName);
  const name = evidenceBucketPrefix;
  const { bucket } = new aws.s3.Bucket(name, { bucket: bucketName }, options);

  new aws.s3.BucketPublicAccessBlock(
    name,
    {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    },
    options,
  );
  new aws.s3.BucketOwnershipControls(
    name,
    { bucket, rule: { objectOwnership: "BucketOwnerEnforced" } },
    options,
  );
  new aws.s3.BucketVersioning(name, { bucket, versioningConfiguration: { status: "Enabled" } }, options);
  new aws.s3.BucketServerSideEncryptionConfiguration(
    name,
    { bucket, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: encryption } }] },
    options,
  );
  new aws.s3.BucketPolicy(name, { bucket, policy: JSON.stringify(policy) }, options);
}
