import { ConfigurationError } from "../../functions/errors.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { stageAccountKinds, stageAccounts } from "../../functions/lifecycle/stage-accounts.ts";
import type { PolicyDocument } from "./policy.ts";
import { document } from "./policy.ts";

/** @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
export const longestServiceControlPolicy = 5_120;

/**
 * What keeps administrators of read-only accounts from updating cards and from changing Cardway's roles there. It names its
 * accounts, so it is right wherever in the organisation it is attached.
 *
 * An account that may only read in one lifecycle and writes in another is not among them: it must write.
 *
 * @throws {ConfigurationError} no account of the settings only reads, or they are too many for one policy.
 */
export function serviceControlPolicy(settings: Settings): PolicyDocument {
  const accounts = stageAccounts(settings).filter((accountId) => {
    const kinds = stageAccountKinds(accountId, settings);
    return kinds.includes("reading") && !kinds.includes("authoring") && !kinds.includes("validating");
  });
  if (accounts.length === 0) {
    throw new ConfigurationError(
      "The settings have no account that only reads cards, so a service control policy has nobody to hold back.",
    );
  }
  const inAccounts = { StringEquals: { "aws:PrincipalAccount": accounts } };
  const policy = document([
    {
      Sid: "NeverUpdateModelCards",
      Effect: "Deny",
      Action: "sagemaker:UpdateModelCard",
      Resource: `arn:aws:sagemaker:*:${settings.modelCardAccountId}:model-card/*`,
      Condition: inAccounts,
    },
    {
      Sid: "KeepCardwayRoles",
      Effect: "Deny",
      Action: [
        "iam:AttachRolePolicy",
        "iam:CreateRole",
        "iam:DeleteRole",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DeleteRolePolicy",
        "iam:DetachRolePolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:UpdateAssumeRolePolicy",
        "iam:CreatePolicy",
        "iam:CreatePolicyVersion",
        "iam:DeletePolicy",
        "iam:DeletePolicyVersion",
        "iam:SetDefaultPolicyVersion",
      ],
      Resource: ["arn:aws:iam::*:role/cardway-*", "arn:aws:iam::*:policy/cardway-*"],
      Condition: {
        ...inAccounts,
        ArnNotLike: { "aws:PrincipalArn": settings.deployment.stageDeployerArns },
      },
    },
  ]);
  const length = JSON.stringify(policy).length;
  if (length > longestServiceControlPolicy) {
    throw new ConfigurationError(
      `The service control policy for ${accounts.length} accounts has ${length} characters; AWS Organizations takes ${longestServiceControlPolicy}. ` +
        "Attach one for each part of the organisation, made from settings with only its lifecycles.",
    );
  }
  return policy;
}
