import * as z from "zod";
import type { ResourceSharing } from "../aws/ram.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { Executions } from "../aws/step-functions.ts";
import { planAccess, wantedAudiences } from "../lifecycle/access-plan.ts";
import { type Card, sameVersion } from "../lifecycle/card.ts";
import { needsPreviousVersion, reviewOf } from "../lifecycle/review.ts";
import { lifecycleOf, routesNeedTags } from "../lifecycle/routes.ts";
import type { Settings } from "../lifecycle/settings.ts";
import type { Promotion } from "../promotion.ts";
import {
  type CardRecord,
  announcements,
  approvedHere,
  askedToLookAgain,
  claimed,
  isSettled,
} from "../records/card-record.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { TriggerSchema } from "./trigger.ts";

export const ReadCardInputSchema = z.object({ trigger: TriggerSchema, executionArn: z.string() });

/** The workflow ends here: a duplicate, or a card that nobody here ever knew. */
export interface NothingToDo {
  kind: "nothing-to-do";
  reason: "settled-already" | "another-execution-is-at-work" | "card-is-gone";
}

interface Dependencies {
  modelCards: ModelCards;
  resourceSharing: ResourceSharing;
  records: PromotionRecords;
  executions: Executions;
  settings: Settings;
}

/** Reads the card as it is now, takes it for this execution, and works out what has to be done. Changes no access. */
export async function readCard(
  { trigger, executionArn }: z.output<typeof ReadCardInputSchema>,
  dependencies: Dependencies,
): Promise<Promotion | NothingToDo> {
  const card = await dependencies.modelCards.read(trigger.modelCardArn);
  const taken = await takeCard(card, { executionArn, isHint: trigger.isHint }, dependencies);
  return "reason" in taken ? taken : planPromotion(card, executionArn, taken, dependencies);
}

async function takeCard(
  card: Card,
  { executionArn, isHint }: { executionArn: string; isHint: boolean },
  { records, executions, settings }: Dependencies,
): Promise<CardRecord | NothingToDo> {
  const ended = new Set<string>();
  for (;;) {
    const outcome = await records.changeCard<CardRecord | NothingToDo | { holder: string }>(
      card.modelCardArn,
      (record) => {
        const holder = record.claim?.executionArn;
        if (holder !== undefined && holder !== executionArn && !ended.has(holder)) {
          return { record: askedToLookAgain(record, card), result: { holder } };
        }
        if (isHint && isSettled(record, card, settings.policyVersion)) {
          return { record, result: { kind: "nothing-to-do", reason: "settled-already" } };
        }
        if (card.status === "Deleted" && isBlank(record)) {
          return { record, result: { kind: "nothing-to-do", reason: "card-is-gone" } };
        }
        const next = claimed(record, executionArn, card);
        return { record: next, result: next };
      },
    );
    if (!("holder" in outcome)) return outcome;
    if (await executions.isRunning(outcome.holder)) {
      return { kind: "nothing-to-do", reason: "another-execution-is-at-work" };
    }
    // Whoever held the card was stopped or failed without letting it go.
    ended.add(outcome.holder);
  }
}

function isBlank({ claim, settled, currentRequest, announced }: CardRecord): boolean {
  return (
    claim === undefined &&
    settled === undefined &&
    currentRequest === undefined &&
    Object.keys(announced).length === 0
  );
}

async function planPromotion(
  card: Card,
  executionArn: string,
  record: CardRecord,
  { modelCards, resourceSharing, records, settings }: Dependencies,
): Promise<Promotion> {
  const { modelCardArn, modelCardName } = card;
  const [tags, live, approved] = await Promise.all([
    card.status !== "Deleted" && routesNeedTags(settings) ? modelCards.tags(modelCardArn) : {},
    resourceSharing.liveAccess(modelCardArn),
    isApprovedHere(record, card, records),
  ]);
  const history = { lastSettled: record.settled, approvedHere: approved };
  const previousVersionStatus =
    card.version !== undefined && needsPreviousVersion(card, history)
      ? await modelCards.statusOfVersion(modelCardArn, card.version - 1)
      : undefined;

  const lifecycle = lifecycleOf({ modelCardName, tags }, settings);
  const review = reviewOf(card, { ...history, previousVersionStatus }, settings);
  const wanted = wantedAudiences(lifecycle, review.accessStatus);
  const plan = planAccess(wanted, live);
  const { granted, revoked } = announcements(record, wanted);
  const approvalNeeded = lifecycle !== undefined && review.approvalNeeded;
  const { currentRequest } = record;
  const keepsRequest = approvalNeeded && currentRequest !== undefined && sameVersion(currentRequest, card);
  return {
    kind: "promotion",
    executionArn,
    card,
    lifecycle: lifecycle?.name ?? null,
    wanted,
    plan,
    accessToSettle:
      [...plan.revoke, ...plan.grant, ...granted, ...revoked].length > 0 ||
      live.some(({ state }) => state !== "granted") ||
      // That a stage can only read is proved anew every time.
      wanted.some(({ access }) => access === "read-only"),
    approvalNeeded,
    returnToReview: lifecycle !== undefined && review.returnToReview,
    approvedOutside: review.approvedOutside,
    requestToClose: currentRequest !== undefined && !keepsRequest ? currentRequest.requestId : null,
  };
}

/** Whether this version was approved here, also where the step that notes it down was interrupted. */
async function isApprovedHere(record: CardRecord, card: Card, records: PromotionRecords): Promise<boolean> {
  const { currentRequest } = record;
  if (approvedHere(record, card)) return true;
  if (card.status !== "Approved" || currentRequest === undefined || !sameVersion(currentRequest, card))
    return false;
  return (await records.findRequest(currentRequest.requestId))?.status === "approved";
}
