import { invitationAccepterRoleName } from "../../functions/lifecycle/invitation-accepter-role.ts";
import { readerRoleArn } from "../../functions/lifecycle/read-only.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { stageAccountKinds } from "../../functions/lifecycle/stage-accounts.ts";
import { stageRoleExternalId, verifierRoleName } from "../../functions/lifecycle/verifier-role.ts";
import { deploymentOf, roleArnOf, roleTags } from "./deployment.ts";
import { functionNameOf } from "./functions.ts";
import { personaRoles } from "./personas.ts";
import { type PolicyStatement, document } from "./policy.ts";
import type { RoleDefinition } from "./roles.ts";

/**
 * All roles of one stage account: those of its personas, and those by which Cardway asks what its readers may do and accepts
 * invitations for it.
 *
 * RAM cannot share a model card read-only, so where the account may only read, the reader role is the one principal of its
 * shares, and can read and nothing else: by its policy, by an explicit deny, and by a permissions boundary that keeps it so.
 */
export function stageAccountRoles(accountId: string, settings: Settings): RoleDefinition[] {
  const kinds = stageAccountKinds(accountId, settings);
  // The approval page is none of a stage's business.
  const deployment = deploymentOf(settings, "");
  return [
    ...personaRoles(kinds, { accountId, deployment, settings }),
    ...(kinds.includes("reading") ? [verifierRole(accountId, settings)] : []),
    ...(kinds.length > 0 ? [invitationAccepterRole(accountId, settings)] : []),
  ];
}

function verifierRole(accountId: string, settings: Settings): RoleDefinition {
  return roleOfCardway(verifierRoleName, ["grant-access", "confirm-access", "sweep"], accountId, settings, [
    {
      Sid: "AskWhatTheReaderMayDo",
      Effect: "Allow",
      Action: "iam:SimulatePrincipalPolicy",
      Resource: readerRoleArn(accountId),
    },
  ]);
}

/**
 * Accepts invitations to shares of the model card account. It is there before anybody is invited: whether Cardway takes it is up to
 * the settings. An invitation's ARN names the account that sent it in every example
 * of AWS, but no page says so: the condition does not depend on it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsresourceaccessmanagerram.html
 */
function invitationAccepterRole(accountId: string, settings: Settings): RoleDefinition {
  return roleOfCardway(invitationAccepterRoleName, ["confirm-access"], accountId, settings, [
    {
      Sid: "FindInvitations",
      Effect: "Allow",
      Action: "ram:GetResourceShareInvitations",
      Resource: "*",
    },
    {
      Sid: "AcceptInvitationsToCards",
      Effect: "Allow",
      Action: "ram:AcceptResourceShareInvitation",
      Resource: "arn:aws:ram:*:*:resource-share-invitation/*",
      Condition: {
        StringEquals: { "ram:ShareOwnerAccountId": settings.modelCardAccountId },
        // Older pages of the reference give this call no share name.
        StringLikeIfExists: { "ram:ResourceShareName": "cardway-*" },
      },
    },
  ]);
}

/** A role that functions of Cardway assume, and nobody else. */
function roleOfCardway(
  roleName: string,
  folders: string[],
  accountId: string,
  { modelCardAccountId }: Settings,
  statements: PolicyStatement[],
): RoleDefinition {
  return {
    roleName,
    accountId,
    trust: document([
      {
        Effect: "Allow",
        Principal: { AWS: folders.map((folder) => roleArnOf(functionNameOf(folder), modelCardAccountId)) },
        Action: "sts:AssumeRole",
        Condition: { StringEquals: { "sts:ExternalId": stageRoleExternalId(modelCardAccountId) } },
      },
    ]),
    policy: document(statements),
    tags: roleTags,
  };
}
