import * as z from "zod";
import { type Audience, AudienceSchema } from "../../events/access.ts";
import { RiskRatingSchema } from "../../events/risk-rating.ts";
import { audienceKey } from "../lifecycle/access-plan.ts";
import { CardUpdateSchema, OwnVersionSchema, RevertSchema } from "../lifecycle/foreign-update.ts";
import { type ForeignShare, ForeignShareSchema } from "../lifecycle/read-only.ts";
import {
  type Card,
  CardSchema,
  type CardState,
  IdentitiesSchema,
  sameState,
  sameVersion,
} from "../lifecycle/card.ts";
import { type AccessWaits, AccessWaitsSchema } from "./access-wait.ts";
import type { ApprovalRequest } from "./approval-request.ts";

const CardStateSchema = CardSchema.pick({
  status: true,
  version: true,
  creationTime: true,
  lastModifiedTime: true,
});

/** Since when a share made by hand has let a read-only stage write, and what came of taking the card out; absent until tried. */
const NotedShareSchema = ForeignShareSchema.extend({
  since: z.iso.datetime(),
  removed: z.boolean().optional(),
});

export type NotedShare = z.output<typeof NotedShareSchema>;

const VersionSchema = CardSchema.pick({ version: true, creationTime: true });

/** What Cardway remembers of one card: who is at work on it, what was brought to an end, what is open. */
export const CardRecordSchema = z.object({
  modelCardArn: z.string(),
  /** The execution that is at work on the card, and the state that it read. Only one at a time changes access. */
  claim: z.object({ executionArn: z.string(), state: CardStateSchema }).optional(),
  /** Somebody saw another state than the claim's while it was held, so its holder has to look again. */
  lookAgain: z.boolean(),
  /** The first such state. */
  seen: CardStateSchema.optional(),
  /**
   * The last state whose access was brought to an end, the settings that it was done under, and whether the version was
   * approved here by then: any of these changes what the card gets. And which execution did it.
   */
  settled: CardStateSchema.extend({
    policyVersion: z.string(),
    approvedHere: z.boolean(),
    executionArn: z.string(),
  }).optional(),
  /** As it was read last: what lists show of a card beside its status. */
  riskRating: RiskRatingSchema.optional(),
  /** The approval request that has not been brought to an end yet. */
  currentRequest: VersionSchema.extend({ requestId: z.uuid() }).optional(),
  /** How many requests were brought to an end, so that the next question is a new one. */
  requestsEnded: z.int(),
  /**
   * Everybody who was seen to have worked on the card since it was approved last, and its creator. Whose work was approved is
   * known until the next version: until then the same work can be asked about again.
   */
  editors: CardSchema.pick({ creationTime: true })
    .extend({
      identities: IdentitiesSchema,
      creator: IdentitiesSchema,
      approved: z.object({ version: z.int().optional(), identities: IdentitiesSchema }).optional(),
    })
    .optional(),
  /** The version that a recorded decision approved last, and the lifecycle that it was approved for. */
  approved: VersionSchema.extend({
    requestId: z.uuid(),
    lifecycle: z.string().nullable(),
    /** The version that the request was about, where this one was made with the same content in its place. */
    restoredFrom: z.int().positive().optional(),
  }).optional(),
  /** The version that was approved last, here or outside, whatever became of it since: what reviewers compare with. */
  approvedLast: VersionSchema.extend({
    /** Whose work it is. */
    editors: IdentitiesSchema.optional(),
  }).optional(),
  /** The settled state before the last one, which had another version or status. */
  settledBefore: CardStateSchema.optional(),
  /** Updates by principals of read-only stages, and what became of them. */
  foreignUpdates: z
    .object({
      /** The latest that were heard of. */
      updates: z.array(CardUpdateSchema),
      /** Keys of those that were dealt with. */
      handled: z.array(z.string()),
      /** What is being set back: noted before, so that another execution goes on where one has died. */
      reverting: RevertSchema.optional(),
      /** How often something was set back since the card was settled last. */
      reverts: z.int(),
      /** The version that was made in the place of others, with the content of `from`. */
      restored: VersionSchema.extend({ from: z.int().positive() }).optional(),
      /** The latest versions that were made when something was set back. */
      own: z.array(OwnVersionSchema).optional(),
      /** The version that could not be set back. */
      kept: VersionSchema.optional(),
    })
    .optional(),
  /** The version that Cardway has set back to review by itself. */
  reopened: VersionSchema.optional(),
  /** Requests that have ended and whose people are still to be told. */
  outcomesToTell: z.array(z.uuid()),
  /** Audiences whose access was announced, by key. */
  announced: z.record(z.string(), AudienceSchema),
  /**
   * The announced access as it is about to be, and the shares that give it: noted before the effects that tell of the change, and
   * brought to its end by whoever comes next where it was interrupted.
   */
  announcing: z
    .object({ audiences: z.array(AudienceSchema), resourceShareArns: z.record(z.string(), z.string()) })
    .optional(),
  /** How often announced access has ended, by the same key: it names each beginning and each end. */
  accessEnds: z.record(z.string(), z.int()),
  /** What failed last: its key, how often in a row (0 once it is mended) and when last, and how many others came before it. */
  failure: z
    .object({ key: z.string(), tries: z.int(), lastAt: z.iso.datetime(), ordinal: z.int() })
    .optional(),
  /** Audiences whose access is not yet what the card's status calls for, by the same key, and why. */
  waiting: AccessWaitsSchema.default({}),
  /** Shares made by hand that let a read-only stage write, until they are read back as gone: each is announced once. */
  foreignShares: z.array(NotedShareSchema).optional(),
});

export type CardRecord = z.output<typeof CardRecordSchema>;

/** The record of a card that nothing is known of. */
export function newCardRecord(modelCardArn: string): CardRecord {
  return {
    modelCardArn,
    lookAgain: false,
    requestsEnded: 0,
    outcomesToTell: [],
    announced: {},
    accessEnds: {},
    waiting: {},
  };
}

/** The state that tells this reading of a card from others. */
export function stateOfCard({ status, version, creationTime, lastModifiedTime }: Card): CardState {
  return {
    status,
    ...(version !== undefined && { version }),
    ...(creationTime !== undefined && { creationTime }),
    ...(lastModifiedTime !== undefined && { lastModifiedTime }),
  };
}

/** Takes the card for an execution. */
export function claimed(record: CardRecord, executionArn: string, card: Card): CardRecord {
  const { seen: _before, ...rest } = rememberEditors(record, card);
  const { riskRating } = card.status === "Deleted" ? record : card;
  return {
    ...rest,
    ...(riskRating !== undefined && { riskRating }),
    claim: { executionArn, state: stateOfCard(card) },
    lookAgain: false,
  };
}

/**
 * Remembers who was seen to have worked on the card: SageMaker only tells who came last, and the last may only have set the
 * status, or edited a little of what others wrote.
 */
export function rememberEditors(record: CardRecord, card: Card): CardRecord {
  if (card.status === "Deleted") return record;
  const { editors } = record;
  const sameCard = editors?.creationTime === card.creationTime;
  const known = sameCard ? (editors?.creator ?? []) : [];
  // Of a first version, and where nothing is known yet, the creator is the card's for certain.
  const creator = card.version === 1 || known.length === 0 ? united(known, card.creator ?? []) : known;
  const identities = editorsOf(record, card);
  const approved = sameCard && editors?.approved?.version === card.version ? editors?.approved : undefined;
  const next = { creationTime: card.creationTime, identities, creator, ...(approved && { approved }) };
  return JSON.stringify(next) === JSON.stringify(editors) ? record : { ...record, editors: next };
}

/** Everybody who is known to have created the card, or to have worked on it since it was approved last. */
export function editorsOf({ editors }: CardRecord, card: Card): string[] {
  if (editors === undefined || editors.creationTime !== card.creationTime) return united(card.editors, []);
  const { identities, creator, approved } = editors;
  const isPast = (identity: string): boolean =>
    approved !== undefined && approved.version !== card.version && approved.identities.includes(identity);
  return united(creator, [...identities.filter((identity) => !isPast(identity)), ...card.editors]);
}

function united(one: string[], other: string[]): string[] {
  return [...new Set([...one, ...other])];
}

/** Whose work was approved with a version: nobody's edit any more, once there is another version. */
function withApprovedEditors(
  record: CardRecord,
  version: number | undefined,
  known: CardRecord["editors"] = record.editors,
): CardRecord {
  const { editors } = record;
  if (editors === undefined) return record;
  return { ...record, editors: { ...editors, approved: { version, identities: known?.identities ?? [] } } };
}

/**
 * What an execution does that finds the card claimed by another: nothing where both saw the same state, else it tells the
 * other to look again.
 */
export function askedToLookAgain(record: CardRecord, card: Card): CardRecord {
  return record.claim === undefined || sameState(record.claim.state, card)
    ? record
    : {
        ...record,
        lookAgain: true,
        ...(isLater(card, record.claim.state) && { seen: record.seen ?? stateOfCard(card) }),
      };
}

/** Whether a reading is newer than another: what somebody read long ago tells nothing about now. */
function isLater(one: CardState, other: CardState): boolean {
  return Date.parse(one.lastModifiedTime ?? "") > Date.parse(other.lastModifiedTime ?? "");
}

/** Whether this very state was already brought to an end under these settings, for everybody, and everybody was told. */
export function isSettled(record: CardRecord, card: CardState, policyVersion: string): boolean {
  return (
    record.claim === undefined &&
    record.outcomesToTell.length === 0 &&
    !isWaiting(record) &&
    record.settled !== undefined &&
    record.settled.policyVersion === policyVersion &&
    record.settled.approvedHere === approvedHere(record, card) &&
    sameState(record.settled, card)
  );
}

/** One reading of a card by one execution: what a step works on. */
export interface Reading {
  executionArn: string;
  card: CardState;
}

/**
 * Whether the card is held for this very reading. The execution alone is not enough: a step of it that comes late must not
 * act on what a later step has read.
 */
export function holdsClaim({ claim }: CardRecord, { executionArn, card }: Reading): boolean {
  return claim !== undefined && claim.executionArn === executionArn && sameState(claim.state, card);
}

/**
 * Ends the work on a reading of a card, unless there is more to do.
 *
 * @param card - The card as it is now.
 * @returns the record to keep, and whether the execution is done: not while it holds the claim and the card has moved on,
 *   somebody saw it move on, or somebody is still to be told how a request ended.
 */
export function settle(
  record: CardRecord,
  reading: Reading,
  card: Card,
  policyVersion: string,
): { record: CardRecord; settled: boolean } {
  if (!holdsClaim(record, reading)) return { record, settled: true };
  const untold = record.outcomesToTell.length > 0;
  // That somebody saw it move on stays noted until the card is taken again: this step may die before anybody hears of it.
  if (record.lookAgain || untold || !sameState(reading.card, card)) return { record, settled: false };
  const { claim: _released, ...rest } = record;
  const { executionArn } = reading;
  const settledState = {
    ...stateOfCard(card),
    policyVersion,
    approvedHere: approvedHere(record, card),
    executionArn,
  };
  const { settled, foreignUpdates } = record;
  const isOther = settled !== undefined && !(sameVersion(settled, card) && settled.status === card.status);
  return {
    record: {
      ...mended(rest),
      ...(isOther && { settledBefore: CardStateSchema.parse(settled) }),
      ...(foreignUpdates !== undefined && { foreignUpdates: { ...foreignUpdates, reverts: 0 } }),
      settled: settledState,
    },
    settled: true,
  };
}

function mended(record: CardRecord): CardRecord {
  return record.failure === undefined ? record : { ...record, failure: { ...record.failure, tries: 0 } };
}

/**
 * Counts a failure.
 *
 * @param key - The same for the same failure of the same state of the card.
 * @returns whether it is another failure than the last one, or that was mended since; and the number that tells it from the
 *   same failure at other times.
 */
export function withFailure(
  record: CardRecord,
  key: string,
  now: Date,
): { record: CardRecord; isNew: boolean; ordinal: number } {
  const { failure } = record;
  const isNew = failure === undefined || failure.key !== key || failure.tries === 0;
  const ordinal = (failure?.ordinal ?? 0) + (isNew ? 1 : 0);
  const tries = isNew ? 1 : failure.tries + 1;
  return {
    record: { ...record, failure: { key, tries, lastAt: now.toISOString(), ordinal } },
    isNew,
    ordinal,
  };
}

/**
 * Lets the card go after a failure, so that the next execution, or a redrive, can take it.
 *
 * @returns whether the card has moved on meanwhile: then it is kept, and has to be read again instead.
 */
export function released(
  record: CardRecord,
  executionArn: string,
): { record: CardRecord; lookAgain: boolean } {
  if (record.claim?.executionArn !== executionArn) return { record, lookAgain: false };
  if (record.lookAgain) return { record: { ...record, lookAgain: false }, lookAgain: true };
  const { claim: _released, ...rest } = record;
  return { record: rest, lookAgain: false };
}

/**
 * Takes a request that has come to its end off the card, and puts its people down to be told. What expired or was withdrawn by
 * an operator is not counted, and so not asked again about the very same reading.
 */
export function withoutRequest(
  record: CardRecord,
  { requestId, status, withdrawnBy }: Pick<ApprovalRequest, "requestId" | "status" | "withdrawnBy">,
): CardRecord {
  const { currentRequest, ...rest } = record;
  if (currentRequest?.requestId !== requestId) return record;
  const isAskedAgain = status !== "expired" && withdrawnBy === undefined;
  return {
    ...rest,
    requestsEnded: record.requestsEnded + (isAskedAgain ? 1 : 0),
    outcomesToTell: [...record.outcomesToTell, requestId],
  };
}

/** Takes a request off the card that was noted and never made. */
export function withoutUnmadeRequest(record: CardRecord, requestId: string): CardRecord {
  const { currentRequest, ...rest } = record;
  return currentRequest?.requestId === requestId
    ? { ...rest, requestsEnded: record.requestsEnded + 1 }
    : record;
}

/**
 * Takes a request off the card whose decision the card has now. A rejection also ends what an earlier one had approved.
 *
 * @param editors - Who was known to have worked on the card when the decision was carried out.
 */
export function withDecision(
  record: CardRecord,
  request: ApprovalRequest,
  editors?: CardRecord["editors"],
): CardRecord {
  const rest = withoutRequest(record, request);
  if (rest === record) return record;
  const { approved: _before, ...unapproved } = rest;
  if (request.status !== "approved") return unapproved;
  const { creationTime, version } = request.card;
  return {
    ...withApprovedEditors(rest, version, editors),
    approved: { creationTime, version, requestId: request.requestId, lifecycle: request.lifecycle },
    approvedLast: { creationTime, version, editors: editors?.identities ?? rest.editors?.identities },
  };
}

/** Notes that somebody approved the card's version outside. */
export function withOutsideApproval(record: CardRecord, { creationTime, version }: Card): CardRecord {
  const editors = record.editors?.identities;
  return { ...withApprovedEditors(record, version), approvedLast: { creationTime, version, editors } };
}

/** Notes that the people of a request were told, or given up. */
export function withOutcomeTold(record: CardRecord, requestId: string): CardRecord {
  const outcomesToTell = record.outcomesToTell.filter((id) => id !== requestId);
  return outcomesToTell.length === record.outcomesToTell.length ? record : { ...record, outcomesToTell };
}

/** Whether a decision recorded here approved the version that the card has. */
export function approvedHere({ approved }: CardRecord, card: CardState): boolean {
  return approved !== undefined && sameVersion(approved, card);
}

/**
 * Notes what is to be announced as having access. What is under way already comes to its end first.
 *
 * @param resourceShareArns - The shares of these audiences, by key.
 * @returns the same record where it is announced so already.
 */
export function withAnnouncing(
  record: CardRecord,
  audiences: Audience[],
  resourceShareArns: Record<string, string>,
): CardRecord {
  if (record.announcing !== undefined) return record;
  const { granted, revoked } = announcements(record, audiences);
  return granted.length + revoked.length === 0
    ? record
    : { ...record, announcing: { audiences, resourceShareArns } };
}

/** Notes that what was under way has been announced. */
export function withAnnouncementMade(record: CardRecord): CardRecord {
  const { announcing, ...rest } = record;
  return announcing === undefined ? record : withAnnounced(rest, announcing.audiences);
}

/** Notes that exactly these audiences have access, as far as was announced. */
export function withAnnounced(record: CardRecord, audiences: Audience[]): CardRecord {
  const announced = Object.fromEntries(audiences.map((audience) => [audienceKey(audience), audience]));
  const ended = Object.keys(record.announced).filter((key) => !Object.hasOwn(announced, key));
  const ends = ended.map((key) => [key, (record.accessEnds[key] ?? 0) + 1]);
  return { ...record, announced, accessEnds: { ...record.accessEnds, ...Object.fromEntries(ends) } };
}

/** Notes that access of these audiences has ended. */
export function withoutAnnounced(record: CardRecord, audiences: Audience[]): CardRecord {
  const keys = new Set(audiences.map(audienceKey));
  const rest = Object.values(record.announced).filter((audience) => !keys.has(audienceKey(audience)));
  return rest.length === Object.keys(record.announced).length ? record : withAnnounced(record, rest);
}

/** Whether access of anybody is not yet what the card's status calls for. */
export function isWaiting({ waiting }: CardRecord): boolean {
  return Object.keys(waiting).length > 0;
}

/** Notes what access waits for. */
export function withWaits(record: CardRecord, waiting: AccessWaits): CardRecord {
  return JSON.stringify(waiting) === JSON.stringify(record.waiting) ? record : { ...record, waiting };
}

/**
 * Notes that the share of an audience is gone. The card's state counts as settled under no settings any more, so that the next
 * look at it acts again.
 */
export function withoutAudience(record: CardRecord, audience: Audience): CardRecord {
  const { [audienceKey(audience)]: _over, ...waiting } = record.waiting;
  const rest = withWaits(withoutAnnounced(record, [audience]), waiting);
  const { settled } = rest;
  if (settled === undefined || settled.policyVersion === "") return rest;
  return { ...rest, settled: { ...settled, policyVersion: "" } };
}

/** What has to be announced so that the announced access is the confirmed one. */
export function announcements(
  { announced }: CardRecord,
  confirmed: Audience[],
): { granted: Audience[]; revoked: Audience[] } {
  const confirmedKeys = new Set(confirmed.map(audienceKey));
  return {
    granted: confirmed.filter((audience) => !Object.hasOwn(announced, audienceKey(audience))),
    revoked: Object.entries(announced).flatMap(([key, audience]) =>
      confirmedKeys.has(key) ? [] : [audience],
    ),
  };
}

/** Notes shares made by hand that let a read-only stage write; one that is noted already keeps its beginning. */
export function withForeignShares(record: CardRecord, found: ForeignShare[], now: Date): CardRecord {
  const noted = record.foreignShares ?? [];
  const fresh = found.filter((share) => !noted.some((other) => isSameShare(other, share)));
  const added = fresh.map((share) => ({ ...share, since: now.toISOString() }));
  return fresh.length === 0 ? record : { ...record, foreignShares: [...noted, ...added] };
}

/** Notes what came of taking the card out of a share made by hand. */
export function withShareTried(record: CardRecord, share: NotedShare, removed: boolean): CardRecord {
  const foreignShares = record.foreignShares?.map((noted) =>
    isSameShare(noted, share) ? { ...noted, removed } : noted,
  );
  return foreignShares === undefined ? record : { ...record, foreignShares };
}

/** Forgets shares made by hand that are gone and were announced. */
export function withoutEndedShares(record: CardRecord, live: ForeignShare[]): CardRecord {
  const { foreignShares, ...rest } = record;
  const open = (foreignShares ?? []).filter(
    (noted) => noted.removed === undefined || live.some((share) => isSameShare(noted, share)),
  );
  if (open.length === (foreignShares ?? []).length) return record;
  return open.length === 0 ? rest : { ...rest, foreignShares: open };
}

/** Whether two notes are about the same share and the same stage. */
export function isSameShare(one: ForeignShare, other: ForeignShare): boolean {
  return one.resourceShareArn === other.resourceShareArn && one.stage === other.stage;
}
