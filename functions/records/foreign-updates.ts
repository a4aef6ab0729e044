import type { Card } from "../lifecycle/card.ts";
import { sameVersion } from "../lifecycle/card.ts";
import {
  type CardUpdate,
  type OwnVersion,
  type Revert,
  type UpdateHistory,
  isSameUpdate,
} from "../lifecycle/foreign-update.ts";
import type { CardRecord } from "./card-record.ts";

type ForeignUpdates = NonNullable<CardRecord["foreignUpdates"]>;

/** How many updates are remembered, and versions made to set them back; each is dealt with as soon as it is heard of. */
const remembered = 20;

/** How often in a row an update is set back before access is: each takes a version of the quota. */
const mostReverts = 3;

function foreignUpdatesOf({ foreignUpdates }: CardRecord): ForeignUpdates {
  return foreignUpdates ?? { updates: [], handled: [], reverts: 0 };
}

/** Notes updates by principals of read-only stages. The same record again where all are known. */
export function withUpdates(record: CardRecord, updates: CardUpdate[]): CardRecord {
  const known = foreignUpdatesOf(record);
  const fresh = updates.filter(
    ({ key }, index) =>
      !known.updates.some((update) => update.key === key) &&
      updates.findIndex((update) => update.key === key) === index,
  );
  if (fresh.length === 0) return record;
  const isRightful = (update: CardUpdate): boolean =>
    known.updates.some((other) => other.rightful === true && isSameUpdate(update, other));
  const judged = fresh.map((update) =>
    isRightful(update) ? { ...update, rightful: true as const } : update,
  );
  return withKnown(record, [...known.updates, ...judged]);
}

/**
 * Notes that these accounts may write the card: what they have written stays, also where the card moves to a lifecycle, or gets
 * settings, in which they may only read. The same record again where nothing of theirs is open.
 */
export function withWriters(record: CardRecord, accountIds: string[]): CardRecord {
  const { updates, handled } = foreignUpdatesOf(record);
  const isTheirs = ({ key, accountId }: CardUpdate): boolean =>
    accountIds.includes(accountId) && !handled.includes(key);
  if (!updates.some((update) => !update.rightful && isTheirs(update))) return record;
  return withKnown(
    record,
    updates.map((update) => (isTheirs(update) ? { ...update, rightful: true } : update)),
  );
}

function withKnown(record: CardRecord, updates: CardUpdate[]): CardRecord {
  const known = foreignUpdatesOf(record);
  const kept = updates.slice(-remembered);
  const handled = known.handled.filter((key) => kept.some((update) => update.key === key));
  return { ...record, foreignUpdates: { ...known, updates: kept, handled } };
}

/** Whether some update has not been dealt with, whatever lifecycle it concerns. */
export function hasOpenUpdates(record: CardRecord): boolean {
  const { updates, handled } = foreignUpdatesOf(record);
  return updates.some(({ key, rightful }) => !rightful && !handled.includes(key));
}

/** What is known of updates to a card besides its newest reading, from its record. */
export function updateHistory(record: CardRecord): UpdateHistory {
  const { updates, handled, own = [] } = foreignUpdatesOf(record);
  const { settled, settledBefore, approved, reopened } = record;
  const readings = [settled, settledBefore].filter((reading) => reading !== undefined);
  return { updates, handled, readings, approved, reopened, own };
}

/** What is being set back on this card already. */
export function revertingOf(record: CardRecord, { creationTime }: Card): Revert | undefined {
  const { reverting } = foreignUpdatesOf(record);
  return reverting?.creationTime === creationTime ? reverting : undefined;
}

/** Notes what is about to be set back. */
export function withReverting(record: CardRecord, reverting: Revert): CardRecord {
  return { ...record, foreignUpdates: { ...foreignUpdatesOf(record), reverting } };
}

/** Whether somebody goes on writing: then the stage has to lose its access before anything is set back again. */
export function isWrittenAgainAndAgain(record: CardRecord): boolean {
  return foreignUpdatesOf(record).reverts >= mostReverts;
}

/** Whether the updates were dealt with before, when another source told of them. */
export function isEcho(record: CardRecord, { updates: keys }: Revert): boolean {
  const { updates, handled } = foreignUpdatesOf(record);
  const done = updates.filter(({ key }) => handled.includes(key));
  return updates
    .filter(({ key }) => keys.includes(key))
    .every((update) => done.some((other) => isSameUpdate(update, other)));
}

/** Whether the version was approved, here or outside, so that the same content counts as approved too. */
export function isApprovedVersion(
  { approved, approvedLast }: CardRecord,
  version: Pick<Card, "creationTime" | "version">,
): boolean {
  return [approved, approvedLast].some((other) => other !== undefined && sameVersion(other, version));
}

/**
 * Notes that a new version has exactly the content of an earlier one: what was approved of that is approved of this one. Its
 * authors are those of the approved work; who wrote in between stays known as somebody who has worked on the card.
 */
export function withRestored(record: CardRecord, revert: Revert, version: number): CardRecord {
  const { creationTime, toVersion: from } = revert;
  const original = { creationTime, version: from };
  const { approved, approvedLast, editors } = record;
  const restored = { creationTime, version };
  const noted = withOwnVersions(record, [{ ...restored, like: from }]);
  const next: CardRecord = {
    ...noted,
    foreignUpdates: { ...foreignUpdatesOf(noted), restored: { ...restored, from } },
  };
  if (approved !== undefined && sameVersion(approved, original)) {
    next.approved = { ...approved, version, restoredFrom: approved.restoredFrom ?? from };
  }
  if (approvedLast !== undefined && sameVersion(approvedLast, original)) {
    next.approvedLast = { ...approvedLast, version };
    const authors = approvedLast.editors ?? [];
    if (editors !== undefined) {
      next.editors = {
        ...editors,
        identities: [...new Set([...authors, ...editors.identities])],
        approved: { version, identities: authors },
      };
    }
  }
  return next;
}

/** Notes versions that were made when something was set back. */
export function withOwnVersions(record: CardRecord, made: OwnVersion[]): CardRecord {
  const known = foreignUpdatesOf(record);
  const fresh = made.filter((one) => !(known.own ?? []).some((other) => sameVersion(one, other)));
  return {
    ...record,
    foreignUpdates: { ...known, own: [...(known.own ?? []), ...fresh].slice(-remembered) },
  };
}

/** Notes that updates were dealt with. */
export function withReverted(record: CardRecord, { updates: keys }: Revert): CardRecord {
  const { reverting: _done, ...known } = foreignUpdatesOf(record);
  const handled = [...new Set([...known.handled, ...keys])];
  return { ...record, foreignUpdates: { ...known, handled, reverts: known.reverts + 1 } };
}

/** Notes that a version stays as a read-only stage has left it. */
export function withKept(record: CardRecord, revert: Revert, { creationTime, version }: Card): CardRecord {
  const next = withReverted(record, revert);
  return { ...next, foreignUpdates: { ...foreignUpdatesOf(next), kept: { creationTime, version } } };
}

/** Whether the version is one that could not be set back. */
export function isKept(record: CardRecord, card: Card): boolean {
  const { kept } = foreignUpdatesOf(record);
  return kept !== undefined && sameVersion(kept, card);
}
