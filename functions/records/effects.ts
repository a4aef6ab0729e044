import { v5 as uuidV5 } from "uuid";
import type * as z from "zod";
import type { EventDefinition } from "../../events/define-event.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { CardReference } from "../../events/model-card.ts";
import { type Card, cardReference } from "../lifecycle/card.ts";
import type { PromotionRecords } from "./promotion-records.ts";

const effectNamespace = "b1f0b5a1-0a0a-4d0e-9a52-5ad1c6a7f3f4";

/** Something that has happened to a card, ready to be kept and announced. */
export interface Effect {
  source: string;
  detailType: string;
  detail: { effectId: string; at: string; card?: { modelCardArn: string } | undefined };
}

/** The members that all effects have, given what the effect is about. */
export interface EffectContext {
  executionArn: string;
  policyVersion: string;
  /** Absent where an effect came before any card was known. */
  card?: (CardReference & Pick<Card, "lastModifiedTime">) | undefined;
  /** When the change happened that calls for the effect; absent where it is not known, or something else does. */
  awaitedSince?: string | undefined;
  now: Date;
}

/** Seconds from a moment to another; none where the clocks of two machines disagree. */
export function secondsFrom(since: string, until: Date): number {
  return Math.max(0, until.getTime() - Date.parse(since)) / 1_000;
}

/**
 * Makes an effect.
 *
 * @param key - Tells effects of one kind on one state of the card apart, for example an audience. The effect id comes from
 *   it, so that a repeated step makes the same effect.
 * @param identity - What the effect id comes from instead, where several executions may record the same effect.
 */
export function effectOf<Detail extends z.ZodType<Effect["detail"]>>(
  event: EventDefinition<Detail>,
  { executionArn, policyVersion, card, now }: EffectContext,
  key: string,
  members: Record<string, unknown>,
  identity?: string[],
): Effect {
  const state = [card?.modelCardArn, card?.creationTime, card?.version, card?.status, card?.lastModifiedTime];
  const derivedFrom = identity ?? [executionArn, event.detailType, ...state, key];
  const detail = event.detail.parse({
    effectId: effectIdFrom(derivedFrom),
    at: now.toISOString(),
    executionArn,
    policyVersion,
    ...(card !== undefined && { card: cardReference(card) }),
    ...members,
  });
  return { source: event.source, detailType: event.detailType, detail };
}

/** Id of an effect: the same for the same identity. */
export function effectIdFrom(identity: readonly (string | number | undefined)[]): string {
  return uuidV5(JSON.stringify(identity), effectNamespace);
}

/** Whose chain holds what is about no card: operators' sweeps, and failures that came before any card was known. */
export const noCard = "no-card";

/** Keeps effects on record and announces them on the bus. Safe to repeat. */
export async function recordEffects(
  effects: Effect[],
  { records, events }: { records: PromotionRecords; events: Events },
): Promise<void> {
  await records.addEffects(
    effects.map(({ detailType, detail }, position) => ({
      modelCardArn: detail.card?.modelCardArn ?? noCard,
      effectId: detail.effectId,
      at: detail.at,
      position,
      detailType,
      detail: { ...detail },
    })),
  );
  await events.publish(
    effects.map(({ source, detailType, detail }) => ({
      source,
      detailType,
      detail,
      ...(detail.card !== undefined && { modelCardArn: detail.card.modelCardArn }),
    })),
  );
}
