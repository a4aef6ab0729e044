import type { AccessWaitState, Audience } from "../../events/access.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import type { Events } from "../aws/event-bridge.ts";
import { type ReaderRoles, readerRoleViolation } from "../aws/iam.ts";
import type { Blocked, ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import {
  AwsUnavailableError,
  CardMovedError,
  CardwayError,
  ReadOnlyBrokenError,
  ResourceNotReadyError,
} from "../errors.ts";
import { audienceKey } from "../lifecycle/access-plan.ts";
import { isRefusal, pendingMessage } from "../lifecycle/pending-access.ts";
import { audiencePrincipals, readOnlyStages } from "../lifecycle/read-only.ts";
import { lifecycleNamed } from "../lifecycle/routes.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { type Promotion, assertCurrent, assertSameSettings } from "../promotion.ts";
import { type AccessWaits, type FoundWait, withFound } from "../records/access-wait.ts";
import { type CardRecord, holdsClaim, withWaits } from "../records/card-record.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { strangersIn } from "../records/strangers.ts";

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
 * Puts the card into the share of every audience that lacks it, and principals of the settings into shares that lack them. A
 * read-only audience first has to prove that its reader role cannot update the card, so that no moment exists in which it could.
 * What keeps one audience out is noted on the card's record and keeps no other out.
 *
 * @throws {CardMovedError} the card or the settings have changed since it was planned.
 * @throws {ReadOnlyBrokenError} a read-only stage could update; nothing was granted to it.
 * @throws {QuotaReachedError} {OutsideOrganizationRefusedError} RAM refused (permanent).
 * @throws {ResourceNotReadyError} {AwsUnavailableError} RAM is not ready, or throttles (transient).
 */
export async function grantAccess(promotion: Promotion, dependencies: Dependencies): Promise<void> {
  const { card, plan } = promotion;
  const missing = promotion.principalChanges.filter(({ associate }) => associate.length > 0);
  if (plan.grant.length + missing.length === 0) return;
  assertSameSettings(promotion, dependencies.settings);
  await assertCurrent(promotion, dependencies);
  const lifecycle = lifecycleNamed(promotion.lifecycle, dependencies.settings);
  const kept: KeptOut[] = [];
  for (const audience of plan.grant) {
    await attempt(audience, kept, async () => {
      if (audience.access === "read-only") await assertReaderRole(promotion, audience, dependencies);
      const principals = audiencePrincipals(audience, lifecycle);
      const blocked = await dependencies.resourceSharing.grant(card.modelCardArn, audience, principals);
      if (blocked !== undefined) await expel(blocked, promotion, dependencies);
    });
  }
  for (const { resourceShareArn, audience, associate } of missing) {
    await attempt(audience, kept, async () => {
      // The role comes back for every card of the share, so it is proved first.
      if (audience.access === "read-only") await assertReaderRole(promotion, audience, dependencies);
      await noteEndedInvitation(promotion, audience, dependencies);
      await dependencies.resourceSharing.addPrincipals(resourceShareArn, audience, associate);
    });
  }
  const [first] = kept;
  if (first === undefined) return;
  const tried = [...plan.grant, ...missing.map(({ audience }) => audience)];
  await changeWaits(
    promotion,
    (waiting) => [...kept.map(waitOf), ...begun(tried, kept, waiting)],
    dependencies,
  );
  // Whoever is kept out for good is refused again each time until the others are in, or RAM takes too long for them.
  throw (kept.find(({ error }) => isTransient(error)) ?? first).error;
}

/** An audience that could not be given access, and why. */
interface KeptOut {
  audience: Audience;
  error: CardwayError;
}

async function attempt(audience: Audience, kept: KeptOut[], grant: () => Promise<void>): Promise<void> {
  try {
    await grant();
  } catch (error) {
    if (!(error instanceof CardwayError) || error instanceof CardMovedError) throw error;
    kept.push({ audience, error });
  }
}

function isTransient(error: CardwayError): boolean {
  return error instanceof ResourceNotReadyError || error instanceof AwsUnavailableError;
}

const waitStates: Record<string, AccessWaitState> = {
  ResourceNotReadyError: "ShareNotReady",
  AwsUnavailableError: "Throttled",
  QuotaReachedError: "QuotaReached",
  OutsideOrganizationRefusedError: "OutsideOrganizationRefused",
  ReaderRoleMissingError: "ReaderRoleMissing",
  ReadOnlyBrokenError: "ReadOnlyBroken",
};

function waitOf({ audience, error }: KeptOut): FoundWait {
  return { audience, state: waitStates[error.name] ?? "Refused", message: error.message };
}

/** A principal that is gone and was invited has let its invitation end: what follows is another one. */
async function noteEndedInvitation(
  promotion: Promotion,
  audience: Audience,
  dependencies: Dependencies,
): Promise<void> {
  const { waiting } = await dependencies.records.readCard(promotion.card.modelCardArn);
  if (waiting[audienceKey(audience)]?.invitationOpen !== true) return;
  const message = pendingMessage({ audience, state: "InvitationExpired" });
  await changeWaits(promotion, () => [{ audience, state: "InvitationExpired", message }], dependencies);
}

async function changeWaits(
  promotion: Promotion,
  find: (waiting: AccessWaits) => FoundWait[],
  { records, now }: Dependencies,
): Promise<void> {
  const at = now();
  await records.changeCard(promotion.card.modelCardArn, (record) => {
    const { waiting } = record;
    const changed = (): CardRecord => withWaits(record, withFound(waiting, find(waiting), at));
    return { record: holdsClaim(record, promotion) ? changed() : record, result: undefined };
  });
}

/** What was refused before and is RAM's now. */
function begun(tried: Audience[], kept: KeptOut[], waiting: AccessWaits): FoundWait[] {
  const keptKeys = kept.map(({ audience }) => audienceKey(audience));
  return tried.flatMap((audience) => {
    const key = audienceKey(audience);
    const wait = waiting[key];
    if (wait === undefined || !isRefusal(wait) || keptKeys.includes(key)) return [];
    const pending = { audience, state: "Associating" as const };
    return [{ ...pending, message: pendingMessage(pending) }];
  });
}

/** Takes whom the settings do not name out of a share before a card comes into it. */
async function expel(
  { resourceShareArn, strangers }: Blocked,
  { card, executionArn, lifecycle }: Promotion,
  dependencies: Dependencies,
): Promise<never> {
  const { resourceSharing, settings, now } = dependencies;
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const removed = strangers.map((principal) => ({ principal, resourceShareArn }));
  const stages = readOnlyStages(lifecycleNamed(lifecycle, settings));
  await recordEffects(strangersIn(stages, removed, context), dependencies);
  await resourceSharing.removePrincipals(resourceShareArn, strangers);
  throw new ResourceNotReadyError(
    `The share ${resourceShareArn} named principals that the settings do not; they are taken out before ${card.modelCardName} comes in.`,
  );
}

async function assertReaderRole(
  { card, executionArn }: Promotion,
  { stage, accountId }: Audience,
  { readerRoles, records, events, settings, now }: Dependencies,
): Promise<void> {
  const violation = await readerRoleViolation({ stage, accountId }, card.modelCardArn, readerRoles);
  if (violation === undefined) return;
  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  const members = { stage, accountId, violations: [violation], accessRemoved: false };
  await recordEffects([effectOf(ReadOnlyBroken, context, stage, members)], { records, events });
  throw new ReadOnlyBrokenError(
    `Nothing denies the reader role of stage ${stage} (${violation.principal}) to update model cards, so nothing was shared with it. ` +
      "Restore its policies, then redrive this execution.",
  );
}
