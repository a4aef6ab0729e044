import type * as z from "zod";
import type { Events } from "../aws/event-bridge.ts";
import type { Settings } from "../lifecycle/settings.ts";
import { sameVersion } from "../lifecycle/card.ts";
import type { Promotion } from "../promotion.ts";
import { endedWithoutDecision } from "../records/approval-request.ts";
import { withoutRequest } from "../records/card-record.ts";
import { recordEffects } from "../records/effects.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { requestEnded } from "../records/request-ended.ts";
import type { ApprovalWaitSchema } from "../request-approval/request-approval.ts";

/** Ends a request whose time is up. A decision that came in the last moment is found here and not lost. */
export async function expireRequest(
  { card, executionArn }: Promotion,
  dependencies: { records: PromotionRecords; events: Events; settings: Settings; now: () => Date },
): Promise<z.output<typeof ApprovalWaitSchema>> {
  const { records, settings, now } = dependencies;
  const { currentRequest: current } = await records.readCard(card.modelCardArn);
  if (current === undefined || !sameVersion(current, card)) return { kind: "ended" };
  const request = await records.changeRequest(current.requestId, (found) => {
    const record = endedWithoutDecision(found, "expired", now());
    return { record, result: record };
  });
  if (request.status === "approved" || request.status === "rejected") return { kind: "decided" };

  const context = { executionArn, policyVersion: settings.policyVersion, card, now: now() };
  await recordEffects([requestEnded(request, context, false)], dependencies);
  await records.changeCard(card.modelCardArn, (record) => ({
    record: withoutRequest(record, request),
    result: undefined,
  }));
  return { kind: "ended" };
}
