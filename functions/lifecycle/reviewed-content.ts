import * as z from "zod";
import { type RiskRating, RiskRatingSchema } from "../../events/risk-rating.ts";

/** What Cardway reads in a version's content to know whom to ask. Texts are untrusted. */
export interface ReviewedContent {
  riskRating: RiskRating;
  lineOfBusiness: string | undefined;
  purpose: string | undefined;
  owner: string | undefined;
  /** Owner and creator, as far as the content names them. */
  namedInContent: string[];
}

const text = z.string().optional().catch(undefined);

/** SageMaker takes content that its own schema does not allow, so each member stands or falls by itself. */
const ContentSchema = z.object({
  model_overview: z.object({ model_owner: text, model_creator: text }).catch({}).default({}),
  intended_uses: z
    .object({ risk_rating: RiskRatingSchema.catch("Unknown"), purpose_of_model: text })
    .catch({ risk_rating: "Unknown" })
    .default({ risk_rating: "Unknown" }),
  business_details: z.object({ line_of_business: text }).catch({}).default({}),
});

/**
 * Reads a version's content.
 *
 * @param content - A JSON text, also one cut down to `MetadataOnly`; whatever is not a model card says nothing.
 */
export function reviewedContent(content: string | undefined): ReviewedContent {
  const parsed = ContentSchema.safeParse(parsedJson(content ?? "{}"));
  const { model_overview, intended_uses, business_details } = parsed.data ?? ContentSchema.parse({});
  const { model_owner: owner, model_creator: creator } = model_overview;
  return {
    riskRating: intended_uses.risk_rating,
    lineOfBusiness: business_details.line_of_business,
    purpose: intended_uses.purpose_of_model,
    owner,
    namedInContent: [owner, creator].filter((name) => name !== undefined),
  };
}

function parsedJson(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
