import * as z from "zod";
import type { Audience } from "../../events/access.ts";
import type { Events } from "../aws/event-bridge.ts";
import type { OwnShare, OwnShares } from "../aws/own-shares.ts";
import type { ResourceSharing } from "../aws/ram.ts";
import { longestFunctionMs } from "../aws/step-functions.ts";
import { AwsUnavailableError, ResourceNotReadyError } from "../errors.ts";
import { audienceKey } from "../lifecycle/access-plan.ts";
import { presentPrincipals } from "../lifecycle/principals.ts";
import { sharesToRetire } from "../lifecycle/retirement.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { announceAccess } from "../records/announce-access.ts";
import { type CardRecord, withAnnouncing, withoutAudience } from "../records/card-record.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";

/**
 * What a deployment says: the Terraform provider adds `tf` to the input, also through Pulumi. `prev_input`, the input before,
 * tells nothing here; neither does the rest of the input, which may be missing at a `delete`.
 *
 * @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/lambda_invocation
 */
export const RetireSharesInputSchema = z.object({
  tf: z.object({ action: z.enum(["create", "update", "delete"]) }),
});

/** What was done, for whoever deployed. */
export interface Retirement {
  /** The shares that were deleted by this call, and how many cards were in each. */
  retired: (Audience & { name: string; cards: number })[];
  /** What removing Cardway leaves in the account, in sentences; empty where it stays. */
  kept: string[];
}

interface Dependencies {
  ownShares: OwnShares;
  resourceSharing: Pick<ResourceSharing, "principalStates" | "removePrincipals">;
  records: PromotionRecords;
  events: Events;
  settings: Settings;
  functionArn: string;
  kept: string[];
  now: () => Date;
  wait: (ms: number) => Promise<void>;
}

/** A function that began before this one may make a share until it times out, and RAM may list that one late. */
const stragglersMs = longestFunctionMs + 30_000;

/** How long to be patient with RAM, in milliseconds: Lambda ends the function after 15 minutes. */
const patienceMs = 13 * 60_000;

const pollMs = 5_000;

/** RAM's limit of a call. */
const principalsPerCall = 100;

/** As many as one call of PutEvents takes. */
const cardsAtOnce = 10;

/**
 * Retires Cardway's shares whose audience the settings do not name any more; on `delete`, all. Goes on until RAM lists none, and
 * still none when every function that was at work has ended. Each look does what is next for every share, so a call that dies
 * is finished by the next one, and nothing is recorded twice.
 *
 * @throws {ResourceNotReadyError} RAM has not finished in time; calling again goes on.
 * @throws {AwsCallFailedError} AWS refuses what is next for the shares that are left (permanent).
 */
export async function retireShares(
  { tf: { action } }: z.output<typeof RetireSharesInputSchema>,
  dependencies: Dependencies,
): Promise<Retirement> {
  const { ownShares, settings, kept, now, wait } = dependencies;
  const isRemoval = action === "delete";
  const startedMs = now().getTime();
  const retired: Retirement["retired"] = [];
  let refusal: Error | undefined;
  for (;;) {
    const elapsedMs = now().getTime() - startedMs;
    const shares = await unlessBusy(() => ownShares.list());
    const open = shares && sharesToRetire(shares, isRemoval ? undefined : settings);
    if (open?.length === 0 && elapsedMs >= stragglersMs) return { retired, kept: isRemoval ? kept : [] };
    if (elapsedMs >= patienceMs) {
      if (refusal) throw refusal;
      const names = open?.map(({ name }) => name).join(", ") ?? "its list of resource shares";
      throw new ResourceNotReadyError(`RAM has not finished with ${names}. Run the same command again.`);
    }
    // A function that is still at work may yet announce access that has just ended here, or put a card into the share.
    const step = await nextSteps(open ?? [], elapsedMs >= longestFunctionMs, dependencies);
    retired.push(...step.retired);
    [refusal] = step.refusals;
    if (refusal && elapsedMs >= stragglersMs && step.refusals.length === open?.length) throw refusal;
    await wait(pollMs);
  }
}

/** Does what is next for each share; one that AWS refuses keeps no other from losing its access, and that from being recorded. */
async function nextSteps(
  shares: OwnShare[],
  mayDelete: boolean,
  dependencies: Dependencies,
): Promise<{ retired: Retirement["retired"]; refusals: Error[] }> {
  const refusals: Error[] = [];
  const steps = shares.map(async (share) => {
    try {
      return await unlessBusy(() => nextStep(share, mayDelete, dependencies));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      refusals.push(error);
      return undefined;
    }
  });
  const retired = (await Promise.all(steps)).filter((share) => share !== undefined);
  return { retired, refusals };
}

/** Takes its principals out; once they are gone, and it may be deleted, announces that and deletes the share. */
async function nextStep(
  share: OwnShare,
  mayDelete: boolean,
  dependencies: Dependencies,
): Promise<Retirement["retired"][number] | undefined> {
  if (share.isBeingDeleted) return undefined;
  const { resourceShareArn, name, audience } = share;
  const { ownShares, resourceSharing } = dependencies;
  const states = await resourceSharing.principalStates(resourceShareArn);
  const present = presentPrincipals(states);
  // One that RAM is still letting in is refused to go, and must not keep the others in.
  const granted = states.filter(({ state }) => state === "granted").map(({ principal }) => principal);
  const arriving = present.filter((principal) => !granted.includes(principal));
  for (const principals of [...chunks(granted, principalsPerCall), ...chunks(arriving, principalsPerCall)]) {
    await resourceSharing.removePrincipals(resourceShareArn, principals);
  }
  const isLetGo = present.length === 0 && !states.some(({ state }) => state === "revoking");
  if (!isLetGo || !mayDelete) return undefined;

  const cards = await ownShares.cardsIn(resourceShareArn);
  for (const some of chunks(cards, cardsAtOnce)) await announce(some, audience, dependencies);
  await ownShares.delete(resourceShareArn);
  return { name, ...audience, cards: cards.length };
}

/** Announces the end of what was announced as begun; a promotion of the card that sees the same end makes the same effect. */
async function announce(
  modelCardArns: string[],
  audience: Audience,
  { records, events, settings, functionArn, now }: Dependencies,
): Promise<void> {
  const { policyVersion } = settings;
  await Promise.all(
    modelCardArns.map(async (modelCardArn) => {
      const context = { executionArn: functionArn, policyVersion, card: { modelCardArn }, now: now() };
      const remaining = (record: CardRecord): Audience[] =>
        Object.values(record.announced).filter((other) => audienceKey(other) !== audienceKey(audience));
      await announceAccess(modelCardArn, (record) => withAnnouncing(record, remaining(record), {}), context, {
        records,
        events,
      });
      await records.changeCard(modelCardArn, (record) => ({
        record: withoutAudience(record, audience),
        result: undefined,
      }));
    }),
  );
}

/** What a call answers; `undefined` where AWS is not ready for it and the next look tries again. */
async function unlessBusy<Result>(call: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ResourceNotReadyError || error instanceof AwsUnavailableError) return undefined;
    throw error;
  }
}

function chunks<Item>(items: Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
