import * as z from "zod";
import { AwsUnavailableError, InvalidInputError, RecordUnreadableError } from "../errors.ts";
import type { CardDigest, RequestDigest } from "../lifecycle/card-digest.ts";
import { type ApprovalRequest, ApprovalRequestSchema } from "./approval-request.ts";
import { type CardRecord, CardRecordSchema, newCardRecord } from "./card-record.ts";
import type { Change, EffectRecord, LastSweep, PromotionRecords } from "./promotion-records.ts";
import { requestDigestOf, sweepDigestOf, textOf } from "./sweep-digest.ts";
import type { ItemKey, Table } from "./table.ts";

/** How often a change is tried again when others write the same record at the same moment. */
const attempts = 50;

const EffectRecordSchema: z.ZodType<EffectRecord> = z.object({
  modelCardArn: z.string(),
  effectId: z.string(),
  at: z.string(),
  position: z.int(),
  detailType: z.string(),
  detail: z.record(z.string(), z.unknown()),
});

const LastSweepSchema: z.ZodType<LastSweep> = z.object({
  executionArn: z.string(),
  previous: z.string().nullable(),
});

/**
 * Cardway's memory in one table. The revision of an item is the condition of its next write.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-optimistic-locking.html
 */
export function createRecordsIn(table: Table): PromotionRecords {
  const change = async <Record, Result>(
    key: ItemKey,
    read: (data: unknown) => Record,
    apply: (record: Record) => Change<Record, Result>,
    digestOf: (record: Record) => CardDigest | RequestDigest | undefined,
  ): Promise<Result> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const stored = await table.get(key);
      const current = read(stored?.data);
      const { record, result } = apply(current);
      if (record === current) return result;
      const digest = textOf(digestOf(record));
      if (await table.put(key, record, stored?.revision ?? 0, digest)) return result;
    }
    throw new AwsUnavailableError(
      `A record was changed by others ${attempts} times in a row. It is tried again.`,
    );
  };

  return {
    async readCard(modelCardArn) {
      const stored = await table.get(cardKey(modelCardArn));
      return cardRecordFrom(modelCardArn, stored?.data);
    },

    changeCard: (modelCardArn, apply) =>
      change(cardKey(modelCardArn), (data) => cardRecordFrom(modelCardArn, data), apply, sweepDigestOf),

    async findRequest(requestId) {
      const stored = await table.get(requestKey(requestId));
      return stored === undefined ? undefined : requestFrom(requestId, stored.data);
    },

    async addRequest(request) {
      const digest = textOf(requestDigestOf(request));
      if (await table.put(requestKey(request.requestId), request, 0, digest)) return request;
      const stored = await table.get(requestKey(request.requestId));
      return requestFrom(request.requestId, stored?.data);
    },

    changeRequest: (requestId, apply) =>
      change(
        requestKey(requestId),
        (data) => {
          if (data === undefined) throw new InvalidInputError(`There is no approval request ${requestId}.`);
          return requestFrom(requestId, data);
        },
        apply,
        requestDigestOf,
      ),

    async digests(after) {
      const { digests, next } = await table.digests(after);
      const startingWith = (prefix: string) =>
        digests.flatMap(({ pk, digest }) =>
          pk.startsWith(prefix) ? [{ id: pk.slice(prefix.length), digest }] : [],
        );
      return { cards: startingWith(cardPrefix), requests: startingWith(requestPrefix), next };
    },

    async lastSweep() {
      const stored = await table.get(lastSweepKey);
      // It is for counting alone, and no sweep is to fail for it.
      return LastSweepSchema.safeParse(stored?.data).data;
    },

    keepLastSweep: (sweep) =>
      change(
        lastSweepKey,
        () => undefined,
        () => ({ record: sweep, result: undefined }),
        () => undefined,
      ),

    async addEffects(effects) {
      for (const effect of effects) {
        // A repeated effect meets itself and changes nothing.
        await table.put(effectKey(effect), effect, 0);
      }
    },

    async effectsOf(modelCardArn) {
      const items = await table.list(cardPartition(modelCardArn), effectPrefix);
      return items
        .map(({ data }) => EffectRecordSchema.parse(data))
        .sort((a, b) => a.at.localeCompare(b.at) || a.position - b.position);
    },
  };
}

function cardRecordFrom(modelCardArn: string, data: unknown): CardRecord {
  return data === undefined
    ? newCardRecord(modelCardArn)
    : parsed(CardRecordSchema, data, cardPartition(modelCardArn));
}

function requestFrom(requestId: string, data: unknown): ApprovalRequest {
  return parsed(ApprovalRequestSchema, data, requestKey(requestId).pk);
}

/** Only the names of members are told: what they hold can be a person's name or address. */
function parsed<Schema extends z.ZodType>(schema: Schema, data: unknown, pk: string): z.output<Schema> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const faults = [...new Set(result.error.issues.map(({ path }) => path.join(".") || "the item itself"))];
  throw new RecordUnreadableError(
    `Cardway's record ${pk} cannot be read (${faults.slice(0, 5).join(", ")}). ` +
      "Restore it from the table's point-in-time backup; then redrive, or wait for the next sweep.",
  );
}

const lastSweepKey: ItemKey = { pk: "SWEEP", sk: "SWEEP" };
const effectPrefix = "EFFECT#";
const cardPrefix = "CARD#";
const requestPrefix = "REQUEST#";

function cardPartition(modelCardArn: string): string {
  return `${cardPrefix}${modelCardArn}`;
}

function cardKey(modelCardArn: string): ItemKey {
  return { pk: cardPartition(modelCardArn), sk: "CARD" };
}

function effectKey({ modelCardArn, effectId }: EffectRecord): ItemKey {
  return { pk: cardPartition(modelCardArn), sk: `${effectPrefix}${effectId}` };
}

function requestKey(requestId: string): ItemKey {
  return { pk: `${requestPrefix}${requestId}`, sk: "REQUEST" };
}
