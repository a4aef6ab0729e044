import { createHash } from "node:crypto";
import * as z from "zod";
import { canonicalJson } from "./canonical-json.ts";
import type { EffectRecord } from "./promotion-records.ts";

/** What the first entry of a chain has for the hash of the one before. */
export const noHash = "";

/** An effect in its place: each entry of a card's chain holds the hash of the one before. */
export const AuditEntrySchema = z.object({
  modelCardArn: z.string(),
  effectId: z.string(),
  at: z.string(),
  position: z.int(),
  detailType: z.string(),
  detail: z.record(z.string(), z.unknown()),
  /** Counted from 1 in each chain. */
  sequence: z.int(),
  previousHash: z.string(),
  /** SHA-256 in hexadecimal, of everything above. */
  hash: z.string(),
});

export type AuditEntry = z.output<typeof AuditEntrySchema>;

/** An entry from what is kept of it; `undefined` where that is none, or holds more than its hash is of. */
export function auditEntryFrom(data: unknown): AuditEntry | undefined {
  const entry = AuditEntrySchema.safeParse(data).data;
  return entry !== undefined && canonicalJson(entry) === canonicalJson(data) ? entry : undefined;
}

/** Where a chain ends: how many entries it has, and the hash of the last. */
export const AuditHeadSchema = z.object({ entries: z.int(), hash: z.string() });

export type AuditHead = z.output<typeof AuditHeadSchema>;

/** The head of a chain that has no entry yet. */
export const emptyChain: AuditHead = { entries: 0, hash: noHash };

/** Puts effects behind the end of a chain. */
export function chained(
  effects: EffectRecord[],
  head: AuditHead,
): { entries: AuditEntry[]; head: AuditHead } {
  let { entries: count, hash } = head;
  const entries = effects.map((effect) => {
    const unhashed = { ...effect, sequence: count + 1, previousHash: hash };
    const entry = { ...unhashed, hash: hashOf(unhashed) };
    ({ sequence: count, hash } = entry);
    return entry;
  });
  return { entries, head: { entries: count, hash } };
}

/** The hash that an entry has to have. */
export function hashOf({ hash: _own, ...entry }: Omit<AuditEntry, "hash"> & { hash?: string }): string {
  return createHash("sha256").update(canonicalJson(entry)).digest("hex");
}

/** What is wrong with a chain, and where. */
export interface AuditFault {
  /** `added` is an entry that was never at the end of the chain; `cut` is a chain that lacks its last entries. */
  kind: "changed" | "removed" | "reordered" | "added" | "cut";
  /** The place in the chain, counted from 1. */
  sequence: number;
  /** Absent for what is not there any more. */
  effectId?: string | undefined;
  /** For people. */
  message: string;
}

/** How many entries that are missing in a row are named one by one. */
const mostNamed = 100;

/**
 * Finds every entry of one chain that was changed, removed, put into another place or slipped in.
 *
 * @param entries - In any order.
 * @param head - As it is kept beside them; `undefined` where there is none.
 * @param modelCardArn - The card whose chain it is, or `no-card`.
 */
export function faultsOf(
  entries: readonly AuditEntry[],
  head: AuditHead | undefined,
  modelCardArn: string,
): AuditFault[] {
  const ordered = [...entries].sort((one, other) => one.sequence - other.sequence);
  const bySequence = new Map(ordered.map((entry) => [entry.sequence, entry]));
  const last = Math.max(head?.entries ?? 0, ordered.at(-1)?.sequence ?? 0);
  const hashes = new Set(ordered.map(hashOf));
  const placeOf = placesIn(ordered, head);
  const faults: AuditFault[] = [];
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const entry = bySequence.get(sequence);
    if (entry === undefined) {
      const next = ordered.find((one) => one.sequence > sequence)?.sequence ?? last + 1;
      faults.push(...missing(sequence, next - 1, head));
      sequence = next - 1;
      continue;
    }
    const before = bySequence.get(sequence - 1);
    const expected = sequence === 1 ? noHash : before?.hash;
    const { effectId } = entry;
    const name = nameOf(entry);
    if (entry.hash !== hashOf(entry)) {
      const place = placeOf(entry);
      faults.push(
        place === undefined
          ? { kind: "changed", sequence, effectId, message: `${name} is not what was written` }
          : { kind: "reordered", sequence, effectId, message: `${name} was written as entry ${place}` },
      );
    } else if (expected !== undefined && entry.previousHash !== expected) {
      const follows = hashes.has(entry.previousHash);
      faults.push(
        follows
          ? { kind: "reordered", sequence, effectId, message: `${name} was written behind another entry` }
          : {
              kind: "changed",
              sequence: sequence - 1,
              effectId: before?.effectId,
              message: `${name} was written behind another text of entry ${sequence - 1}`,
            },
      );
    }
  }
  const all = [
    ...strangers(ordered, modelCardArn),
    ...faults,
    ...duplicates(ordered),
    ...endFaults(ordered, head),
  ];
  const named = new Set<number>();
  return all.filter(({ sequence }) => !named.has(sequence) && named.add(sequence));
}

function nameOf({ sequence, detailType, effectId }: AuditEntry): string {
  return `entry ${sequence} (${detailType} ${effectId})`;
}

/** Entries that no place of this chain is for. */
function strangers(ordered: readonly AuditEntry[], modelCardArn: string): AuditFault[] {
  return ordered.flatMap((entry): AuditFault[] => {
    const { sequence, effectId } = entry;
    if (entry.modelCardArn !== modelCardArn) {
      return [{ kind: "added", sequence, effectId, message: `${nameOf(entry)} is about another card` }];
    }
    const message = `${nameOf(entry)} lies before the beginning of the chain`;
    return sequence < 1 ? [{ kind: "added", sequence, effectId, message }] : [];
  });
}

function missing(first: number, last: number, head: AuditHead | undefined): AuditFault[] {
  const isKnown = head !== undefined && last <= head.entries;
  const rest = isKnown ? "" : ", and later ones are";
  const named = Array.from({ length: Math.min(mostNamed, last - first + 1) }, (_, index) => first + index);
  const unnamed = first + named.length;
  return [
    ...named.map((sequence): AuditFault => ({
      kind: "removed",
      sequence,
      message: `entry ${sequence} is not there${rest}`,
    })),
    ...(unnamed > last
      ? []
      : [
          {
            kind: "removed",
            sequence: unnamed,
            message: `entries ${unnamed} to ${last} are not there${rest}`,
          } as const,
        ]),
  ];
}

/** Says where an entry was written, if only its number was changed: its neighbours of that time know. */
function placesIn(
  ordered: readonly AuditEntry[],
  head: AuditHead | undefined,
): (entry: AuditEntry) => number | undefined {
  const behind = new Map(ordered.map(({ hash, sequence }) => [hash, sequence + 1]));
  const before = new Map(ordered.map(({ previousHash, sequence }) => [previousHash, sequence - 1]));
  return (entry) =>
    [
      entry.previousHash === noHash ? 1 : behind.get(entry.previousHash),
      before.get(entry.hash),
      head?.hash === entry.hash ? head.entries : undefined,
    ].find((place) => place !== undefined && hashOf({ ...entry, sequence: place }) === entry.hash);
}

function duplicates(ordered: readonly AuditEntry[]): AuditFault[] {
  return ordered.flatMap(({ sequence, effectId, detailType }, index): AuditFault[] => {
    const isSecond = ordered[index - 1]?.sequence === sequence;
    const message = `entry ${sequence} is there twice (${detailType} ${effectId})`;
    return isSecond ? [{ kind: "added", sequence, effectId, message }] : [];
  });
}

function endFaults(ordered: readonly AuditEntry[], head: AuditHead | undefined): AuditFault[] {
  const end = ordered.at(-1);
  if (end === undefined) return [];
  if (head === undefined) {
    const message = `the note of where the chain ends is not there; entry ${end.sequence} is the last that is`;
    return [{ kind: "cut", sequence: end.sequence + 1, message }];
  }
  if (end.sequence > head.entries) {
    const { sequence, effectId } = end;
    const message = `${nameOf(end)} lies behind the end of the chain, which is ${head.entries}`;
    return [{ kind: "added", sequence, effectId, message }];
  }
  if (end.sequence < head.entries || end.hash === head.hash) return [];
  const message = `the chain does not end with the ${nameOf(end)} that is there`;
  return [{ kind: "changed", sequence: end.sequence, effectId: end.effectId, message }];
}
