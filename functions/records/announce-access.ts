import type { Events } from "../aws/event-bridge.ts";
import { audienceKey } from "../lifecycle/access-plan.ts";
import { accessGranted, accessRevoked } from "./access-effects.ts";
import { type CardRecord, announcements, withAnnouncementMade } from "./card-record.ts";
import { type EffectContext, recordEffects } from "./effects.ts";
import type { PromotionRecords } from "./promotion-records.ts";

/**
 * Records and announces how access to a card has changed. The change is noted on the card's record first, so that one who dies
 * in between leaves neither a beginning nor an end untold: whoever comes next brings it to its end. Safe to repeat.
 *
 * @param next - What is to be announced, from the record as it is; nothing where it is not this caller's to announce.
 * @returns the record once nothing is left to be announced; `undefined` where `next` answered nothing.
 */
export async function announceAccess(
  modelCardArn: string,
  next: (record: CardRecord) => CardRecord | undefined,
  context: EffectContext,
  { records, events }: { records: PromotionRecords; events: Events },
): Promise<CardRecord | undefined> {
  for (;;) {
    const noted = await records.changeCard(modelCardArn, (record) => {
      const result = record.announcing === undefined ? next(record) : next(record) && record;
      return { record: result ?? record, result };
    });
    if (noted?.announcing === undefined) return noted;
    const { audiences, resourceShareArns } = noted.announcing;
    const { granted, revoked } = announcements(noted, audiences);
    await recordEffects(
      [
        ...revoked.map((audience) => accessRevoked(context, noted, audience)),
        ...granted.map((audience) => {
          const resourceShareArn = resourceShareArns[audienceKey(audience)];
          return accessGranted(context, noted, { audience, resourceShareArn });
        }),
      ],
      { records, events },
    );
    await records.changeCard(modelCardArn, (record) => ({
      record: isSame(record.announcing, noted.announcing) ? withAnnouncementMade(record) : record,
      result: undefined,
    }));
  }
}

function isSame(one: CardRecord["announcing"], other: CardRecord["announcing"]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
