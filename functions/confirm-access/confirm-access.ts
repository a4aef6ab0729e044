import type { Audience } from "../../events/access.ts";
import { AccessGranted } from "../../events/access-granted.ts";
import { AccessRevoked } from "../../events/access-revoked.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import type { Events } from "../aws/event-bridge.ts";
import { type ReaderRoles, readerRoleViolation } from "../aws/iam.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import { AssociationFailedError, ReadOnlyBrokenError, ResourceNotReadyError } from "../errors.ts";
import { type LiveAccess, audienceKey } from "../lifecycle/access-plan.ts";
import { audiencePrincipals, readOnlyStages, readOnlyViolations } from "../lifecycle/read-only.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import { type Promotion, assertCurrent } from "../promotion.ts";
import { announcements } from "../records/card-record.ts";
import { type EffectContext, effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

interface Dependencies {
  modelCards: ModelCards;
  resourceSharing: ResourceSharing;
  readerRoles: ReaderRoles;
  records: PromotionRecords;
  events: Events;
  settings: Settings;
  now: () => Date;
}

/**
 * Reads back that exactly the wanted audiences have the card, proves that the read-only ones can only read, and then
 * announces what was granted and revoked. Safe to repeat.
 *
 * @throws {ResourceNotReadyError} RAM is still at work (transient; the workflow waits and retries).
 * @throws {CardMovedError} RAM is still at work and the card has moved on meanwhile.
 * @throws {AssociationFailedError} RAM gave an association up (permanent).
 * @throws {ReadOnlyBrokenError} a read-only stage could update; Cardway's own share has been taken away (permanent, alarm).
 */
export async function confirmAccess(promotion: Promotion, dependencies: Dependencies): Promise<void> {
  const { card, executionArn, wanted } = promotion;
  const { resourceSharing, records, events, settings, now } = dependencies;
  const lifecycle = settings.lifecycles.find(({ name }) => name === promotion.lifecycle);
  const live = await resourceSharing.liveAccess(card.modelCardArn);
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };

  await assertReadOnly(promotion, live, lifecycle, context, dependencies);
  const pending = await findPending(wanted, live, lifecycle, resourceSharing);
  if (pending !== undefined) {
    await assertCurrent(promotion, dependencies);
    throw new ResourceNotReadyError(`${card.modelCardName}: ${pending}. It is checked again.`);
  }

  const announced = await records.changeCard(card.modelCardArn, (record) => ({
    record,
    result: record.announced,
  }));
  const { granted, revoked } = announcements(
    { modelCardArn: card.modelCardArn, lookAgain: false, announced },
    wanted,
  );
  await recordEffects(
    [
      ...revoked.map((audience) => effectOf(AccessRevoked, context, audienceKey(audience), { audience })),
      ...granted.map((audience) => {
        const resourceShareArn = live.find((access) => isFor(access, audience))?.resourceShareArn;
        return effectOf(AccessGranted, context, audienceKey(audience), { audience, resourceShareArn });
      }),
    ],
    { records, events },
  );
  await records.changeCard(card.modelCardArn, (record) => ({
    record: {
      ...record,
      announced: Object.fromEntries(wanted.map((audience) => [audienceKey(audience), audience])),
    },
    result: undefined,
  }));
}

/** What RAM has not finished yet, in words, or nothing. */
async function findPending(
  wanted: Audience[],
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  resourceSharing: ResourceSharing,
): Promise<string | undefined> {
  const unwanted = live.find(
    ({ audience, state }) =>
      state !== "failed" && !wanted.some((other) => audienceKey(other) === audienceKey(audience)),
  );
  if (unwanted !== undefined) return `access of ${audienceKey(unwanted.audience)} is not revoked yet`;
  for (const audience of wanted) {
    const key = audienceKey(audience);
    const candidates = live.filter((access) => isFor(access, audience));
    const access = candidates.find(({ state }) => state === "granted") ?? candidates[0];
    if (access?.state === "failed") throw associationFailed(key, access.statusMessage);
    if (access?.state !== "granted") return `access of ${key} is not granted yet`;

    const states = await resourceSharing.principalStates(access.resourceShareArn);
    for (const principal of audiencePrincipals(audience, lifecycle)) {
      const found = states.find((other) => other.principal === principal);
      if (found?.state === "failed") throw associationFailed(key, found.statusMessage);
      if (found?.state !== "granted") return `the principal of ${key} is not associated yet`;
    }
  }
  return undefined;
}

/** Proves for every read-only stage of the lifecycle, whether it has the card now or not, that nobody there could update it. */
async function assertReadOnly(
  promotion: Promotion,
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  context: EffectContext,
  dependencies: Dependencies,
): Promise<void> {
  const stages = readOnlyStages(lifecycle);
  if (stages.length === 0) return;
  const { resourceSharing, readerRoles, records, events } = dependencies;
  const { modelCardArn, modelCardName } = promotion.card;
  const principals = await resourceSharing.principalsOf(modelCardArn);
  for (const { stage, accountId } of stages) {
    const violations = readOnlyViolations(accountId, principals, live);
    if (promotion.wanted.some((audience) => audience.stage === stage)) {
      violations.push(
        ...[await readerRoleViolation({ stage, accountId }, modelCardArn, readerRoles)].flatMap(
          (found) => found ?? [],
        ),
      );
    }
    if (violations.length === 0) continue;

    // A share made by hand is announced and left to its maker; Cardway's own is taken away.
    const broken = violations.some(({ kind }) => kind !== "principal-of-foreign-share");
    const ownShares = broken ? live.filter(({ audience }) => audience.accountId === accountId) : [];
    for (const { resourceShareArn } of ownShares)
      await resourceSharing.revoke(modelCardArn, resourceShareArn);
    const members = { stage, accountId, violations, accessRemoved: ownShares.length > 0 };
    await recordEffects([effectOf(ReadOnlyBroken, context, stage, members)], { records, events });
    if (broken) {
      const principals = violations.map(({ principal }) => principal).join(", ");
      throw new ReadOnlyBrokenError(
        `In stage ${stage}, ${principals} could update ${modelCardName}; the stage's access has been taken away. ` +
          "Remove that permission, then redrive this execution.",
      );
    }
  }
}

function isFor({ audience }: LiveAccess, wanted: Audience): boolean {
  return audienceKey(audience) === audienceKey(wanted);
}

function associationFailed(audience: string, statusMessage: string | undefined): AssociationFailedError {
  return new AssociationFailedError(
    `RAM could not associate ${audience}: ${statusMessage ?? "it gave no reason"}. Remove the cause, then redrive this execution.`,
  );
}
