import type { ApprovalRequest } from "../records/approval-request.ts";

/**
 * What the MAC of an approver's link covers: every field that matters, so that none can be changed.
 *
 * @param approverId - Whose link it is; the decision is recorded under this name and no other.
 */
export function linkMessage(
  { requestId, card, policyVersion, expiresAt, keyArn }: ApprovalRequest,
  approverId: string,
): string {
  const { modelCardArn, creationTime, version } = card;
  return JSON.stringify([
    requestId,
    approverId,
    modelCardArn,
    creationTime,
    version,
    policyVersion,
    expiresAt,
    keyArn,
  ]);
}

/** Path of an approver's link below the approval page's base address. */
export function linkPath({ requestId }: ApprovalRequest, approverId: string, mac: Uint8Array): string {
  return `/approvals/${requestId}/${approverId}/${Buffer.from(mac).toString("base64url")}`;
}
