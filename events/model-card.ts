import * as z from "zod";

/** @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateModelCard.html */
export const modelCardStatuses = ["Draft", "PendingReview", "Approved", "Archived"] as const;

export const ModelCardStatusSchema = z.enum(modelCardStatuses);

export type ModelCardStatus = z.output<typeof ModelCardStatusSchema>;

/** ARN of a model card, without a version. */
export const ModelCardArnSchema = z
  .string()
  .max(256)
  .regex(
    /^arn:aws[a-z-]*:sagemaker:[a-z0-9-]{9,16}:[0-9]{12}:model-card\/[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/,
    "not the ARN of a model card",
  );

/**
 * Which card in which state an event is about. (ARN, creation time, version) names the content; the creation time
 * tells a card from a later one of the same name.
 */
export const CardReferenceSchema = z.object({
  modelCardArn: ModelCardArnSchema,
  /** ISO 8601 UTC; absent where the card was gone before anybody saw it. */
  creationTime: z.iso.datetime().optional(),
  version: z.int().positive().optional(),
  /** Absent where the card could not be read. */
  status: z.enum([...modelCardStatuses, "Deleted"]).optional(),
});

export type CardReference = z.output<typeof CardReferenceSchema>;
