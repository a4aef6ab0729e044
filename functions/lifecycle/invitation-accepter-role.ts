/** The role in stage accounts outside the organisation by which Cardway accepts the invitations to its own shares. */
export const invitationAccepterRoleName = "cardway-invitation-accepter";

export function invitationAccepterRoleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/${invitationAccepterRoleName}`;
}
