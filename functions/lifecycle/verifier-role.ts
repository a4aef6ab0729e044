/** The role in each read-only stage account that lets Cardway ask what the reader role may do, and nothing else. */
export const verifierRoleName = "cardway-access-verifier";

export function verifierRoleArn(accountId: string): string {
  return `arn:aws:iam::${accountId}:role/${verifierRoleName}`;
}

/** The external id that every role which Cardway takes in a stage account asks for. */
export function stageRoleExternalId(modelCardAccountId: string): string {
  return `cardway-${modelCardAccountId}`;
}
