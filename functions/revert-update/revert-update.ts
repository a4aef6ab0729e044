import { isDeepStrictEqual } from "node:util";
import type { ModelCardStatus } from "../../events/model-card.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import { UpdateReverted } from "../../events/update-reverted.ts";
import type { CardVersions } from "../aws/card-versions.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { AwsCallFailedError } from "../errors.ts";
import { type Card, sameState, sameVersion } from "../lifecycle/card.ts";
import type { Revert } from "../lifecycle/foreign-update.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Promotion, assertCurrent } from "../promotion.ts";
import { type EffectContext, effectOf, recordEffects } from "../records/effects.ts";
import {
  isApprovedVersion,
  isEcho,
  withKept,
  withOwnVersions,
  withRestored,
  withReverted,
  withReverting,
} from "../records/foreign-updates.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

interface Dependencies {
  modelCards: ModelCards;
  cardVersions: CardVersions;
  records: PromotionRecords;
  events: Events;
  settings: Settings;
  now: () => Date;
}

/** How it ended: set back, left to somebody who has changed the card since, or not possible. */
type Outcome =
  | { kind: "restored"; version: number; status: ModelCardStatus; approvalRequestId?: string | undefined }
  | { kind: "overtaken" }
  | { kind: "kept"; reason: string };

/**
 * Sets back what a read-only stage has written: the content, as a new version that has exactly that of the last version that is
 * not the stage's, and then the status. What was approved of that content is approved of the new version, and only once both
 * were compared. What cannot be set back is announced, and goes back to review where it was approved.
 *
 * SageMaker has no conditional update. So what is to be done is noted first; the card is read before and after; and where
 * somebody else has made a version in between, theirs is the newest again. Safe to repeat: the next try, or the next execution,
 * sees by the versions how far this one has come.
 *
 * @throws {CardMovedError} the card has changed since it was read.
 */
export async function revertUpdate(promotion: Promotion, dependencies: Dependencies): Promise<void> {
  const { card, executionArn, revert } = promotion;
  if (revert === null) return;
  const { records, settings, now } = dependencies;
  const { modelCardArn } = card;
  await assertCurrent(promotion, dependencies);
  const record = await records.changeCard(modelCardArn, (found) => ({
    record: withReverting(found, revert),
    result: found,
  }));
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const isNothing = !revert.content && revert.status === null;
  if (!(isNothing && isEcho(record, revert))) await announceBroken(revert, context, dependencies);

  const outcome: Outcome = isNothing ? { kind: "overtaken" } : await setBack(card, revert, dependencies);
  if (outcome.kind === "restored") await announceReverted(revert, outcome, context, dependencies);
  if (outcome.kind === "kept") await announceBroken(revert, context, dependencies, outcome.reason);
  await records.changeCard(modelCardArn, (found) => ({
    record: outcome.kind === "kept" ? withKept(found, revert, card) : withReverted(found, revert),
    result: undefined,
  }));
}

async function setBack(card: Card, revert: Revert, dependencies: Dependencies): Promise<Outcome> {
  const { modelCards, records } = dependencies;
  const { modelCardArn } = card;
  const restored = revert.content ? await restoreContent(card, revert, dependencies) : revert.fromVersion;
  if (typeof restored !== "number") return restored;
  const { approved, isApproved } = await records.changeCard(modelCardArn, (found) => {
    const next = revert.content ? withRestored(found, revert, restored) : found;
    const version = { creationTime: revert.creationTime, version: restored };
    const result = { approved: next.approved, isApproved: isApprovedVersion(next, version) };
    return { record: next, result };
  });
  // Nobody has approved what is there now.
  const isUnproved = revert.content && revert.status === "Approved" && !isApproved;
  const status = await restoreStatus(
    card,
    revert,
    { version: restored, target: isUnproved ? "PendingReview" : revert.status },
    modelCards,
  );
  if (status === undefined) return { kind: "overtaken" };
  const isCarried = revert.content && approved?.version === restored;
  return {
    kind: "restored",
    version: restored,
    status,
    ...(isCarried && { approvalRequestId: approved.requestId }),
  };
}

/** @returns the version that has the content now. */
async function restoreContent(
  card: Card,
  { creationTime, fromVersion, toVersion }: Revert,
  { modelCards, cardVersions, records }: Dependencies,
): Promise<number | Outcome> {
  const { modelCardArn } = card;
  const content = await modelCards.content(modelCardArn, toVersion);
  if (content === undefined) return { kind: "kept", reason: `version ${toVersion} is gone` };
  if (card.version === fromVersion) {
    if (card.status === "Archived" && !(await leavesArchive(modelCardArn, modelCards))) {
      return { kind: "kept", reason: "it cannot leave the archive" };
    }
    const refused = await cardVersions.add(modelCardArn, content);
    if (refused !== undefined) return { kind: "kept", reason: refused.refusal };
  }
  const made = await modelCards.content(modelCardArn, fromVersion + 1);
  if (isSameContent(made, content)) return fromVersion + 1;
  // Others were faster, and this content has come on top of theirs.
  const newest = await modelCards.read(modelCardArn);
  const onTop = await findOnTop(
    modelCardArn,
    content,
    { from: fromVersion + 2, to: newest.version, below: made },
    modelCards,
  );
  if (onTop !== undefined) {
    const { version, below } = onTop;
    if (newest.version === version) await cardVersions.add(modelCardArn, below);
    // Whoever was faster may turn out to be of the stage too.
    const again = version + 1;
    const own = isSameContent(await modelCards.content(modelCardArn, again), below)
      ? [version, again]
      : [version];
    await records.changeCard(modelCardArn, (found) => ({
      record: withOwnVersions(
        found,
        own.map((number) => ({ creationTime, version: number, like: version - 1 })),
      ),
      result: undefined,
    }));
  }
  return { kind: "overtaken" };
}

/** How many versions others can have made between the last reading and the new version. */
const mostFaster = 5;

/** The version that has come on top of others', and the content of the one below it; `undefined` where there is none. */
async function findOnTop(
  modelCardArn: string,
  content: string,
  { from, to = 0, below: first }: { from: number; to?: number | undefined; below: string | undefined },
  modelCards: ModelCards,
): Promise<{ version: number; below: string } | undefined> {
  let below = first;
  for (let version = from; version <= Math.min(to, from + mostFaster); version += 1) {
    const next = await modelCards.content(modelCardArn, version);
    if (below !== undefined && isSameContent(next, content)) return { version, below };
    below = next;
  }
  return undefined;
}

/** An archived card takes no content. */
async function leavesArchive(modelCardArn: string, modelCards: ModelCards): Promise<boolean> {
  try {
    await modelCards.setStatus(modelCardArn, "PendingReview");
    return true;
  } catch (error) {
    if (!(error instanceof AwsCallFailedError)) throw error;
    return false;
  }
}

/** @returns the status that the card has now; `undefined` where somebody else has changed the card. */
async function restoreStatus(
  card: Card,
  { content, fromStatus }: Revert,
  { version, target }: { version: number; target: ModelCardStatus | null },
  modelCards: ModelCards,
): Promise<ModelCardStatus | undefined> {
  const { modelCardArn } = card;
  const before = await modelCards.read(modelCardArn);
  if (before.status === "Deleted" || !sameVersion(before, { ...card, version })) return undefined;
  if (target === null || before.status === target) return before.status;
  // A new version starts in the status of the one before it, or in Draft; any other is somebody's.
  const isOpen = content
    ? before.status === fromStatus || before.status === "Draft" || before.status === "PendingReview"
    : sameState(before, card);
  if (!isOpen) return content ? before.status : undefined;
  await modelCards.setStatus(modelCardArn, target);
  const after = await modelCards.read(modelCardArn);
  if (sameVersion(after, before)) return target;
  if (target === "Approved" && after.status === target)
    await modelCards.setStatus(modelCardArn, "PendingReview");
  return undefined;
}

/** Content need not come back byte for byte as it was sent. */
function isSameContent(one: string | undefined, other: string): boolean {
  if (one === undefined) return false;
  if (one === other) return true;
  try {
    return isDeepStrictEqual(JSON.parse(one), JSON.parse(other));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return false;
  }
}

async function announceBroken(
  { stage, accountId, principals, updates }: Revert,
  context: EffectContext,
  dependencies: Dependencies,
  notReverted?: string,
): Promise<void> {
  const violations = principals.map((principal) => ({ kind: "update", principal }));
  const members = {
    stage,
    accountId,
    violations,
    accessRemoved: false,
    ...(notReverted !== undefined && { notReverted }),
  };
  const identity = [ReadOnlyBroken.detailType, ...identityOf(context, updates), notReverted ?? ""];
  await recordEffects([effectOf(ReadOnlyBroken, context, stage, members, identity)], dependencies);
}

async function announceReverted(
  { stage, accountId, updates, content, fromVersion, toVersion, fromStatus }: Revert,
  { version, status, approvalRequestId }: Extract<Outcome, { kind: "restored" }>,
  context: EffectContext,
  dependencies: Dependencies,
): Promise<void> {
  const members = {
    stage,
    accountId,
    changed: [...(content ? ["content"] : []), ...(status === fromStatus ? [] : ["status"])],
    fromVersion,
    toVersion,
    restoredVersion: version,
    fromStatus,
    toStatus: status,
    ...(approvalRequestId !== undefined && { approvalRequestId }),
  };
  const identity = [UpdateReverted.detailType, ...identityOf(context, updates)];
  await recordEffects([effectOf(UpdateReverted, context, stage, members, identity)], dependencies);
}

/** The same for every execution that deals with the same updates. */
function identityOf({ card }: EffectContext, updates: string[]): string[] {
  return [card?.modelCardArn ?? "", card?.creationTime ?? "", ...updates];
}
