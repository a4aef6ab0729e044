import * as z from "zod";
import { AudienceSchema } from "../events/access.ts";
import { accounts } from "./accounts.ts";
import type { World } from "./world.ts";

const ConfirmedSchema = z.object({
  card: z.object({ modelCardArn: z.string() }),
  wanted: z.array(AudienceSchema),
});

/**
 * How long after the reader role was widened a card may still come to it, in milliseconds, besides what RAM takes: GrantAccess
 * proved the role before, and its calls may be under way.
 */
const longestGrantMs = 120_000;

/**
 * Invariant 2 where somebody has let production's reader role update: a card that the role has it may keep until ConfirmAccess
 * next looks at it, and no other comes to it.
 *
 * @param canUpdate - Whether the reader role could update a card now.
 * @returns tells what is wrong with a card now, if anything.
 */
export function createReaderCheck(
  world: World,
  canUpdate: (modelCardArn: string) => boolean,
): (modelCardArn: string) => string | undefined {
  /** Cards that a look since the widening has found. */
  const looked = new Set<string>();
  /** Since when the role could update a card, in milliseconds since the epoch. */
  const since = new Map<string, number>();
  let widenedAt: number | undefined;

  world.onConfirmed = (event, beganMs, error) => {
    const confirmed = ConfirmedSchema.safeParse(event);
    // ConfirmAccess asks about the role where it is to have the card; what it takes away is gone before it fails for that.
    const isLook = error === undefined || error === "ReadOnlyBrokenError";
    if (!confirmed.success || !isLook || world.readerWidenedAt === undefined) return;
    const { card, wanted } = confirmed.data;
    if (beganMs > world.readerWidenedAt && wanted.some(({ accountId }) => accountId === accounts.prod))
      looked.add(card.modelCardArn);
  };

  return (modelCardArn) => {
    if (widenedAt !== world.readerWidenedAt) {
      widenedAt = world.readerWidenedAt;
      looked.clear();
      since.clear();
    }
    if (!canUpdate(modelCardArn)) {
      since.delete(modelCardArn);
      return undefined;
    }
    if (widenedAt === undefined) return "can update it";
    if (looked.has(modelCardArn)) return "can update it still, after a look";
    const gainedAt = since.get(modelCardArn) ?? world.clock.now().getTime();
    since.set(modelCardArn, gainedAt);
    if (gainedAt <= widenedAt + world.plan.associationMs + longestGrantMs) return undefined;
    return "has come to update it";
  };
}
