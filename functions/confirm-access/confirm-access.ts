import * as z from "zod";
import type { Audience } from "../../events/access.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import type { Events } from "../aws/event-bridge.ts";
import { type ReaderRoles, unprovedReaderRole } from "../aws/iam.ts";
import type { Invitations } from "../aws/invitations.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import {
  AssociationFailedError,
  CardMovedError,
  type CardwayError,
  InvitationPendingError,
  ReadOnlyBrokenError,
  ResourceNotReadyError,
} from "../errors.ts";
import { type LiveAccess, audienceKey, isPresent } from "../lifecycle/access-plan.ts";
import type { Card } from "../lifecycle/card.ts";
import { pastFailure } from "../lifecycle/known-failures.ts";
import {
  type PendingAccess,
  furthestAccess,
  isRefusal,
  pendingMessage,
  pendingStates,
} from "../lifecycle/pending-access.ts";
import {
  type ForeignShare,
  foreignShares,
  readOnlyStages,
  readOnlyViolations,
} from "../lifecycle/read-only.ts";
import { lifecycleNamed } from "../lifecycle/routes.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import { type Promotion, PromotionSchema, assertCurrent, assertSameSettings } from "../promotion.ts";
import { type AccessWait, type FoundWait, onlyFound } from "../records/access-wait.ts";
import {
  type CardRecord,
  holdsClaim,
  isSameShare,
  withAnnouncing,
  withWaits,
  withoutEndedShares,
} from "../records/card-record.ts";
import { announceAccess } from "../records/announce-access.ts";
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

export const ConfirmAccessInputSchema = PromotionSchema.extend({
  /** Whether GrantAccess has failed for some audience: that is on record, and not waited for. */
  refused: z.boolean(),
});

/**
 * Reads back that exactly the wanted audiences have the card, proves that the read-only ones can only read, and
 * announces what was granted and revoked. What is still on its way is noted on the card's record, and holds nobody else up. Safe
 * to repeat.
 *
 * @throws {ResourceNotReadyError} RAM is still at work (transient; the workflow waits and retries).
 * @throws {InvitationPendingError} an account outside the organisation has to accept its invitation (transient, as above).
 * @throws {CardMovedError} RAM is still at work and the card has moved on meanwhile, or the settings have.
 * @throws {AssociationFailedError} RAM gave an association up (permanent).
 * @throws {ReadOnlyBrokenError} a read-only stage could update, and the card has been taken out of Cardway's shares with it; or
 *   cannot be taken out of a share made by hand (permanent, alarm). All else has been confirmed and announced then.
 */
export async function confirmAccess(
  promotion: z.output<typeof ConfirmAccessInputSchema>,
  dependencies: Dependencies,
): Promise<void> {
  const { card, executionArn, awaitedSince, wanted } = promotion;
  const { resourceSharing, records, events, settings, now } = dependencies;
  assertSameSettings(promotion, settings);
  const lifecycle = lifecycleNamed(promotion.lifecycle, settings);
  const wantedKeys = wanted.map(audienceKey);
  // GrantAccess has made anew what is wanted; the rest stays failed.
  const live = (await resourceSharing.liveAccess(card.modelCardArn)).map((access) =>
    wantedKeys.includes(audienceKey(access.audience))
      ? pastFailure(promotion.failures, access.resourceShareArn, "card", access)
      : access,
  );
  const { policyVersion } = settings;
  const context = { executionArn, policyVersion, card, awaitedSince, now: now() };

  const planned = promotion.plan.revoke.map(({ resourceShareArn }) => resourceShareArn);
  const stray = live.some(
    (access) =>
      isPresent(access) &&
      !planned.includes(access.resourceShareArn) &&
      !wantedKeys.includes(audienceKey(access.audience)),
  );
  // Somebody put the card into a share after it was read: it has to be planned anew.
  if (stray) throw movedOn(card);
  const { waiting } = await records.readCard(card.modelCardArn);
  const shown = await findPending(promotion, live, lifecycle, waiting, dependencies);
  // A principal that is being taken out is work in progress, and no violation yet.
  const isLeaving = shown.some(({ state }) => state === "Disassociating");
  const { foreign, broken } = isLeaving
    ? { foreign: [], broken: [] }
    : await checkReadOnly(promotion, live, lifecycle, context, dependencies);
  const keptOut = new Set(broken.flatMap(({ audiences }) => audiences.map(audienceKey)));
  const isKeptOut = ({ audience }: { audience: Audience }): boolean => keptOut.has(audienceKey(audience));
  const pending = [
    ...shown.filter((one) => !isKeptOut(one)),
    ...broken.flatMap(({ held }) => held.map(leaving)),
  ];
  const final = pending.length === 0;
  if (!final) await assertCurrent(promotion, dependencies);

  const shareArns = Object.fromEntries(
    wanted.flatMap((audience): [string, string][] => {
      const access = furthestAccess(audience, live);
      return access === undefined ? [] : [[audienceKey(audience), access.resourceShareArn]];
    }),
  );
  const record = await announceAccess(
    card.modelCardArn,
    (record) => {
      if (!holdsClaim(record, promotion)) return undefined;
      if (final) assertRemoved(foreign, record, card);
      const given = wanted.filter((audience) => !isKeptOut({ audience }));
      return withAnnouncing(record, confirmedAccess(record, given, pending, !isLeaving), shareArns);
    },
    context,
    { records, events },
  );
  if (record === undefined) throw movedOn(card);
  const refused = promotion.refused ? Object.values(record.waiting).filter(isRefusal) : [];
  // Where GrantAccess failed before it tried anybody, RAM is not at work on what it shows nothing of.
  const isUntried = promotion.refused && refused.length === 0;
  const begun = pending.filter(({ resourceShareArn }) => resourceShareArn !== undefined || !isUntried);
  const refusalOf = (audience: Audience): AccessWait | undefined =>
    refused.find((wait) => audienceKey(wait.audience) === audienceKey(audience));
  const found: FoundWait[] = [
    ...begun
      .filter((one) => !isKeptOut(one))
      .map((one) => refusalOf(one.audience) ?? { ...one, message: pendingMessage(one) }),
    ...broken.flatMap(({ audiences, message }) =>
      audiences.map(
        (audience): FoundWait => refusalOf(audience) ?? { audience, state: "ReadOnlyBroken", message },
      ),
    ),
  ];
  await records.changeCard(card.modelCardArn, (record) => {
    if (!holdsClaim(record, promotion)) return { record, result: undefined };
    const kept = final ? withoutEndedShares(record, foreign) : record;
    return { record: withWaits(kept, onlyFound(record.waiting, found, context.now)), result: undefined };
  });
  const [worst] = broken;
  const awaited = begun.filter(
    ({ audience, state }) =>
      // Who is refused access, and still has some, has to lose it first.
      (refusalOf(audience) === undefined || state === "Disassociating") &&
      // Of two failures the one counts that lets somebody write.
      !(state === "AssociationFailed" && worst !== undefined),
  );
  const [most] = awaited.toSorted(
    (one, other) => pendingStates.indexOf(one.state) - pendingStates.indexOf(other.state),
  );
  if (most !== undefined) throw pendingError(most.state, `${card.modelCardName}: ${pendingMessage(most)}.`);
  if (worst !== undefined) {
    throw new ReadOnlyBrokenError(`${card.modelCardName}: ${worst.message}. Then redrive this execution.`);
  }
  const [kept] = foreign;
  if (kept === undefined) return;
  throw new ReadOnlyBrokenError(
    `RAM does not let Cardway take ${card.modelCardName} out of ${kept.resourceShareArn}, through which stage ${kept.stage} could update it. ` +
      "Take the card out of that share by hand, then redrive this execution.",
  );
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

/** Shares made by hand that still let a read-only stage write: RAM takes its time, or refuses, or somebody has made another. */
function assertRemoved(foreign: ForeignShare[], { foreignShares: noted = [] }: CardRecord, card: Card): void {
  for (const share of foreign) {
    const known = noted.find((other) => isSameShare(other, share));
    if (known?.removed === undefined) throw movedOn(card);
    if (!known.removed) continue;
    throw new ResourceNotReadyError(
      `${card.modelCardName} is not out of the share ${share.resourceShareArn} yet, which somebody made by hand. It is checked again.`,
    );
  }
}

/** A read-only stage in which somebody could update the card through Cardway's shares. */
interface BrokenStage {
  /** Whose access is taken away, or not given. */
  audiences: Audience[];
  /** What the card is being taken out of, which RAM may take a while for. */
  held: LiveAccess[];
  /** Who could update, and what to do. */
  message: string;
}

function leaving({ audience, resourceShareArn }: LiveAccess): PendingAccess {
  return { audience, state: "Disassociating", resourceShareArn };
}

/**
 * Proves for every read-only stage of the lifecycle, whether it has the card now or not, that nobody there could update it
 * through Cardway's shares. Where somebody could, the card is taken out of the stage's and of those that let it in.
 *
 * @returns the shares made by hand through which somebody could, and the stages in which somebody could through Cardway's.
 */
async function checkReadOnly(
  promotion: Promotion,
  live: LiveAccess[],
  lifecycle: Lifecycle | undefined,
  context: EffectContext,
  dependencies: Dependencies,
): Promise<{ foreign: ForeignShare[]; broken: BrokenStage[] }> {
  const stages = readOnlyStages(lifecycle);
  if (stages.length === 0) return { foreign: [], broken: [] };
  const { resourceSharing, readerRoles, records, events } = dependencies;
  const { modelCardArn } = promotion.card;
  const principals = await resourceSharing.principalsOf(modelCardArn);
  const ownShares = live.map(({ resourceShareArn }) => resourceShareArn);
  const broken: BrokenStage[] = [];
  for (const { stage, accountId } of stages) {
    const violations = readOnlyViolations(accountId, principals, ownShares).filter(
      ({ kind }) => kind !== "principal-of-foreign-share",
    );
    const wanted = promotion.wanted.filter((audience) => audience.stage === stage);
    if (wanted.length > 0) {
      const reader = await unprovedReaderRole({ stage, accountId }, modelCardArn, readerRoles);
      if (reader !== undefined) violations.push(reader);
    }
    if (violations.length === 0) continue;

    const named = violations.map(({ resourceShareArn }) => resourceShareArn);
    const held = live.filter(
      ({ state, audience, resourceShareArn }) =>
        state !== "failed" && (audience.accountId === accountId || named.includes(resourceShareArn)),
    );
    const taken = held.filter(isPresent);
    for (const { resourceShareArn } of taken) await resourceSharing.revoke(modelCardArn, resourceShareArn);
    const members = { stage, accountId, violations, accessRemoved: taken.length > 0 };
    await recordEffects([effectOf(ReadOnlyBroken, context, stage, members)], { records, events });
    const names = violations.map(({ principal }) => principal).join(", ");
    broken.push({
      audiences: [...wanted, ...taken.map(({ audience }) => audience)],
      held,
      message: `in stage ${stage}, ${names} could update the card, or could not be proved unable to, so the stage has no access. Restore its roles and principals`,
    });
  }
  return { foreign: foreignShares(stages, principals, ownShares), broken };
}

function movedOn({ modelCardName }: Card): CardMovedError {
  return new CardMovedError(`${modelCardName} has changed since it was read. It is read again.`);
}
