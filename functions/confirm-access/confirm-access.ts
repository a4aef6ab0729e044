import type { Audience } from "../../events/access.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import type { Events } from "../aws/event-bridge.ts";
import { type ReaderRoles, readerRoleViolation } from "../aws/iam.ts";
import type { Invitations } from "../aws/invitations.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import {
  AssociationFailedError,
  AwsCallFailedError,
  CardMovedError,
  type CardwayError,
  InvitationPendingError,
  ReadOnlyBrokenError,
  ReaderRoleMissingError,
  ResourceNotReadyError,
} from "../errors.ts";
import { type LiveAccess, audienceKey, isPresent } from "../lifecycle/access-plan.ts";
import type { Card } from "../lifecycle/card.ts";
import { type PendingAccess, furthestAccess, pendingMessage } from "../lifecycle/pending-access.ts";
import {
  type ReadOnlyViolation,
  readOnlyStages,
  readOnlyViolations,
  readerRoleArn,
} from "../lifecycle/read-only.ts";
import { lifecycleNamed } from "../lifecycle/routes.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import { type Promotion, assertCurrent, assertSameSettings } from "../promotion.ts";
import { accessGranted, accessRevoked } from "../records/access-effects.ts";
import { onlyFound, withFound } from "../records/access-wait.ts";
import {
  type CardRecord,
  announcements,
  holdsClaim,
  withAnnounced,
  withWaits,
  withoutAnnounced,
} from "../records/card-record.ts";
import { type EffectContext, effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { findPending } from "./find-pending.ts";

interface Dependencies {
  modelCards: ModelCards;
  resourceSharing: ResourceSharing;
  invitations: Invitations;
  readerRoles: ReaderRoles;
  records: PromotionRecords;
  events: Events;
  settings: Settings;
  now: () => Date;
}

/**
 * Reads back that exactly the wanted audiences have the card, proves that the read-only ones can only read, and
 * announces what was granted and revoked. What is still on its way is noted on the card's record, and holds nobody else up. Safe
 * to repeat.
 *
 * @throws {ResourceNotReadyError} RAM is still at work (transient; the workflow waits and retries).
 * @throws {InvitationPendingError} an account outside the organisation has to accept its invitation (transient, as above).
 * @throws {CardMovedError} RAM is still at work and the card has moved on meanwhile, or the settings have.
 * @throws {AssociationFailedError} RAM gave an association up (permanent).
 * @throws {ReadOnlyBrokenError} a read-only stage could update; Cardway's own share has been taken away (permanent, alarm).
 */
export async function confirmAccess(promotion: Promotion, dependencies: Dependencies): Promise<void> {
  const { card, executionArn, wanted } = promotion;
  const { resourceSharing, records, events, settings, now } = dependencies;
  assertSameSettings(promotion, settings);
  const lifecycle = lifecycleNamed(promotion.lifecycle, settings);
  const live = await resourceSharing.liveAccess(card.modelCardArn);
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };

  const planned = promotion.plan.revoke.map(({ resourceShareArn }) => resourceShareArn);
  const wantedKeys = wanted.map(audienceKey);
  const stray = live.some(
    (access) =>
      isPresent(access) &&
      !planned.includes(access.resourceShareArn) &&
      !wantedKeys.includes(audienceKey(access.audience)),
  );
  // Somebody put the card into a share after it was read: it has to be planned anew.
  if (stray) throw movedOn(card);
  const { waiting } = await records.readCard(card.modelCardArn);
  const pending = await findPending(wanted, live, lifecycle, waiting, dependencies);
  // A principal that is being taken out is work in progress, and no violation yet.
  const isLeaving = pending.some(({ state }) => state === "Disassociating");
  const final = pending.length === 0;
  if (!isLeaving) await assertReadOnly(promotion, live, lifecycle, { ...context, final }, dependencies);
  if (!final) await assertCurrent(promotion, dependencies);

  const record = await records.readCard(card.modelCardArn);
  if (!holdsClaim(record, promotion)) throw movedOn(card);
  const confirmed = confirmedAccess(record, wanted, pending, !isLeaving);
  const { granted, revoked } = announcements(record, confirmed);
  await recordEffects(
    [
      ...revoked.map((audience) => accessRevoked(context, record, audience)),
      ...granted.map((audience) => {
        const resourceShareArn = furthestAccess(audience, live)?.resourceShareArn;
        return accessGranted(context, record, { audience, resourceShareArn });
      }),
    ],
    { records, events },
  );
  const found = pending.map((one) => ({ ...one, message: pendingMessage(one) }));
  await records.changeCard(card.modelCardArn, (record) => {
    if (!holdsClaim(record, promotion)) return { record, result: undefined };
    const announced =
      final || granted.length + revoked.length > 0 ? withAnnounced(record, confirmed) : record;
    return { record: withWaits(announced, onlyFound(record.waiting, found, context.now)), result: undefined };
  });
  const [most] = found.toSorted((one, other) => urgency(one) - urgency(other));
  if (most !== undefined) throw pendingError(most.state, `${card.modelCardName}: ${most.message}.`);
}

/**
 * The audiences to be announced as having access: the confirmed ones, and who is pending as announced before.
 *
 * @param proved - Whether the read-only ones are known to be read-only: what nobody has proved is not announced.
 */
function confirmedAccess(
  { announced }: CardRecord,
  wanted: Audience[],
  pending: PendingAccess[],
  proved: boolean,
): Audience[] {
  const pendingKeys = new Set(pending.map(({ audience }) => audienceKey(audience)));
  const before = Object.entries(announced).filter(([key]) => pendingKeys.has(key));
  const isConfirmed = (audience: Audience): boolean =>
    proved || audience.access !== "read-only" || Object.hasOwn(announced, audienceKey(audience));
  return [
    ...wanted.filter((audience) => !pendingKeys.has(audienceKey(audience)) && isConfirmed(audience)),
    ...before.map(([, audience]) => audience),
  ];
}

/** A failure comes first: RAM will not go on with it. An invitation comes last: it may take a person, RAM minutes. */
const urgencies: PendingAccess["state"][] = [
  "AssociationFailed",
  "Disassociating",
  "Associating",
  "InvitationExpired",
  "InvitationPending",
];

function urgency({ state }: Pick<PendingAccess, "state">): number {
  return urgencies.indexOf(state);
}

function pendingError(state: PendingAccess["state"], message: string): CardwayError {
  switch (state) {
    case "AssociationFailed":
      return new AssociationFailedError(message);
    case "Disassociating":
    case "Associating":
      return new ResourceNotReadyError(message);
    case "InvitationExpired":
    case "InvitationPending":
      return new InvitationPendingError(message);
    default:
      return state satisfies never;
  }
}

/** Proves for every read-only stage of the lifecycle, whether it has the card now or not, that nobody there could update it. */
async function assertReadOnly(
  promotion: Promotion,
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  context: EffectContext & { final: boolean },
  dependencies: Dependencies,
): Promise<void> {
  const stages = readOnlyStages(lifecycle);
  if (stages.length === 0) return;
  const { resourceSharing, readerRoles, records, events } = dependencies;
  const { modelCardArn, modelCardName } = promotion.card;
  const principals = await resourceSharing.principalsOf(modelCardArn);
  const ownShares = live.map(({ resourceShareArn }) => resourceShareArn);
  for (const { stage, accountId } of stages) {
    const violations = readOnlyViolations(accountId, principals, ownShares);
    if (promotion.wanted.some((audience) => audience.stage === stage)) {
      const reader = await readerViolation({ stage, accountId }, modelCardArn, readerRoles);
      if (reader !== undefined) violations.push(reader);
    }
    if (violations.length === 0) continue;

    // A share made by hand is announced, once RAM has finished, and left to its maker; of Cardway's own, the stage's and those that let it in are
    // taken away.
    const broken = violations.some(({ kind }) => kind !== "principal-of-foreign-share");
    if (!broken && !context.final) continue;
    const named = violations.map(({ resourceShareArn }) => resourceShareArn);
    const taken = live.filter(
      ({ audience, resourceShareArn }) =>
        broken && (audience.accountId === accountId || named.includes(resourceShareArn)),
    );
    for (const { resourceShareArn } of taken) await resourceSharing.revoke(modelCardArn, resourceShareArn);
    const members = { stage, accountId, violations, accessRemoved: taken.length > 0 };
    await recordEffects([effectOf(ReadOnlyBroken, context, stage, members)], { records, events });
    if (broken) {
      const audiences = taken.map(({ audience }) => audience);
      const message = `Somebody in stage ${stage} could update the card, or could not be proved unable to; the access has been taken away. Restore the stage's roles and principals`;
      const found = audiences.map((audience) => ({ audience, state: "ReadOnlyBroken" as const, message }));
      // Access that was taken away is announced anew once it is granted again.
      await records.changeCard(modelCardArn, (record) => ({
        record: withWaits(withoutAnnounced(record, audiences), withFound(record.waiting, found, context.now)),
        result: undefined,
      }));
      const names = violations.map(({ principal }) => principal).join(", ");
      throw new ReadOnlyBrokenError(
        `In stage ${stage}, ${names} could update ${modelCardName}, or could not be proved unable to; the access has been taken away. ` +
          "Restore the stage's roles and principals, then redrive this execution.",
      );
    }
  }
}

/** What cannot be proved about a reader role counts as broken: access must not outlive its proof. */
async function readerViolation(
  stage: { stage: string; accountId: string },
  modelCardArn: string,
  readerRoles: ReaderRoles,
): Promise<ReadOnlyViolation | undefined> {
  try {
    return await readerRoleViolation(stage, modelCardArn, readerRoles);
  } catch (error) {
    if (!(error instanceof ReaderRoleMissingError || error instanceof AwsCallFailedError)) throw error;
    return { kind: "reader-role", principal: readerRoleArn(stage.accountId) };
  }
}

function movedOn({ modelCardName }: Card): CardMovedError {
  return new CardMovedError(`${modelCardName} has changed since it was read. It is read again.`);
}
