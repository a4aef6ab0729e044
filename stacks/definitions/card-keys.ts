import type { Deployment } from "./deployment.ts";
import type { PolicyStatement } from "./policy.ts";

type CardKeys = Pick<Deployment, "modelCardAccountId" | "region" | "cardKeyArns">;

/** What SageMaker tells KMS about a card: its ARN, as encryption context. */
const encryptionContextKey = "kms:EncryptionContext:aws:sagemaker:model-card-arn";

/**
 * The use of the cards' keys, only for cards and only through SageMaker or, for exports, S3; nothing where cards have no key of
 * the customer's. `kms:Decrypt` is for whoever reads content, `kms:GenerateDataKey` for whoever updates a card.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-xaccount.html
 */
export function useCardKeys(
  action: "kms:Decrypt" | "kms:GenerateDataKey",
  deployment: CardKeys,
): PolicyStatement[] {
  const { cardKeyArns = [] } = deployment;
  if (cardKeyArns.length === 0) return [];
  return [
    {
      Sid: action === "kms:Decrypt" ? "DecryptModelCards" : "EncryptModelCards",
      Effect: "Allow",
      Action: action,
      Resource: [...cardKeyArns],
      Condition: cardKeyConditions(deployment),
    },
  ];
}

/** Keeps whoever only reads from encrypting content anew, whatever policies come later. */
export function neverEncryptCards({ cardKeyArns = [] }: CardKeys): PolicyStatement[] {
  if (cardKeyArns.length === 0) return [];
  return [
    {
      Sid: "NeverEncryptModelCards",
      Effect: "Deny",
      Action: "kms:GenerateDataKey",
      Resource: [...cardKeyArns],
    },
  ];
}

export function cardKeyConditions({ modelCardAccountId, region }: CardKeys) {
  return {
    StringEquals: {
      "kms:ViaService": ["sagemaker", "s3"].map((service) => `${service}.${region}.amazonaws.com`),
    },
    StringLike: { [encryptionContextKey]: `arn:aws:sagemaker:${region}:${modelCardAccountId}:model-card/*` },
  };
}
