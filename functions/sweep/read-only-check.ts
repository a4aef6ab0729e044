import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import type { Events } from "../aws/event-bridge.ts";
import { type ReaderRoles, unprovedReaderRole } from "../aws/iam.ts";
import type { ListedCard } from "../aws/model-card-list.ts";
import { isPresent, planAccess, wantedAudiences } from "../lifecycle/access-plan.ts";
import { type ReadOnlyViolation, readOnlyStages } from "../lifecycle/read-only.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import { foreignViolations } from "../lifecycle/share-comparison.ts";
import { effectOf, recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import type { Findings } from "./progress.ts";
import type { Snapshot } from "./snapshot.ts";

export interface ReadOnlyDependencies {
  readerRoles: ReaderRoles;
  records: PromotionRecords;
  events: Events;
  settings: Settings;
  now: () => Date;
}

/** What checking read-only came to for a card. */
export interface ReadOnlyFinding {
  /** Whether somebody in a read-only stage could update the card: a promotion then takes it out of that share. */
  isBroken: boolean;
  /** Whether all that the card lacks waits for a reader role that is broken: granting it would fail again. */
  waitsForRole: boolean;
}

/**
 * Checks that nobody in a read-only stage could update a card. Each stage's reader role is asked about once, with the first of
 * its cards, and one that is broken is announced once a sweep. What a share made by hand lets in, the card's promotion announces.
 */
export function createReadOnlyCheck(
  { sharing }: Snapshot,
  { executionArn, dryRun }: { executionArn: string; dryRun: boolean },
  { readerRoles, records, events, settings, now }: ReadOnlyDependencies,
): (card: ListedCard, lifecycle: Lifecycle | undefined, findings: Findings) => Promise<ReadOnlyFinding> {
  const roles = new Map<string, Promise<ReadOnlyViolation | undefined>>();

  const announce = async (
    card: ListedCard,
    { stage, accountId, violations }: { stage: string; accountId: string; violations: ReadOnlyViolation[] },
    findings: Findings,
  ): Promise<void> => {
    const named = violations.map(({ principal, resourceShareArn }) => resourceShareArn ?? principal);
    const key = ["read-only", stage, accountId, ...new Set(named)].join(" ");
    if (dryRun || findings.seenTo.includes(key)) return;
    const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
    const members = { stage, accountId, violations, accessRemoved: false };
    const identity = [ReadOnlyBroken.detailType, executionArn, key];
    await recordEffects([effectOf(ReadOnlyBroken, context, key, members, identity)], { records, events });
    findings.seenTo.push(key);
  };

  return async (card, lifecycle, findings) => {
    const live = sharing.liveAccess(card.modelCardArn);
    const foreign = foreignViolations(sharing.foreignShares(card.modelCardArn), lifecycle);

    const wanted = wantedAudiences(lifecycle, card.status);
    const brokenAccounts = new Set<string>();
    for (const stage of readOnlyStages(lifecycle)) {
      const isConcerned = [...wanted, ...live.filter(isPresent).map(({ audience }) => audience)].some(
        ({ accountId, access }) => accountId === stage.accountId && access === "read-only",
      );
      if (!isConcerned) continue;
      const asked = roles.get(stage.accountId) ?? unprovedReaderRole(stage, card.modelCardArn, readerRoles);
      roles.set(stage.accountId, asked);
      const violation = await asked;
      if (violation === undefined) continue;
      brokenAccounts.add(stage.accountId);
      await announce(card, { ...stage, violations: [violation] }, findings);
    }
    const holdsBroken = live.some(
      (access) => isPresent(access) && brokenAccounts.has(access.audience.accountId),
    );
    const { grant, revoke } = planAccess(wanted, live);
    return {
      isBroken: foreign.length > 0 || holdsBroken,
      waitsForRole:
        grant.length > 0 &&
        revoke.length === 0 &&
        grant.every(({ accountId }) => brokenAccounts.has(accountId)),
    };
  };
}
