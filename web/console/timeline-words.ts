import type * as z from "zod";
import type { AccessWaitState, Audience } from "../../events/access.ts";
import { AccessGranted } from "../../events/access-granted.ts";
import { AccessRevoked } from "../../events/access-revoked.ts";
import { AccessWaiting } from "../../events/access-waiting.ts";
import { ApprovalDecided } from "../../events/approval-decided.ts";
import { ApprovalEscalated } from "../../events/approval-escalated.ts";
import { ApprovalRequested } from "../../events/approval-requested.ts";
import { ApprovalUndone } from "../../events/approval-undone.ts";
import { ApproversReminded } from "../../events/approvers-reminded.ts";
import type { EventDefinition } from "../../events/define-event.ts";
import { NotificationFailed } from "../../events/notification-failed.ts";
import { OperatorActed } from "../../events/operator-acted.ts";
import { PromotionCompleted } from "../../events/promotion-completed.ts";
import { PromotionFailed } from "../../events/promotion-failed.ts";
import { ReadOnlyBroken } from "../../events/read-only-broken.ts";
import { ReviewReopened } from "../../events/review-reopened.ts";
import { UpdateReverted } from "../../events/update-reverted.ts";
import type { AuditEntry } from "../../functions/records/audit-chain.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { waitWords } from "../../queries/attention.ts";
import { statusName } from "../approval-words.ts";
import { oneLine } from "../untrusted-text.ts";
import type { Tone } from "./badges.tsx";

/** What an entry of the audit tells, for people. */
export interface Told {
  /** One sentence, without a full stop. */
  what: string;
  tone: Tone;
  /** Why, or what to do, in sentences of their own. */
  more?: string | undefined;
  /** What approvers wrote; untrusted text. */
  said?: { name: string; approve: boolean; comment: string }[];
}

/** By what names people are known. */
type People = Pick<Settings, "approvers" | "authors">;

type Words = (detail: unknown, people: People) => Told | undefined;

/** Words for one kind of event; none for a detail that is not what such an event carries. */
function words<Detail extends z.ZodType>(
  { detailType, detail: schema }: EventDefinition<Detail>,
  tell: (detail: z.output<Detail>, people: People) => Told,
): [detailType: string, words: Words] {
  return [
    detailType,
    (detail, people) => {
      const parsed = schema.safeParse(detail);
      return parsed.success ? tell(parsed.data, people) : undefined;
    },
  ];
}

const allWords = new Map<string, Words>([
  words(AccessGranted, ({ audience }) => ({
    what: `${stageOf(audience)} can use the card, ${audience.access}`,
    tone: "good",
  })),
  words(AccessRevoked, ({ audience }) => ({
    what: `${stageOf(audience)} cannot use the card any more`,
    tone: "plain",
  })),
  words(AccessWaiting, ({ audience, state, message }) => ({
    what: `${stageOf(audience)}: ${waitWords[state].what}`,
    tone: toneOfWait(state),
    more: oneLine(message),
  })),
  words(ApprovalRequested, ({ approverIds, riskRating, approvals }, people) => ({
    what: `${named(approverIds, people)} ${approverIds.length === 1 ? "was" : "were"} asked for approval`,
    tone: "plain",
    more: `${riskRating === "Unknown" ? "Not rated, which counts as high risk" : `${riskRating} risk`}: ${approvals === 1 ? "1 approval is needed" : `${approvals} approvals are needed`}.`,
  })),
  words(ApproversReminded, ({ approverIds, round }, people) => ({
    what: `${named(approverIds, people)} ${approverIds.length === 1 ? "was" : "were"} reminded, for the ${ordinal(round)} time`,
    tone: "plain",
  })),
  words(ApprovalEscalated, ({ deputyIds }, people) => ({
    what: `Nobody has decided in time, so ${named(deputyIds, people)} ${deputyIds.length === 1 ? "was" : "were"} asked too`,
    tone: "warn",
  })),
  words(ApprovalDecided, ({ outcome, applied, approverId, votes }, people) => {
    const who = approverId === undefined ? undefined : named([approverId], people);
    const isDecision = outcome === "approved" || outcome === "rejected";
    return {
      what:
        isDecision && who !== undefined
          ? `${who} ${outcome} the card, which decided the request`
          : `The request ended: ${outcome}`,
      tone: outcome === "approved" && applied ? "good" : outcome === "rejected" ? "bad" : "warn",
      more:
        isDecision && !applied ? "The card moved on in the same moment, so the decision is void." : undefined,
      said: votes.map((vote) => ({
        name: named([vote.approverId], people),
        approve: vote.approve,
        comment: vote.comment,
      })),
    };
  }),
  words(ApprovalUndone, ({ status, restored, version }) => ({
    what: `${statusName(status)} had fallen on ${version === undefined ? "another version" : `version ${version}`} and was set back to ${statusName(restored)}`,
    tone: "warn",
    more: "Somebody changed the card in the very moment in which the decision was carried out.",
  })),
  words(NotificationFailed, ({ kind, recipientId, message }, people) => ({
    what: `${recipientId === undefined ? "Nobody" : named([recipientId], people)} could ${recipientId === undefined ? "" : "not "}be told (${kind})`,
    tone: "bad",
    more: oneLine(message),
  })),
  words(PromotionCompleted, ({ outcome }) => completions[outcome]),
  words(PromotionFailed, ({ error, message }) => ({
    what: `The promotion failed: ${error}`,
    tone: "bad",
    more: oneLine(message),
  })),
  words(ReadOnlyBroken, ({ stage, accountId, violations, accessRemoved, notReverted }) => ({
    what: violations.some(({ kind }) => kind === "update")
      ? `${stage} (${accountId}) may only read, and wrote the card`
      : `${stage} (${accountId}) may only read, and could have written the card`,
    tone: "bad",
    more: [
      `By ${violations.map(({ principal }) => oneLine(principal)).join(", ")}.`,
      ...(accessRemoved ? ["Cardway took that access away."] : []),
      ...(notReverted === undefined ? [] : [oneLine(notReverted)]),
    ].join(" "),
  })),
  words(ReviewReopened, () => ({
    what: "It was edited after its approval, so it is back in review",
    tone: "warn",
  })),
  words(UpdateReverted, ({ stage, changed, fromVersion, toVersion, restoredVersion, toStatus }) => ({
    what: `What ${stage} wrote was set back: ${changed.join(" and ")}`,
    tone: "warn",
    more: changed.includes("content")
      ? `Version ${restoredVersion} has the content of version ${toVersion}, in the place of version ${fromVersion}.`
      : `The status is ${statusName(toStatus)} again.`,
  })),
  words(OperatorActed, ({ act, operator, through, dryRun, messages, card }) => ({
    what: `${operatorName(operator)} ${actWords[act]}${act === "collect-evidence" && card?.version !== undefined ? ` about version ${card.version}` : ""}${dryRun === true ? ", which only looks" : ""}${messages === undefined ? "" : ` (${messages})`}`,
    tone: "plain",
    more: `${oneLine(operator)}, by the ${through === "console" ? "console" : "command line"}.`,
  })),
]);

const completions: Record<z.output<typeof PromotionCompleted.detail>["outcome"], Told> = {
  AccessSettled: { what: "Access is as the status calls for", tone: "good" },
  ApprovedOutsideCardway: {
    what: "Access is as the status calls for; it was approved outside Cardway",
    tone: "warn",
  },
  AccessWaiting: { what: "Access is as the status calls for, but for who is waited for", tone: "plain" },
  NoRouteMatched: { what: "No route of the settings matches the card, so nobody gets access", tone: "warn" },
  CardDeleted: { what: "The card is deleted, and nobody has access", tone: "plain" },
};

const actWords: Record<z.output<typeof OperatorActed.detail>["act"], string> = {
  redrive: "redrove an execution",
  stop: "stopped an execution",
  look: "had the card looked at",
  sweep: "started a sweep",
  "redrive-dead-letters": "redrove dead letters",
  "discard-dead-letters": "deleted dead letters that call for nothing any more",
  remind: "had approvers reminded",
  withdraw: "withdrew the approval request",
  "collect-evidence": "collected evidence",
};

/** What an entry tells; its kind alone where this version of Cardway does not know such entries. */
export function toldBy({ detailType, detail }: AuditEntry, people: People): Told {
  return allWords.get(detailType)?.(detail, people) ?? { what: detailType, tone: "plain" };
}

/** The kinds of entries that there are words for. */
export const toldKinds: ReadonlySet<string> = new Set(allWords.keys());

function stageOf({ stage, accountId }: Audience): string {
  return `${stage} (${accountId})`;
}

function toneOfWait(state: AccessWaitState): Tone {
  const { urgency } = waitWords[state];
  return urgency === "urgent" ? "bad" : urgency === "act" ? "warn" : "plain";
}

function named(ids: readonly string[], { approvers, authors }: People): string {
  const names = ids.map((id) => [...approvers, ...authors].find((person) => person.id === id)?.name ?? id);
  return names.length < 2 ? (names[0] ?? "Nobody") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Who acted, as short as it says who: the last part of an ARN. */
function operatorName(operator: string): string {
  return oneLine(operator.slice(operator.lastIndexOf("/") + 1), 60);
}

function ordinal(count: number): string {
  const ending = ["th", "st", "nd", "rd"][count % 100 > 10 && count % 100 < 14 ? 0 : count % 10] ?? "th";
  return `${count}${ending}`;
}
