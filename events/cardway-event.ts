import * as z from "zod";
import { type EventDefinition, defineEvent } from "./define-event.ts";
import { CardReferenceSchema } from "./model-card.ts";

/** The `source` of every event that Cardway publishes, and the name of the bus that it publishes them on. */
export const cardwaySource = "cardway";

/** What every one of our events tells: invariant 7 of the design, "every effect has a record". */
const EffectSchema = z.object({
  /** Derived from the effect, so that publishing twice gives the same id twice. */
  effectId: z.uuid(),
  /** When the effect happened, ISO 8601 UTC. */
  at: z.iso.datetime(),
  /** ARN of the execution that caused or recorded it; of the function, where a deployment did. */
  executionArn: z.string(),
  /** Version of the settings that it happened under. */
  policyVersion: z.string(),
  card: CardReferenceSchema,
});

/** Declares one of Cardway's own events; its `detail` is the common part plus `members`. */
export function defineCardwayEvent<Members extends z.ZodRawShape>(definition: {
  detailType: string;
  members: Members;
  sample: Record<string, unknown>;
}): EventDefinition<z.ZodObject<z.util.Extend<typeof EffectSchema.shape, z.util.Writeable<Members>>>> {
  return defineEvent({
    source: cardwaySource,
    detailType: definition.detailType,
    detail: EffectSchema.extend(definition.members),
    sample: {
      version: "0",
      id: "5c1ef6ae-9f2f-4e0c-8a3f-0a6b0d6d5b11",
      "detail-type": definition.detailType,
      source: cardwaySource,
      account: "111111111111",
      time: "2026-11-22T09:30:00Z",
      region: "us-east-1",
      resources: ["arn:aws:sagemaker:us-east-1:111111111111:model-card/Customer-Churn-Model-Card"],
      detail: {
        effectId: "0b8f3f0e-7a55-5f43-9f10-3a1c5a0f6b52",
        at: "2026-11-22T09:30:00.000Z",
        executionArn: "arn:aws:states:us-east-1:111111111111:execution:cardway-promotion:6f1c1c0e",
        policyVersion: "3f0a9c1d2b4e",
        card: {
          modelCardArn: "arn:aws:sagemaker:us-east-1:111111111111:model-card/Customer-Churn-Model-Card",
          creationTime: "2026-11-20T08:00:00.000Z",
          version: 2,
          status: "PendingReview",
        },
        ...definition.sample,
      },
    },
  });
}
