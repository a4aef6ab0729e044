import * as z from "zod";

/**
 * Risk rating of a model card, in AWS's words. `Unknown` also stands for a card without a rating, or with one that AWS does
 * not define.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards.html
 */
export const RiskRatingSchema = z.enum(["Low", "Medium", "High", "Unknown"]);

export type RiskRating = z.output<typeof RiskRatingSchema>;
