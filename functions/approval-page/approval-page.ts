import * as z from "zod";
import type { LinkVerifier } from "../aws/kms.ts";
import type { ModelCards } from "../aws/sagemaker.ts";
import type { ExecutionStarter, Executions } from "../aws/step-functions.ts";
import { lifecycleNow } from "../card-lifecycle.ts";
import { AwsCallFailedError, AwsUnavailableError } from "../errors.ts";
import { type CardToApprove, mayDecide } from "../lifecycle/approvers.ts";
import { type Card, sameVersion } from "../lifecycle/card.ts";
import { type Approver, answersFor } from "../lifecycle/people.ts";
import { reviewedContent } from "../lifecycle/reviewed-content.ts";
import type { Lifecycle, Settings } from "../lifecycle/settings.ts";
import {
  type ApprovalRequest,
  isAbout,
  isExpired,
  isToBeApplied,
  voteOf,
  withVote,
} from "../records/approval-request.ts";
import { type CardRecord, editorsOf } from "../records/card-record.ts";
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
  /** The card as it is now, without content, with everybody who is known to have created or edited this version. */
  card: Card;
  lifecycle: Lifecycle | undefined;
  /** Content of the reviewed version, a JSON text; `undefined` where it is gone. Untrusted. */
  content: string | undefined;
  /** The version that the reviewed one is compared with: the one approved last, here or outside Cardway. Absent where there is none. */
  approvedLast?: (VersionContent & { approvedHere: boolean }) | undefined;
  /** The card's newer version, where it has moved on and this approver answers for it too. */
  movedTo?: VersionContent | undefined;
  /**
   * `open`: a vote is asked for. `voted`: this approver has voted, and others are still asked. `ended`: the request has its
   * outcome, see `request.status`. `expired`: the time is up. `card-moved`: the card is another version or in another
   * status now, or was sent to review again. `own-card`: this approver may not decide about it.
   */
  state: "open" | "voted" | "ended" | "expired" | "card-moved" | "own-card";
}

/** Content of one version of a card, as SageMaker keeps it. Untrusted. */
export interface VersionContent {
  version: number;
  content: string | undefined;
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
  return opened === undefined ? undefined : viewOf(opened.request, opened.approver, dependencies);
}

/**
 * Takes the vote that an approver posted, and where it decides, wakes the execution that waits for it.
 *
 * @returns the page to show, and whether it was this very post that voted. `undefined` for any link that Cardway did not
 *   make.
 */
export async function decideApproval(
  link: ApprovalLink,
  form: DecisionForm,
  dependencies: ApprovalPageDependencies,
): Promise<(ApprovalView & { votedNow: boolean }) | undefined> {
  const opened = await openLink(link, dependencies);
  if (opened === undefined) return undefined;
  const { records, settings, now } = dependencies;
  const { approver } = opened;
  const found = await cardUnderReview(opened.request, dependencies);
  const { card, content } = found;
  const isApproval = form.decision === "approve";
  if ((content === undefined && isApproval) || hasLeftLifecycle(opened.request, found)) {
    return { ...(await viewOf(opened.request, approver, dependencies)), votedNow: false };
  }
  const subject = subjectOf(opened.request, card, content);
  const eligible = settings.approvers.filter((one) => mayDecide(one, subject));
  const { request, votedNow } = await records.changeRequest(link.requestId, (found) => {
    const outcome = withVote(found, {
      approverId: approver.id,
      name: approver.name,
      roles: approver.roles,
      approve: isApproval,
      comment: form.comment,
      now: now(),
      card,
      eligible,
    });
    return "refusal" in outcome
      ? { record: found, result: { request: found, votedNow: false } }
      : { record: outcome.request, result: { request: outcome.request, votedNow: true } };
  });
  // A repeated post wakes again while the decision is not applied, in case the first was interrupted in between.
  if (isToBeApplied(request) && isAbout(request, card)) await wake(request, "decided", dependencies);
  // After a rejection that does not end the request, others may have to be asked.
  else if (votedNow && !isApproval && request.status === "open") await wake(request, "due", dependencies);
  return { ...(await viewOf(request, approver, dependencies)), votedNow };
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
  const message = linkMessage(request, approverId);
  try {
    const genuine = await verifier.verify(message, Buffer.from(mac, "base64url"), request.keyArn);
    return genuine ? { request, approver } : undefined;
  } catch (error) {
    // The key of an ended request may have lost the alias by which policies allow it.
    if (request.status !== "open" && isAccessDenied(error)) return undefined;
    throw error;
  }
}

function isAccessDenied(error: unknown): boolean {
  const cause = error instanceof AwsCallFailedError ? error.cause : undefined;
  return cause instanceof Error && cause.name === "AccessDeniedException";
}

async function viewOf(
  request: ApprovalRequest,
  approver: Approver,
  dependencies: ApprovalPageDependencies,
): Promise<ApprovalView> {
  const { modelCards, now } = dependencies;
  const found = await cardUnderReview(request, dependencies);
  const { card, record, content, lifecycle } = found;
  const { modelCardArn, creationTime } = request.card;
  // Another version may be another team's.
  const contentOf = async (version: number | undefined): Promise<VersionContent | undefined> => {
    if (version === undefined || card.creationTime !== creationTime) return undefined;
    const other = await modelCards.content(modelCardArn, version);
    return answersFor(approver, subjectOf(request, card, other)) ? { version, content: other } : undefined;
  };
  const { approved, approvedLast } = record;
  const lastContent =
    approvedLast?.creationTime === creationTime ? await contentOf(approvedLast?.version) : undefined;
  const approvedHere =
    approved !== undefined && approvedLast !== undefined && sameVersion(approved, approvedLast);
  return {
    request,
    approver,
    card,
    lifecycle,
    content,
    approvedLast: lastContent && { ...lastContent, approvedHere },
    movedTo: sameVersion(card, request.card) ? undefined : await contentOf(card.version),
    state: stateOf(request, approver, found, now()),
  };
}

function stateOf(
  request: ApprovalRequest,
  approver: Approver,
  found: CardUnderReview,
  now: Date,
): ApprovalView["state"] {
  const { card, content } = found;
  if (request.status !== "open") return "ended";
  if (isExpired(request, now)) return "expired";
  if (!isAbout(request, card) || hasLeftLifecycle(request, found)) return "card-moved";
  if (!mayDecide(approver, subjectOf(request, card, content))) return "own-card";
  return voteOf(request, approver.id) === undefined ? "open" : "voted";
}

/** The card as it is now, what is on record about it, and the content that the request is about. */
interface CardUnderReview {
  card: Card;
  record: CardRecord;
  lifecycle: Lifecycle | undefined;
  content: string | undefined;
}

async function cardUnderReview(
  { card: { modelCardArn, modelCardName, creationTime, version } }: ApprovalRequest,
  { modelCards, records, settings }: ApprovalPageDependencies,
): Promise<CardUnderReview> {
  const [content, record] = await Promise.all([
    version === undefined ? undefined : modelCards.content(modelCardArn, version),
    records.readCard(modelCardArn),
  ]);
  // Read after the content: a card of the same name that was made anew since has content that nobody here is to see.
  const found = await modelCards.read(modelCardArn);
  const lifecycle = await lifecycleNow(
    { modelCardArn, modelCardName, status: found.status },
    { modelCards, settings },
  );
  return {
    card: { ...found, editors: editorsOf(record, found) },
    record,
    lifecycle,
    content: found.creationTime === creationTime ? content : undefined,
  };
}

/** Whether the card's tags or the routes have changed meanwhile: an approval moves a card along its own lifecycle only. */
function hasLeftLifecycle(
  request: ApprovalRequest,
  { lifecycle }: Pick<CardUnderReview, "lifecycle">,
): boolean {
  return request.lifecycle !== (lifecycle?.name ?? null);
}

function subjectOf(request: ApprovalRequest, card: Card, content: string | undefined): CardToApprove {
  return { ...card, ...reviewedContent(content), lifecycle: request.lifecycle };
}

/**
 * Lets the workflow go on with what is on record already. Where nobody waits for it any more, or waking fails, a new
 * execution finds it.
 */
async function wake(
  { waiting, card }: ApprovalRequest,
  kind: "decided" | "due",
  { executions, starter }: ApprovalPageDependencies,
): Promise<void> {
  const woken =
    waiting !== undefined &&
    (await executions.resume(waiting.taskToken, { kind }).catch((error: unknown) => {
      if (error instanceof AwsUnavailableError || error instanceof AwsCallFailedError) return false;
      throw error;
    }));
  if (!woken)
    await starter.start({ modelCardArn: card.modelCardArn, reason: "a vote waits to be carried out" });
}
