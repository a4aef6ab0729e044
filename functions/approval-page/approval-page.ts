import * as z from "zod";
import type { LinkVerifier } from "../aws/kms.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { ExecutionStarter, Executions } from "../aws/step-functions.ts";
import { mayDecide } from "../lifecycle/approvers.ts";
import type { Card } from "../lifecycle/card.ts";
import type { Approver, Settings } from "../lifecycle/settings.ts";
import { type ApprovalRequest, decided, isAbout, isExpired } from "../records/approval-request.ts";
import { editorsOf } from "../records/card-record.ts";
import type { PromotionRecords } from "../records/promotion-records.ts";
import { linkMessage } from "../request-approval/approval-link.ts";

/** What stands in an approver's link. */
export interface ApprovalLink {
  requestId: string;
  approverId: string;
  /** The MAC, base64url. */
  mac: string;
}

export interface ApprovalPageDependencies {
  modelCards: ModelCards;
  records: PromotionRecords;
  executions: Executions;
  starter: ExecutionStarter;
  verifier: LinkVerifier;
  settings: Settings;
  now: () => Date;
}

/** What an approver's page is about, and what it can do now. */
export interface ApprovalView {
  request: ApprovalRequest;
  approver: Approver;
  /** The card as it is now, without content. */
  card: Card;
  /** Content of the reviewed version, a JSON text; `undefined` where it is gone. Untrusted. */
  content: string | undefined;
  /**
   * `open`: a decision is asked for. `ended`: the request has its outcome, see `request.status` and `request.decision`.
   * `expired`: the time is up. `card-moved`: the card is another version or in another status now. `own-card`: this
   * approver created or edited the card.
   */
  state: "open" | "ended" | "expired" | "card-moved" | "own-card";
}

/** What an approver's form posts. */
export const DecisionFormSchema = z
  .object({
    decision: z.enum(["approve", "reject"]),
    /** A rejection needs a reason. */
    comment: z.string().trim().max(2000).default(""),
  })
  .refine(({ decision, comment }) => decision === "approve" || comment !== "", {
    error: "A rejection needs a reason.",
    path: ["comment"],
  });

export type DecisionForm = z.output<typeof DecisionFormSchema>;

/** Shows what a link is about. Changes nothing. `undefined` for any link that Cardway did not make. */
export async function viewApproval(
  link: ApprovalLink,
  dependencies: ApprovalPageDependencies,
): Promise<ApprovalView | undefined> {
  const opened = await openLink(link, dependencies);
  if (opened === undefined) return undefined;
  return viewOf(opened.request, opened.approver, dependencies);
}

/**
 * Takes the decision that an approver posted, and wakes the execution that waits for it.
 *
 * @returns the page to show, and whether it was this very post that decided. `undefined` for any link that Cardway did
 *   not make.
 */
export async function decideApproval(
  link: ApprovalLink,
  form: DecisionForm,
  dependencies: ApprovalPageDependencies,
): Promise<(ApprovalView & { decidedNow: boolean }) | undefined> {
  const opened = await openLink(link, dependencies);
  if (opened === undefined) return undefined;
  const { modelCards, records, now } = dependencies;
  const { approver } = opened;
  const card = await cardWithEditors(opened.request.card.modelCardArn, { modelCards, records });
  const { request, decidedNow } = await records.changeRequest(link.requestId, (found) => {
    const outcome = decided(found, {
      approverId: approver.id,
      approve: form.decision === "approve",
      comment: form.comment,
      now: now(),
      card,
      ownCard: !mayDecide(approver, card.editors),
    });
    return "refusal" in outcome
      ? { record: found, result: { request: found, decidedNow: false } }
      : { record: outcome.request, result: { request: outcome.request, decidedNow: true } };
  });
  // A repeated post wakes again while the decision is not applied, in case the first was interrupted in between.
  if (request.decision !== undefined && isAbout(request, card)) await wake(request, dependencies);
  return { ...(await viewOf(request, approver, dependencies)), decidedNow };
}

/** The request and approver that a link names, if its MAC is right and the approver is still one. */
async function openLink(
  { requestId, approverId, mac }: ApprovalLink,
  { records, verifier, settings }: ApprovalPageDependencies,
): Promise<{ request: ApprovalRequest; approver: Approver } | undefined> {
  if (!z.uuid().safeParse(requestId).success) return undefined;
  const request = await records.findRequest(requestId);
  const approver = settings.approvers.find(({ id }) => id === approverId);
  if (request === undefined || approver === undefined) return undefined;
  if (!request.approvers.some((asked) => asked.approverId === approverId)) return undefined;
  const genuine = await verifier.verify(linkMessage(request, approverId), Buffer.from(mac, "base64url"));
  return genuine ? { request, approver } : undefined;
}

async function viewOf(
  request: ApprovalRequest,
  approver: Approver,
  { modelCards, records, now }: ApprovalPageDependencies,
): Promise<ApprovalView> {
  const { modelCardArn, version } = request.card;
  const card = await cardWithEditors(modelCardArn, { modelCards, records });
  const content = version === undefined ? undefined : await modelCards.content(modelCardArn, version);
  return { request, approver, card, content, state: stateOf(request, approver, card, now()) };
}

function stateOf(request: ApprovalRequest, approver: Approver, card: Card, now: Date): ApprovalView["state"] {
  if (request.status !== "open") return "ended";
  if (isExpired(request, now)) return "expired";
  if (!isAbout(request, card)) return "card-moved";
  return mayDecide(approver, card.editors) ? "open" : "own-card";
}

/** The card as it is now, with everybody who is known to have created or edited this version. */
async function cardWithEditors(
  modelCardArn: string,
  { modelCards, records }: Pick<ApprovalPageDependencies, "modelCards" | "records">,
): Promise<Card> {
  const card = await modelCards.read(modelCardArn);
  return { ...card, editors: editorsOf(await records.readCard(modelCardArn), card) };
}

/** The decision is on record already; where nobody waits for it any more, a new execution finds it. */
async function wake(
  { waiting, card }: ApprovalRequest,
  { executions, starter }: ApprovalPageDependencies,
): Promise<void> {
  const woken = waiting !== undefined && (await executions.resume(waiting.taskToken, { kind: "decided" }));
  if (!woken)
    await starter.start({ modelCardArn: card.modelCardArn, reason: "a decision waits to be applied" });
}
