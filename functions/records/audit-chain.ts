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

/**
 * Finds every entry of one chain that was changed, removed, put into another place or slipped in.
 *
 * @param entries - In any order.
 * @param head - As it is kept beside them; `undefined` where there is none.
 */
export function faultsOf(entries: readonly AuditEntry[], head: AuditHead | undefined): AuditFault[] {
  const ordered = [...entries].sort((one, other) => one.sequence - other.sequence);
  const bySequence = new Map(ordered.map((entry) => [entry.sequence, entry]));
  const last = Math.max(head?.entries ?? 0, ordered.at(-1)?.sequence ?? 0);
  const hashes = new Set(ordered.map(hashOf));
  const faults: AuditFault[] = [];
  for (let sequence = 1; sequence <= last; sequence += 1) {
    const entry = bySequence.get(sequence);
    if (entry === undefined) {
      faults.push(missing(sequence, head));
      continue;
    }
    const before = bySequence.get(sequence - 1);
    const expected = sequence === 1 ? noHash : before?.hash;
    const { effectId, detailType } = entry;
    const name = `entry ${sequence} (${detailType} ${effectId})`;
    if (entry.hash !== hashOf(entry)) {
      const place = placeOf(entry, last);
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
  return [...faults, ...duplicates(ordered), ...endFaults(ordered, head)].filter(isFirstOfItsPlace);
}

function missing(sequence: number, head: AuditHead | undefined): AuditFault {
  const isKnown = head !== undefined && sequence <= head.entries;
  const message = `entry ${sequence} is not there${isKnown ? "" : ", and later ones are"}`;
  return { kind: "removed", sequence, message };
}

/** Where an entry was written, if only its number was changed. */
function placeOf(entry: AuditEntry, last: number): number | undefined {
  for (let sequence = 1; sequence <= last; sequence += 1) {
    if (sequence !== entry.sequence && hashOf({ ...entry, sequence }) === entry.hash) return sequence;
  }
  return undefined;
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
    const { sequence, effectId, detailType } = end;
    const message = `entry ${sequence} (${detailType} ${effectId}) lies behind the end of the chain, which is ${head.entries}`;
    return [{ kind: "added", sequence, effectId, message }];
  }
  if (end.sequence < head.entries || end.hash === head.hash) return [];
  const message = `the chain does not end with the entry ${end.sequence} (${end.detailType} ${end.effectId}) that is there`;
  return [{ kind: "changed", sequence: end.sequence, effectId: end.effectId, message }];
}

function isFirstOfItsPlace(fault: AuditFault, index: number, all: AuditFault[]): boolean {
  return all.findIndex(({ sequence }) => sequence === fault.sequence) === index;
}
