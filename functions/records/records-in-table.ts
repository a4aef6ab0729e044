import * as z from "zod";
import { AwsUnavailableError, InvalidInputError, RecordUnreadableError } from "../errors.ts";
import { type ApprovalRequest, ApprovalRequestSchema } from "./approval-request.ts";
import { type Attention, attentionOfCard, attentionOfRequest } from "./attention.ts";
import {
  type AuditEntry,
  AuditEntrySchema,
  type AuditHead,
  AuditHeadSchema,
  auditEntryFrom,
  chained,
  emptyChain,
} from "./audit-chain.ts";
import { type CardRecord, CardRecordSchema, newCardRecord } from "./card-record.ts";
import type { Change, EffectRecord, LastSweep, PromotionRecords } from "./promotion-records.ts";
import { requestDigestOf, sweepDigestOf, textOf } from "./sweep-digest.ts";
import type { Indexed, ItemKey, Table } from "./table.ts";

/** How often a change is tried again when others write the same record at the same moment. */
const attempts = 50;

/** How many effects one transaction takes, beside the head of their chain. */
const mostEffects = 50;

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
    indexedOf: (record: Record) => Indexed,
  ): Promise<Result> => {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const stored = await table.get(key);
      const current = read(stored?.data);
      const { record, result } = apply(current);
      if (record === current) return result;
      if (await table.put(key, record, stored?.revision ?? 0, indexedOf(record))) return result;
    }
    throw outrun();
  };

  /** Puts effects of one card behind the end of its chain. A repeated effect meets itself and changes nothing. */
  const addToChain = async (modelCardArn: string, effects: EffectRecord[]): Promise<void> => {
    const headKey = auditKey(modelCardArn);
    let missing = [...new Map(effects.map((effect) => [effect.effectId, effect])).values()];
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const stored = await table.get(headKey);
      const { entries, head } = chained(missing, stored === undefined ? emptyChain : headFrom(stored.data));
      const refused = await table.putAll([
        { key: headKey, data: head, expectedRevision: stored?.revision ?? 0 },
        ...entries.map((entry) => ({
          key: effectKey(entry),
          data: entry,
          expectedRevision: 0,
          indexed: { day: dayOf(entry) },
        })),
      ]);
      if (refused.length === 0) return;
      const kept = new Set(
        await Promise.all(
          refused
            .filter((position) => position > 0)
            .map(async (position) => {
              const entry = missing[position - 1];
              return entry !== undefined && (await table.get(effectKey(entry))) !== undefined
                ? entry
                : undefined;
            }),
        ),
      );
      missing = missing.filter((effect) => !kept.has(effect));
      if (missing.length === 0) return;
    }
    throw outrun();
  };

  return {
    async readCard(modelCardArn) {
      const stored = await table.get(cardKey(modelCardArn));
      return cardRecordFrom(modelCardArn, stored?.data);
    },

    changeCard: (modelCardArn, apply) =>
      change(
        cardKey(modelCardArn),
        (data) => cardRecordFrom(modelCardArn, data),
        apply,
        (record) => ({
          digest: textOf(sweepDigestOf(record)),
          attention: attentionText(attentionOfCard(record)),
        }),
      ),

    async findRequest(requestId) {
      const stored = await table.get(requestKey(requestId));
      return stored === undefined ? undefined : requestFrom(requestId, stored.data);
    },

    async addRequest(request) {
      const { requestId } = request;
      if (await table.put(requestKey(requestId), request, 0, indexedRequest(request))) return request;
      const stored = await table.get(requestKey(requestId));
      return requestFrom(requestId, stored?.data);
    },

    changeRequest: (requestId, apply) =>
      change(
        requestKey(requestId),
        (data) => {
          if (data === undefined) throw new InvalidInputError(`There is no approval request ${requestId}.`);
          return requestFrom(requestId, data);
        },
        apply,
        indexedRequest,
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
        () => ({}),
      ),

    async addEffects(effects) {
      const cards = new Set(effects.map(({ modelCardArn }) => modelCardArn));
      for (const modelCardArn of cards) {
        const own = effects.filter((effect) => effect.modelCardArn === modelCardArn);
        for (let start = 0; start < own.length; start += mostEffects) {
          await addToChain(modelCardArn, own.slice(start, start + mostEffects));
        }
      }
    },

    async effectsOf(modelCardArn) {
      const entries = await entriesOf(table, modelCardArn);
      return entries.sort((a, b) => a.at.localeCompare(b.at) || a.position - b.position);
    },
  };
}

/** The audit chain of one card, as it is kept. */
export interface AuditChain {
  /** In the order of the chain. */
  entries: AuditEntry[];
  /** Where it ends, as far as is noted beside it; `undefined` where that note is not there. */
  head: AuditHead | undefined;
  /** How many entries there are that cannot be read. */
  unreadable: number;
}

/** Reads the audit chain of a card, as it was at one moment: what others put behind its end while it is read is left out. */
export async function readAuditChain(
  table: Pick<Table, "get" | "list">,
  modelCardArn: string,
): Promise<AuditChain> {
  const stored = await table.get(auditKey(modelCardArn));
  const items = await table.list(cardPartition(modelCardArn), effectPrefix);
  const entries = items.flatMap(({ data }) => auditEntryFrom(data) ?? []);
  const head = AuditHeadSchema.safeParse(stored?.data).data;
  const end = head?.entries ?? 0;
  const isBehind = ({ sequence }: AuditEntry): boolean => sequence > end;
  const later = entries.some(isBehind) ? await table.get(auditKey(modelCardArn)) : stored;
  const laterEnd = AuditHeadSchema.safeParse(later?.data).data?.entries ?? 0;
  return {
    entries: entries
      .filter((entry) => !isBehind(entry) || entry.sequence > laterEnd)
      .sort((a, b) => a.sequence - b.sequence),
    head,
    unreadable: items.length - entries.length,
  };
}

async function entriesOf(table: Pick<Table, "list">, modelCardArn: string): Promise<AuditEntry[]> {
  const items = await table.list(cardPartition(modelCardArn), effectPrefix);
  return items.map(({ data }) => parsed(AuditEntrySchema, data, cardPartition(modelCardArn)));
}

function outrun(): AwsUnavailableError {
  return new AwsUnavailableError(
    `A record was changed by others ${attempts} times in a row. It is tried again.`,
  );
}

function indexedRequest(request: ApprovalRequest): Indexed {
  return {
    digest: textOf(requestDigestOf(request)),
    attention: attentionText(attentionOfRequest(request)),
  };
}

function attentionText(attention: Attention | undefined): string | undefined {
  return attention === undefined ? undefined : JSON.stringify(attention);
}

/** Entries of one moment follow each other as they did in the step that made them. */
function dayOf({ at, position, effectId }: EffectRecord): { date: string; place: string } {
  return { date: at.slice(0, 10), place: `${at}#${String(position).padStart(4, "0")}#${effectId}` };
}

function headFrom(data: unknown): AuditHead {
  return parsed(AuditHeadSchema, data, "AUDIT");
}

/** A card's record from what is kept of it. @throws {RecordUnreadableError} it is not what Cardway writes. */
export function cardRecordFrom(modelCardArn: string, data: unknown): CardRecord {
  return data === undefined
    ? newCardRecord(modelCardArn)
    : parsed(CardRecordSchema, data, cardPartition(modelCardArn));
}

/** A request from what is kept of it. @throws {RecordUnreadableError} it is not what Cardway writes. */
export function requestFrom(requestId: string, data: unknown): ApprovalRequest {
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

/** The card whose chain an audit entry is in. */
export function chainOf({ pk }: Pick<ItemKey, "pk">): string {
  return pk.slice(cardPrefix.length);
}

/** Where a card's record is kept. */
export function cardKey(modelCardArn: string): ItemKey {
  return { pk: cardPartition(modelCardArn), sk: "CARD" };
}

function auditKey(modelCardArn: string): ItemKey {
  return { pk: cardPartition(modelCardArn), sk: "AUDIT" };
}

function effectKey({ modelCardArn, effectId }: EffectRecord): ItemKey {
  return { pk: cardPartition(modelCardArn), sk: `${effectPrefix}${effectId}` };
}

/** Where a request is kept. */
export function requestKey(requestId: string): ItemKey {
  return { pk: `${requestPrefix}${requestId}`, sk: "REQUEST" };
}
