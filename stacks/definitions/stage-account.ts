import { readOnlyStages, readerRoleArn, readerRoleName } from "../../functions/lifecycle/read-only.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { verifierExternalId, verifierRoleName } from "../../functions/lifecycle/verifier-role.ts";
import { roleArnOf } from "./deployment.ts";
import { functionNameOf } from "./functions.ts";
import type { PolicyStatement } from "./policy.ts";
import { type RoleDefinition, document } from "./roles.ts";

/** The functions that ask what a reader role may do. */
const verifyingFunctions = ["grant-access", "confirm-access"];

/**
 * The roles of a stage account that may only read. RAM cannot share a model card read-only, so the reader role is the one
 * principal of its shares, and can read and nothing else: by its policy, by an explicit deny, and by a permissions boundary
 * that keeps it so.
 */
export function readOnlyStageRoles(accountId: string, { modelCardAccountId }: Settings): RoleDefinition[] {
  const readCards: PolicyStatement = {
    Sid: "ReadSharedModelCards",
    Effect: "Allow",
    Action: ["sagemaker:DescribeModelCard", "sagemaker:ListModelCardVersions"],
    Resource: `arn:aws:sagemaker:*:${modelCardAccountId}:model-card/*`,
  };
  const neverUpdate: PolicyStatement = {
    Sid: "NeverUpdateModelCards",
    Effect: "Deny",
    Action: "sagemaker:UpdateModelCard",
    Resource: "*",
  };
  return [
    {
      roleName: readerRoleName,
      accountId,
      trust: document([
        { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Action: "sts:AssumeRole" },
      ]),
      policy: document([readCards, neverUpdate]),
      permissionsBoundary: document([readCards, neverUpdate]),
    },
    {
      roleName: verifierRoleName,
      accountId,
      trust: document([
        {
          Effect: "Allow",
          Principal: {
            AWS: verifyingFunctions.map((folder) => roleArnOf(functionNameOf(folder), modelCardAccountId)),
          },
          Action: "sts:AssumeRole",
          Condition: { StringEquals: { "sts:ExternalId": verifierExternalId(modelCardAccountId) } },
        },
      ]),
      policy: document([
        {
          Sid: "AskWhatTheReaderMayDo",
          Effect: "Allow",
          Action: "iam:SimulatePrincipalPolicy",
          Resource: readerRoleArn(accountId),
        },
      ]),
    },
  ];
}

/** The accounts that need these roles. */
export function readOnlyAccounts({ lifecycles }: Settings): string[] {
  return [
    ...new Set(
      lifecycles.flatMap((lifecycle) => readOnlyStages(lifecycle).map(({ accountId }) => accountId)),
    ),
  ];
}
export function stageAccountOf(stage: string, settings: Settings): string | undefined {
  return settings.lifecycles.flatMap(({ stages }) => stages).find(({ name }) => `${name}-account` === stage)
    ?.accountId;
}
export function stageAccountRoles(accountId: string, settings: Settings): RoleDefinition[] {
  return readOnlyStageRoles(accountId, settings);
}
