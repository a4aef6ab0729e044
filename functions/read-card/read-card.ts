import * as z from "zod";
import type { Audience } from "../../events/access.ts";
import type { CardVersions } from "../aws/card-versions.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Executions } from "../aws/step-functions.ts";
import { lifecycleNow } from "../card-lifecycle.ts";
import { policyFor } from "../lifecycle/approval-policy.ts";
import { type LiveAccess, audienceKey, planAccess, wantedAudiences } from "../lifecycle/access-plan.ts";
import { type Card, sameState, sameVersion } from "../lifecycle/card.ts";
import { type Revert, isReadOnlySomewhere, planRevert, updateOf } from "../lifecycle/foreign-update.ts";
import { failureName } from "../lifecycle/known-failures.ts";
import { type PrincipalChange, principalChange } from "../lifecycle/principals.ts";
import {
  type ForeignShare,
  ForeignShareSchema,
  foreignShares,
  readOnlyStages,
  writingAccounts,
} from "../lifecycle/read-only.ts";
import { needsPreviousVersion, reviewOf } from "../lifecycle/review.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import {
  type ApprovalRequest,
  firstDeadline,
  isAbout,
  isToBeApplied,
  nextDeadline,
} from "../records/approval-request.ts";
import {
  type CardRecord,
  announcements,
  approvedHere,
  askedToLookAgain,
  claimed,
  editorsOf,
  isSameShare,
  isSettled,
  isWaiting,
  rememberEditors,
} from "../records/card-record.ts";
import {
  hasOpenUpdates,
  isKept,
  isWrittenAgainAndAgain,
  revertingOf,
  updateHistory,
  withUpdates,
  withWriters,
} from "../records/foreign-updates.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { takeCard } from "../take-card.ts";
import { TriggerSchema } from "./trigger.ts";

export const ReadCardInputSchema = z.object({
  trigger: TriggerSchema,
  executionArn: z.string(),
  /** Whether the execution has read the card before, or was redriven: then it has a reason to look, whatever was settled. */
  readBefore: z.boolean(),
});

/** The workflow ends here: a duplicate, or a card that nobody here ever knew. */
export interface NothingToDo {
  kind: "nothing-to-do";
  reason: "settled-already" | "another-execution-is-at-work" | "card-is-gone" | "card-of-another-account";
}

export interface PlanDependencies {
  modelCards: ModelCards;
  cardVersions: Pick<CardVersions, "list">;
  resourceSharing: Pick<ResourceSharing, "liveAccess" | "principalsOf" | "principalsOfShares">;
  records: Pick<PromotionRecords, "changeCard" | "findRequest">;
  settings: Settings;
  now: () => Date;
}

interface Dependencies extends PlanDependencies {
  records: PromotionRecords;
  executions: Executions;
}

/**
 * Reads the card as it is now, takes it for this execution, and works out what has to be done. Changes no access.
 *
 * @throws {ResourceNotReadyError} the execution that held the card was stopped a moment ago, and a function of it may still be
 *   at work (transient).
 */
export async function readCard(
  { trigger, executionArn, readBefore }: z.output<typeof ReadCardInputSchema>,
  dependencies: Dependencies,
): Promise<Promotion | NothingToDo> {
  if (trigger.modelCardArn.split(":")[4] !== dependencies.settings.modelCardAccountId) {
    return { kind: "nothing-to-do", reason: "card-of-another-account" };
  }
  const found = await dependencies.modelCards.read(trigger.modelCardArn);
  // Who caused the event may have edited the card just before somebody else set its status.
  const sameAsSeen = trigger.version === undefined || trigger.version === found.version;
  const card = {
    ...found,
    editors: [...found.editors, ...(sameAsSeen ? trigger.editors : [])],
    creator: [...(found.creator ?? []), ...trigger.creator],
  };
  const isHint = trigger.isHint && !readBefore;
  const { settings } = dependencies;
  const shown = updateOf(found);
  const withNews = (record: CardRecord): CardRecord => {
    // What the card showed when it was settled was judged then, by the settings and the lifecycle of that time.
    const isJudged = record.settled !== undefined && sameState(record.settled, found);
    const updates = [...trigger.updates, ...(shown === undefined || isJudged ? [] : [shown])];
    return withUpdates(
      record,
      updates.filter(({ accountId }) => isReadOnlySomewhere(accountId, settings)),
    );
  };
  const taken = await takeCard<CardRecord | NothingToDo>(
    card,
    executionArn,
    {
      free(known) {
        const record = withNews(known);
        if (isHint && record === known && isSettled(record, card, settings.policyVersion)) {
          return {
            record: rememberEditors(record, card),
            result: { kind: "nothing-to-do", reason: "settled-already" },
          };
        }
        if (card.status === "Deleted" && isBlank(record)) {
          return { record, result: { kind: "nothing-to-do", reason: "card-is-gone" } };
        }
        const next = claimed(record, executionArn, card);
        return { record: next, result: next };
      },
      held(record) {
        const noted = withNews(record);
        const asked = rememberEditors(askedToLookAgain(noted, card), card);
        // Who has read before knows something that the card's state does not show; so does who has heard of an update.
        return readBefore || noted !== record ? { ...asked, lookAgain: true } : asked;
      },
    },
    dependencies,
  );
  if (taken === undefined) return { kind: "nothing-to-do", reason: "another-execution-is-at-work" };
  return "reason" in taken ? taken : planPromotion(card, executionArn, taken, dependencies);
}

/** Whether nobody here has ever had to do with the card. */
function isBlank({
  claim,
  editors,
  failure,
  announcing,
  settled,
  currentRequest,
  outcomesToTell,
  announced,
  waiting,
}: CardRecord): boolean {
  return (
    claim === undefined &&
    editors === undefined &&
    failure === undefined &&
    announcing === undefined &&
    settled === undefined &&
    currentRequest === undefined &&
    outcomesToTell.length === 0 &&
    Object.keys(announced).length === 0 &&
    Object.keys(waiting).length === 0
  );
}

/** Works out what has to be done about a card, given what is on record about it. */
export async function planPromotion(
  card: Card,
  executionArn: string,
  taken: CardRecord,
  { modelCards, cardVersions, resourceSharing, records, settings, now }: PlanDependencies,
): Promise<Promotion> {
  const { modelCardArn } = card;
  const { currentRequest } = taken;
  const [lifecycle, live, request] = await Promise.all([
    lifecycleNow(card, { modelCards, settings }),
    resourceSharing.liveAccess(modelCardArn),
    currentRequest === undefined ? undefined : records.findRequest(currentRequest.requestId),
  ]);
  const record = await noteWriters(taken, lifecycle, records);
  const approval = approvalOf(record, card, request, lifecycle);
  const revert = await findRevert(card, record, lifecycle, cardVersions);
  const restored = record.foreignUpdates?.restored;
  const history = {
    lastSettled: record.settled,
    ...approval,
    restored: restored !== undefined && sameVersion(restored, card),
    writtenByReadOnly: isKept(record, card) || revert?.content === true || (revert?.status ?? null) !== null,
  };
  const previousVersionStatus =
    card.version !== undefined && needsPreviousVersion(card, history)
      ? await modelCards.statusOfVersion(modelCardArn, card.version - 1)
      : undefined;

  const review = reviewOf(card, { ...history, previousVersionStatus }, settings);
  const wanted = wantedAudiences(lifecycle, review.accessStatus);
  const plan = planAccess(wanted, live);
  const { granted, revoked } = announcements(record, wanted);
  const foreign = await findForeignShares(record, live, lifecycle, resourceSharing);
  const approvalNeeded = lifecycle !== undefined && review.approvalNeeded;
  // A decision that may have fallen on this version stays current until the card is back in review.
  const keepsRequest =
    request !== undefined &&
    (approval.decisionMayHaveStrayed || (approvalNeeded && stillConcerns(request, card, lifecycle)));
  const { principalChanges, failures } = await planPrincipals(wanted, live, lifecycle, resourceSharing);
  return {
    kind: "promotion",
    executionArn,
    policyVersion: settings.policyVersion,
    awaitedSince: awaitedSince(record, card),
    card: { ...card, editors: editorsOf(record, card) },
    lifecycle: lifecycle?.name ?? null,
    wanted,
    plan,
    principalChanges,
    failures,
    foreignShares: foreign,
    accessToSettle:
      [...plan.revoke, ...plan.grant, ...principalChanges, ...granted, ...revoked].length > 0 ||
      [...foreign, ...(record.foreignShares ?? [])].length > 0 ||
      live.some(({ state }) => state !== "granted") ||
      isWaiting(record) ||
      record.announcing !== undefined ||
      // That a stage can only read is proved anew every time.
      wanted.some(({ access }) => access === "read-only"),
    revert: revert ?? null,
    revertFirst: revert !== undefined && !isWrittenAgainAndAgain(record),
    approvalNeeded,
    returnToReview: lifecycle !== undefined && review.returnToReview,
    approvedOutside: review.approvedOutside,
    requestToClose: currentRequest !== undefined && !keepsRequest ? currentRequest.requestId : null,
    nextDeadline: (keepsRequest
      ? nextDeadline(request, now())
      : firstDeadline(policyFor(card.riskRating, settings.approval.policies), now())
    ).toISOString(),
    outcomesToTell: record.outcomesToTell,
  };
}

/**
 * When the change happened that is still to be dealt with: the very moment that SageMaker's event tells, which also counts
 * where the event was lost. What was dealt with, but for access that is waited for, is looked at for other reasons.
 */
function awaitedSince({ settled, waiting }: CardRecord, card: Card): string | undefined {
  const isNew = settled === undefined || !sameState(settled, card);
  // A stage that lost its access because somebody could write had it in between.
  const isAwaited = Object.values(waiting).some(({ state }) => state !== "ReadOnlyBroken");
  return isNew || isAwaited ? card.lastModifiedTime : undefined;
}

/** Whether a request still waits for votes about this very reading of the card, or for its end to be applied. */
function stillConcerns(request: ApprovalRequest, card: Card, lifecycle: Lifecycle | undefined): boolean {
  if (request.lifecycle !== (lifecycle?.name ?? null)) return false;
  return request.status === "open"
    ? isAbout(request, card)
    : isToBeApplied(request) && sameVersion(request.card, card);
}

/**
 * What recorded decisions say about this version, also where the step that notes one down was interrupted. An approval
 * holds for the lifecycle that it was given for: elsewhere it has strayed, as one has that fell on another version.
 */
function approvalOf(
  record: CardRecord,
  card: Card,
  request: ApprovalRequest | undefined,
  lifecycle: Lifecycle | undefined,
): { approvedHere: boolean; approvalMayHaveStrayed: boolean; decisionMayHaveStrayed: boolean } {
  const name = lifecycle?.name ?? null;
  const wasApproved = approvedHere(record, card);
  const approvedNow =
    card.status === "Approved" && request?.status === "approved" && sameVersion(request.card, card);
  const isApproved =
    (wasApproved && record.approved?.lifecycle === name) || (approvedNow && request.lifecycle === name);
  const decisionMayHaveStrayed =
    card.status === "Approved" &&
    request?.status === "approved" &&
    request.card.creationTime === card.creationTime &&
    !sameVersion(request.card, card) &&
    !isApproved;
  return {
    approvedHere: isApproved,
    approvalMayHaveStrayed:
      decisionMayHaveStrayed || (card.status === "Approved" && (wasApproved || approvedNow) && !isApproved),
    decisionMayHaveStrayed,
  };
}

/** Compares the principals of the shares that are to stay with the settings, and names what has failed. */
async function planPrincipals(
  wanted: Audience[],
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  resourceSharing: PlanDependencies["resourceSharing"],
): Promise<{ principalChanges: PrincipalChange[]; failures: string[] }> {
  const wantedKeys = new Set(wanted.map(audienceKey));
  const concerned = live.filter(({ audience }) => wantedKeys.has(audienceKey(audience)));
  const states = await resourceSharing.principalsOfShares(
    concerned.map(({ resourceShareArn }) => resourceShareArn),
  );
  const staying = concerned.filter(({ state }) => state !== "failed");
  const changes = staying.map((access) =>
    principalChange(access, states.get(access.resourceShareArn) ?? [], lifecycle),
  );
  const failures = [
    ...live.map((access) => failureName(access.resourceShareArn, "card", access)),
    ...[...states].flatMap(([arn, principals]) =>
      principals.map((one) => failureName(arn, one.principal, one)),
    ),
  ];
  return {
    principalChanges: changes.filter((change) => change !== undefined),
    failures: failures.filter((name) => name !== undefined),
  };
}

/**
 * Looks at every share that has the card, at any status: nobody in a read-only account may write even a draft. What was noted
 * before and never ended is among them, gone or not.
 */
async function findForeignShares(
  { modelCardArn, foreignShares: noted = [] }: CardRecord,
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  resourceSharing: PlanDependencies["resourceSharing"],
): Promise<ForeignShare[]> {
  const stages = readOnlyStages(lifecycle);
  const own = live.map(({ resourceShareArn }) => resourceShareArn);
  const found =
    stages.length === 0 ? [] : foreignShares(stages, await resourceSharing.principalsOf(modelCardArn), own);
  const untried = noted.filter(
    (share) => share.removed === undefined && !found.some((other) => isSameShare(other, share)),
  );
  return [...found, ...untried.map((share) => ForeignShareSchema.parse(share))];
}

/** What somebody has written who may write stays theirs, whatever lifecycle the card is in later. */
async function noteWriters(
  record: CardRecord,
  lifecycle: Lifecycle | undefined,
  records: Pick<PromotionRecords, "changeCard">,
): Promise<CardRecord> {
  const writers = writingAccounts(lifecycle);
  if (withWriters(record, writers) === record) return record;
  return records.changeCard(record.modelCardArn, (found) => {
    const noted = withWriters(found, writers);
    return { record: noted, result: noted };
  });
}

/** What a read-only stage has written and has to be set back; what somebody was at when they died comes first. */
async function findRevert(
  card: Card,
  record: CardRecord,
  lifecycle: Lifecycle | undefined,
  cardVersions: Dependencies["cardVersions"],
): Promise<Revert | undefined> {
  if (card.status === "Deleted") return undefined;
  const begun = revertingOf(record, card);
  if (begun !== undefined || !hasOpenUpdates(record)) return begun;
  return planRevert(card, await cardVersions.list(card.modelCardArn), lifecycle, updateHistory(record));
}
