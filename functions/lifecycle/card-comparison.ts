import type { Audience } from "../../events/access.ts";
import type { CardDifference } from "../../events/card-difference.ts";
import type { ModelCardStatus } from "../../events/model-card.ts";
import { type LiveAccess, audienceKey, isPresent, planAccess, wantedAudiences } from "./access-plan.ts";
import { type CardDigest, type RequestDigest, hashOfAudiences } from "./card-digest.ts";
import { type ShownAccess, pendingAccess, waitIsOver } from "./pending-access.ts";
import type { PrincipalState } from "./principals.ts";
import type { Lifecycle, Settings } from "./settings.ts";

/** A reading of a card as lists have it: without its version, and with times that may be rounded to seconds. */
interface ListedState {
  status: ModelCardStatus;
  creationTime?: string | undefined;
  lastModifiedTime?: string | undefined;
}

/** All that is known of a card without reading it or its record. */
export interface KnownOfCard {
  /** `undefined` for a card that is gone. */
  card: ListedState | undefined;
  /** `undefined` for a card that no route matches, or that is gone. */
  lifecycle: Lifecycle | undefined;
  /** `undefined` where nothing is on record. */
  digest: CardDigest | undefined;
  /** The request that the digest names; `undefined` where there is none, or nothing is left to be done about it. */
  request: RequestDigest | undefined;
  live: LiveAccess[];
  /** The principals of Cardway's shares, by the share's ARN. */
  principals: ReadonlyMap<string, PrincipalState[]>;
  isRunning: (executionName: string) => boolean;
}

type ComparedSettings = Pick<
  Settings,
  "policyVersion" | "requireRecordedApproval" | "shareOutsideOrganization"
>;

/** How long after its time a request may still be open, in milliseconds: who waits for it ends it, and may be held up. */
const overdueAfterMs = 600_000;

/**
 * In what a card differs from what it should be: its live access, its requests and its decisions. Nothing, while a running
 * execution holds it: that looks at the card again before it lets go. Whoever waits for approvers does not hold the card.
 */
export function differencesOf(known: KnownOfCard, settings: ComparedSettings, now: Date): CardDifference[] {
  const { digest, isRunning } = known;
  if (digest?.claim !== undefined && isRunning(digest.claim)) return [];
  const found: CardDifference[] = [];
  if (digest?.claim !== undefined) found.push("holder-dead");
  if ((digest?.untold ?? 0) > 0) found.push("outcome-untold");
  const rest =
    known.card === undefined
      ? differencesOfGone(known)
      : differencesOfPresent(newestOf(known.card, digest), known, settings, now);
  return [...found, ...rest];
}

function differencesOfGone({ digest, live }: KnownOfCard): CardDifference[] {
  const { settled, request, announced, announcing } = digest ?? {};
  const isOpen = request !== undefined || announced !== undefined || announcing === true;
  const isUnknown = settled !== undefined && settled.status !== "Deleted";
  return [
    ...(live.some(isPresent) ? ["gone-but-shared" as const] : []),
    ...(isOpen || isUnknown ? ["gone-but-recorded" as const] : []),
  ];
}

/** The page that a card was listed on may be older than its record. */
function newestOf(listed: ListedState, digest: CardDigest | undefined): ListedState {
  const settled = digest?.settled;
  if (settled === undefined || settled.status === "Deleted" || isSameReading(settled, listed)) return listed;
  const listedMs = Date.parse(listed.lastModifiedTime ?? "");
  const roundedMs = listedMs % 1_000 === 0 ? 1_000 : 0;
  const isLater = Date.parse(settled.lastModifiedTime ?? "") > listedMs + roundedMs;
  return isLater ? { ...settled, status: settled.status } : listed;
}

function differencesOfPresent(
  card: ListedState,
  { lifecycle, digest, request, live, principals, isRunning }: KnownOfCard,
  settings: ComparedSettings,
  now: Date,
): CardDifference[] {
  const { policyVersion, requireRecordedApproval } = settings;
  const found: CardDifference[] = [];
  const settled =
    digest?.settled !== undefined && isSameReading(digest.settled, card) ? digest.settled : undefined;
  const approvedFor = settled && digest?.approvedFor;
  const strayed =
    card.status === "Approved" &&
    lifecycle !== undefined &&
    approvedFor !== undefined &&
    approvedFor !== lifecycle.name;
  const waits =
    lifecycle !== undefined &&
    (card.status === "PendingReview" ||
      (card.status === "Approved" && requireRecordedApproval && approvedFor === undefined));

  const wanted = wantedAudiences(lifecycle, waits || strayed ? "PendingReview" : card.status);
  found.push(...differencesOfAccess(wanted, live));

  if (settled === undefined) found.push("not-settled");
  else {
    if (strayed) found.push("lifecycle-changed");
    if ((settled.approvedHere === true) !== (approvedFor !== undefined)) found.push("decision-not-applied");
    // Other settings change what a card gets only where approvers are asked, or where that shows in its access.
    const isOutdated = settled.policyVersion !== policyVersion && (waits || settled.policyVersion === "");
    if (isOutdated) found.push("settings-changed");
    const waiting = digest?.waits ?? {};
    if (hasWaitOver(waiting, wanted, { live, principals }, lifecycle, settings)) found.push("wait-over");
    // What is waited for is announced when it has come.
    const isAnnounced =
      Object.keys(waiting).length > 0 || digest?.announced === hashOfAudiences(wanted.map(audienceKey));
    const isInterrupted = digest?.announcing === true;
    if (isInterrupted || (found.length === 0 && !isAnnounced)) found.push("access-unannounced");
  }

  if (digest?.request === undefined) {
    // A question whose time was over is not asked again about the same reading.
    if (waits && settled === undefined) found.push("request-missing");
  } else if (request === undefined) found.push("request-left-behind");
  else if (request.status !== "open") found.push("decision-not-applied");
  else if (!waits || request.lifecycle !== lifecycle.name || !isSameReading(request.card, card)) {
    found.push("request-left-behind");
  } else if (now.getTime() >= Date.parse(request.expiresAt) + overdueAfterMs) found.push("request-overdue");
  else if (request.waiter === undefined || !isRunning(request.waiter)) found.push("waiter-dead");
  return [...new Set(found)];
}

function hasWaitOver(
  waiting: NonNullable<CardDigest["waits"]>,
  wanted: Audience[],
  shown: ShownAccess,
  lifecycle: Lifecycle | undefined,
  settings: ComparedSettings,
): boolean {
  const wasInvited = (audience: Audience): boolean => {
    const state = waiting[audienceKey(audience)];
    return state === "InvitationPending" || state === "InvitationExpired";
  };
  const pending = pendingAccess(wanted, shown, lifecycle, settings, wasInvited);
  const now = new Map(pending.map(({ audience, state }) => [audienceKey(audience), state]));
  return Object.entries(waiting).some(([key, state]) => waitIsOver({ state }, now.get(key)));
}

function differencesOfAccess(wanted: Audience[], live: LiveAccess[]): CardDifference[] {
  const { revoke, grant } = planAccess(wanted, live);
  const failed = new Set(
    live.filter(({ state }) => state === "failed").map(({ audience }) => audienceKey(audience)),
  );
  return [
    ...(revoke.length > 0 ? ["access-surplus" as const] : []),
    ...grant.map((audience) => (failed.has(audienceKey(audience)) ? "association-failed" : "access-missing")),
  ];
}

function isSameReading(
  known: Pick<NonNullable<CardDigest["settled"]>, "status" | "creationTime" | "lastModifiedTime">,
  listed: ListedState,
): boolean {
  return (
    known.status === listed.status &&
    isSameMoment(known.creationTime, listed.creationTime) &&
    isSameMoment(known.lastModifiedTime, listed.lastModifiedTime)
  );
}

/** Whether a moment may be the listed one, which may be missing or rounded. */
function isSameMoment(known: string | undefined, listed: string | undefined): boolean {
  if (listed === undefined || known === listed) return true;
  const listedMs = Date.parse(listed);
  return listedMs % 1_000 === 0 && Math.abs(Date.parse(known ?? "") - listedMs) < 1_000;
}
