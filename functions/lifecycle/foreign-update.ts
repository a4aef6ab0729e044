import * as z from "zod";
import { type ModelCardStatus, ModelCardStatusSchema } from "../../events/model-card.ts";
import { type Card, type CardState, sameVersion } from "./card.ts";
import { readOnlyStages } from "./read-only.ts";
import type { Lifecycle, Settings } from "./settings.ts";

/** What tells that a principal of some account has updated a card. */
export const CardUpdateSchema = z.object({
  /** The same for the same update from the same source. */
  key: z.string(),
  accountId: z.string(),
  principal: z.string(),
  /** ISO 8601 UTC. CloudTrail knows whole seconds only. */
  at: z.iso.datetime(),
  /** The version that it left; CloudTrail does not tell. */
  version: z.int().positive().optional(),
  /** The status that the call set, where CloudTrail tells. A call sets either that or the content. */
  status: ModelCardStatusSchema.optional(),
  /** Whether the account might write when this was heard of: then it is nobody's violation, whatever the card moves to. */
  rightful: z.literal(true).optional(),
});

export type CardUpdate = z.output<typeof CardUpdateSchema>;

/** A version as the list of versions shows it. */
export interface CardVersion {
  version: number;
  status: ModelCardStatus;
  /** When this version was made, ISO 8601 UTC. */
  creationTime: string;
  lastModifiedTime?: string | undefined;
}

/** What is to be set back, and what to announce of it. */
export const RevertSchema = z.object({
  stage: z.string(),
  accountId: z.string(),
  /** Creation time of the card, ISO 8601 UTC. */
  creationTime: z.iso.datetime().optional(),
  principals: z.array(z.string()),
  /** Keys of the updates that this is about. */
  updates: z.array(z.string()),
  /** The version that has what nobody in the stage may have written, and the one before it. */
  fromVersion: z.int().positive(),
  toVersion: z.int().positive(),
  content: z.boolean(),
  fromStatus: ModelCardStatusSchema,
  /** The status to set back; `null` where it stays. */
  status: ModelCardStatusSchema.nullable(),
});

export type Revert = z.output<typeof RevertSchema>;

/** Account of whoever an ARN names; `undefined` where it is none. */
export function accountOfArn(arn: string): string | undefined {
  const account = arn.startsWith("arn:") ? arn.split(":")[4] : undefined;
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

/** The update that a reading of a card tells of, or an event with the same members; `undefined` where it names no account. */
export function updateOf({
  version,
  lastModifiedTime,
  lastEditor = [],
}: Pick<Card, "version" | "lastModifiedTime" | "lastEditor">): CardUpdate | undefined {
  const principal = lastEditor.find((identity) => accountOfArn(identity) !== undefined);
  const accountId = principal && accountOfArn(principal);
  if (!principal || !accountId || version === undefined || lastModifiedTime === undefined) return undefined;
  return { key: `${version} ${lastModifiedTime}`, accountId, principal, at: lastModifiedTime, version };
}

/** Whether an account may only read the cards of some lifecycle. */
export function isReadOnlySomewhere(
  accountId: string,
  { lifecycles }: Pick<Settings, "lifecycles">,
): boolean {
  return lifecycles.flatMap(readOnlyStages).some((stage) => stage.accountId === accountId);
}

/** How far two clocks of AWS may be apart about one moment, in milliseconds; CloudTrail knows whole seconds only. */
const cloudTrailSlackMs = 2_000;
const sameServiceSlackMs = 1_000;

/** A version that Cardway has made when it set back. Whose it is, is whose the version that it is like is. */
export const OwnVersionSchema = z.object({
  creationTime: z.iso.datetime().optional(),
  version: z.int().positive(),
  like: z.int().positive(),
});

export type OwnVersion = z.output<typeof OwnVersionSchema>;

/** What is known of a card besides its newest reading. */
export interface UpdateHistory {
  /** Every update by a principal of a read-only stage that was heard of, dealt with or not. */
  updates: CardUpdate[];
  /** Those that were dealt with. */
  handled: string[];
  /** Readings from before, the newest first. */
  readings: CardState[];
  /** The version that a recorded decision has approved last. */
  approved?: Pick<Card, "creationTime" | "version"> | undefined;
  /** The version that Cardway has set back to review by itself. */
  reopened?: Pick<Card, "creationTime" | "version"> | undefined;
  /** Versions that Cardway has made when it set back. */
  own: OwnVersion[];
}

/**
 * What has to be set back because a read-only stage has updated the card: its newest versions, as far as nobody else has made
 * one since, and the status, as far as nobody else has set one since. What somebody has approved or changed since is theirs.
 *
 * A content update is known by when its version was made. A version of which it is not certain that one of the known updates has
 * made it is not taken for theirs: it may be somebody else's.
 *
 * @returns `undefined` where there is no update that was not dealt with; one with nothing to set back is still to be announced.
 */
export function planRevert(
  card: Card,
  versions: CardVersion[],
  lifecycle: Lifecycle | undefined,
  history: UpdateHistory,
): Revert | undefined {
  const { version, status } = card;
  const stages = readOnlyStages(lifecycle);
  const updates = history.updates.filter(
    ({ accountId, rightful }) => !rightful && stages.some((stage) => stage.accountId === accountId),
  );
  const open = updates.filter(({ key }) => !history.handled.includes(key));
  const [first] = open;
  const stage = stages.find(({ accountId }) => accountId === first?.accountId);
  if (first === undefined || stage === undefined || version === undefined || status === "Deleted")
    return undefined;

  const announced: Revert = {
    ...stage,
    creationTime: card.creationTime,
    principals: [...new Set(open.map(({ principal }) => principal))],
    updates: open.map(({ key }) => key),
    fromVersion: version,
    toVersion: version,
    content: false,
    fromStatus: status,
    status: null,
  };
  const newest = versions.find((other) => other.version === version);
  if (newest === undefined) return announced;

  const isTheirs = theirVersions(card, versions, updates, history);
  let toVersion = version;
  while (toVersion > 1 && isTheirs(toVersion)) toVersion -= 1;
  const before = statusBefore(toVersion, card, versions, updates, history);
  const setByThem = updates.some((update) => isStatusUpdate(update, newest));
  if (toVersion === version) {
    const isNews = open.some((update) => isStatusUpdate(update, newest)) && before !== status;
    // A status that nobody knows the one before of opens nothing by itself.
    return isNews
      ? { ...announced, status: before ?? (status === "Approved" ? "PendingReview" : null) }
      : announced;
  }

  const isReopened =
    status === "PendingReview" && history.reopened !== undefined && sameVersion(history.reopened, card);
  const setBySomebody = isModifiedLater(newest) && !setByThem && !isReopened;
  if (setBySomebody && status === "Approved") return announced;
  const target = setBySomebody ? status : (before ?? "PendingReview");
  return { ...announced, toVersion, content: true, status: target };
}

/** Tells which versions a read-only stage has made. */
function theirVersions(
  card: Card,
  versions: CardVersion[],
  updates: CardUpdate[],
  { own, approved }: UpdateHistory,
): (version: number) => boolean {
  const likes = new Map(
    own.flatMap(({ creationTime, version, like }) =>
      creationTime === card.creationTime ? [[version, like]] : [],
    ),
  );
  const editor = updateOf(card);
  const unnumbered = updates.filter(({ version, status }) => version === undefined && status === undefined);
  const candidates = versions.filter(({ version }) => version > 1 && !likes.has(version));
  const most = mostMade(unnumbered, candidates);
  const isTheirs = (number: number): boolean => {
    const made = versions.find(({ version }) => version === number);
    const isApproved = approved !== undefined && sameVersion(approved, { ...card, version: number });
    if (made === undefined || isApproved) return false;
    const like = likes.get(number);
    if (like !== undefined) return like < number && isTheirs(like);
    const told = number === card.version && editor !== undefined && !isModifiedLater(made);
    // Somebody who has set the status in the same second hides who made the version.
    if (told && updates.some(({ accountId }) => accountId === editor.accountId)) return true;
    const isNumbered = ({ at, version }: CardUpdate): boolean =>
      version === number && isNear(at, made.creationTime, sameServiceSlackMs);
    // Theirs is what they must have made, because without it their updates have too few versions.
    return (
      updates.some(isNumbered) ||
      mostMade(
        unnumbered,
        candidates.filter(({ version }) => version !== number),
      ) < most
    );
  };
  return isTheirs;
}

/** How many of these updates can have made a version each, all of them different ones. */
function mostMade(updates: CardUpdate[], versions: CardVersion[]): number {
  const makers = new Map<number, CardUpdate>();
  const findsPlace = (update: CardUpdate, tried: Set<number>): boolean =>
    versions.some(({ version, creationTime }) => {
      if (tried.has(version) || !isNear(update.at, creationTime, cloudTrailSlackMs)) return false;
      tried.add(version);
      const other = makers.get(version);
      if (other !== undefined && !findsPlace(other, tried)) return false;
      makers.set(version, update);
      return true;
    });
  return updates.filter((update) => findsPlace(update, new Set())).length;
}

/** The status that a version had before a read-only stage set one; `undefined` where nobody knows. */
function statusBefore(
  version: number,
  card: Card,
  versions: CardVersion[],
  updates: CardUpdate[],
  { readings }: UpdateHistory,
): ModelCardStatus | undefined {
  const found = versions.find((other) => other.version === version);
  // The status of a version that is not the newest stays what it was when the next one was made.
  const isOld = version !== card.version;
  if (isOld && found !== undefined && !updates.some((update) => isStatusUpdate(update, found)))
    return found.status;
  const known = readings.find(
    (reading) =>
      sameVersion(reading, { ...card, version }) &&
      !updates.some(({ at, version: left }) =>
        isNear(at, reading.lastModifiedTime, left === undefined ? cloudTrailSlackMs : sameServiceSlackMs),
      ),
  );
  return known === undefined || known.status === "Deleted" ? undefined : known.status;
}

/** Whether an update has given a version the status that it has now. */
function isStatusUpdate(
  { at, version, status }: CardUpdate,
  { version: number, status: current, lastModifiedTime, creationTime }: CardVersion,
): boolean {
  if (version === undefined) return status === current && isNear(at, lastModifiedTime, cloudTrailSlackMs);
  const madeVersion = isNear(at, creationTime, sameServiceSlackMs);
  return version === number && !madeVersion && isNear(at, lastModifiedTime, sameServiceSlackMs);
}

function isModifiedLater({ creationTime, lastModifiedTime = creationTime }: CardVersion): boolean {
  return Date.parse(lastModifiedTime) - Date.parse(creationTime) > sameServiceSlackMs;
}

/** Whether one update tells of the same as another, of which another source has told. */
export function isSameUpdate(one: CardUpdate, other: CardUpdate): boolean {
  return one.accountId === other.accountId && isNear(one.at, other.at, cloudTrailSlackMs);
}

function isNear(one: string, other: string | undefined, slackMs: number): boolean {
  return other !== undefined && Math.abs(Date.parse(one) - Date.parse(other)) <= slackMs;
}
