import * as z from "zod";
import { RiskRatingSchema } from "../../events/risk-rating.ts";
import { type CardReference, ModelCardArnSchema, modelCardStatuses } from "../../events/model-card.ts";

/** Who did something to a card, by every name that SageMaker gives; empty where it gives none. */
export const IdentitiesSchema = z.array(z.string());

/**
 * A card as it was when it was read; never its content. A deleted card has the status `Deleted` and what was last known of
 * it. Versions are immutable but for the status, so (ARN, creation time, version) names the content.
 */
export const CardSchema = z.object({
  modelCardArn: ModelCardArnSchema,
  modelCardName: z.string(),
  status: z.enum([...modelCardStatuses, "Deleted"]),
  /** ISO 8601 UTC. Unknown only of a deleted card that was never seen. */
  creationTime: z.iso.datetime().optional(),
  version: z.int().positive().optional(),
  /** ISO 8601 UTC of the last change of content or status. */
  lastModifiedTime: z.iso.datetime().optional(),
  /** Creator and last editor. */
  editors: IdentitiesSchema,
  /** The creator alone. SageMaker does not say whether that is the card's or the version's. */
  creator: IdentitiesSchema.optional(),
  /** Who came last alone. */
  lastEditor: IdentitiesSchema.optional(),
  riskRating: RiskRatingSchema,
});

export type Card = z.output<typeof CardSchema>;

/** The part of a card that events and records carry. */
export function cardReference(card: CardReference): CardReference {
  const { modelCardArn, status, creationTime, version } = card;
  return {
    modelCardArn,
    ...(status && { status }),
    ...(creationTime && { creationTime }),
    ...(version && { version }),
  };
}

/** Whether two readings show the very same state, so that acting on one is acting on the other. */
export function sameState(one: CardState, other: CardState): boolean {
  return (
    one.status === other.status &&
    one.version === other.version &&
    one.creationTime === other.creationTime &&
    one.lastModifiedTime === other.lastModifiedTime
  );
}

/** What tells two states of one card apart. */
export type CardState = Pick<Card, "status" | "version" | "creationTime" | "lastModifiedTime">;

/** Whether two readings show the same content of the same card, whatever its status. */
export function sameVersion(
  one: Pick<Card, "version" | "creationTime">,
  other: Pick<Card, "version" | "creationTime">,
): boolean {
  return one.version === other.version && one.creationTime === other.creationTime;
}
