import { nameOf } from "../functions/aws/sagemaker.ts";
import { type ApprovalRequest, voteOf } from "../functions/records/approval-request.ts";
import { AttentionSchema } from "../functions/records/attention.ts";
import { requestFrom, requestKey } from "../functions/records/records-in-table.ts";
import type { QuerySources } from "./sources.ts";

/** One person who was asked, and what came of it. Addresses stay in the settings. */
export interface Asked {
  approverId: string;
  name: string;
  roles: string[];
  deputy: boolean;
  /** What they answered, and when. */
  vote?: { approve: boolean; at: string; comment: string } | undefined;
  /** Mails to them: when they were sent, or given up. */
  mails: { kind: string; round: number; sentAt?: string | undefined; failedAt?: string | undefined }[];
}

/** An approval request, without the token of who waits for it. */
export interface RequestView {
  requestId: string;
  modelCardArn: string;
  modelCardName: string;
  version?: number | undefined;
  lifecycle: string | null;
  riskRating: string;
  status: ApprovalRequest["status"];
  /** How many approvals it takes, and of which roles. */
  approvals: number;
  roles: string[];
  asked: Asked[];
  /** Who is asked when it is escalated. */
  deputies: { approverId: string; name: string }[];
  requestedAt: string;
  expiresAt: string;
  escalatedAt?: string | undefined;
  endedAt?: string | undefined;
  withdrawnBy?: string | undefined;
  policyVersion: string;
  /** The execution that waits for its end. */
  executionArn?: string | undefined;
  secondsLeft: number;
}

/** Open requests, those whose time ends first at the top. */
export async function readOpenRequests(
  { skip, limit }: { skip: number; limit: number },
  sources: Pick<QuerySources, "tableQueries" | "now">,
): Promise<{ requests: RequestView[]; total: number }> {
  const { tableQueries, now } = sources;
  const open = (await tableQueries.attention())
    .map((text) => AttentionSchema.parse(JSON.parse(text)))
    .flatMap((attention) => ("requestId" in attention ? attention : []))
    .sort((one, other) => one.expiresAt.localeCompare(other.expiresAt));
  const ids = open.slice(skip, skip + limit).map(({ requestId }) => requestId);
  const items = await tableQueries.getAll(ids.map(requestKey));
  const requests = ids.flatMap((requestId, index) => {
    const data = items[index];
    // The index may be a moment behind.
    const request = data === undefined ? undefined : requestFrom(requestId, data);
    return request?.status === "open" ? requestView(request, now()) : [];
  });
  return { requests, total: open.length };
}

/** One request, open or ended; `undefined` where there is none. */
export async function readRequest(
  requestId: string,
  { records, now }: Pick<QuerySources, "records" | "now">,
): Promise<RequestView | undefined> {
  const request = await records.findRequest(requestId);
  return request && requestView(request, now());
}

export function requestView(request: ApprovalRequest, now: Date): RequestView {
  const { requestId, card, lifecycle, riskRating, status, policy, deputies, waiting } = request;
  return {
    requestId,
    modelCardArn: card.modelCardArn,
    modelCardName: nameOf(card.modelCardArn),
    version: card.version,
    lifecycle,
    riskRating,
    status,
    approvals: policy.approvals,
    roles: policy.roles,
    asked: request.approvers.map((approver) => askedOf(approver, request)),
    deputies: deputies.map(({ approverId, name }) => ({ approverId, name })),
    requestedAt: request.requestedAt,
    expiresAt: request.expiresAt,
    escalatedAt: request.escalatedAt,
    endedAt: request.endedAt,
    withdrawnBy: request.withdrawnBy,
    policyVersion: request.policyVersion,
    executionArn: waiting?.executionArn,
    secondsLeft: Math.max(0, Math.round((Date.parse(request.expiresAt) - now.getTime()) / 1_000)),
  };
}

function askedOf(
  { approverId, name, roles, deputy }: ApprovalRequest["approvers"][number],
  request: ApprovalRequest,
): Asked {
  const vote = voteOf(request, approverId);
  return {
    approverId,
    name,
    roles,
    deputy,
    ...(vote && { vote: { approve: vote.approve, at: vote.at, comment: vote.comment } }),
    mails: request.notices
      .filter(({ recipientId }) => recipientId === approverId)
      .map(({ kind, round, sentAt, failedAt }) => ({ kind, round, sentAt, failedAt })),
  };
}
