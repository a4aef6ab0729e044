import type * as z from "zod";
import { EventEnvelopeSchema } from "./envelope.ts";

/**
 * An EventBridge event pattern.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern.html
 */
export interface EventPattern {
  source: string[];
  "detail-type": string[];
  detail?: Record<string, unknown>;
}

/** One kind of event: what rules match, what handlers parse and what publishers send all come from here. */
export interface EventDefinition<Detail extends z.ZodType> {
  source: string;
  detailType: string;
  /** Schema of `detail` alone. */
  detail: Detail;
  /** Schema of the whole event as a target receives it. */
  schema: ReturnType<typeof envelopeWith<Detail>>;
  pattern: EventPattern;
  /** A real event, for tests and documents. */
  sample: z.input<typeof EventEnvelopeSchema>;
}

/**
 * Declares an event once.
 *
 * @param definition.matching - Narrows the pattern further by members of `detail`.
 */
export function defineEvent<Detail extends z.ZodType>(definition: {
  source: string;
  detailType: string;
  detail: Detail;
  matching?: Record<string, unknown>;
  sample: z.input<typeof EventEnvelopeSchema>;
}): EventDefinition<Detail> {
  const { source, detailType, detail, matching, sample } = definition;
  return {
    source,
    detailType,
    detail,
    schema: envelopeWith(detail),
    pattern: {
      source: [source],
      "detail-type": [detailType],
      ...(matching === undefined ? {} : { detail: matching }),
    },
    sample,
  };
}

function envelopeWith<Detail extends z.ZodType>(detail: Detail) {
  return EventEnvelopeSchema.extend({ detail });
}
