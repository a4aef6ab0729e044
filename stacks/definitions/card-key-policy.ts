import { ConfigurationError } from "../../functions/errors.ts";
import type { Settings } from "../../functions/lifecycle/settings.ts";
import { stageAccounts } from "../../functions/lifecycle/stage-accounts.ts";
import { cardKeyConditions } from "./card-keys.ts";
import { deploymentOf, roleArnOf } from "./deployment.ts";
import { modelCardAccountPersonaRoles } from "./personas.ts";
import type { PolicyStatement } from "./policy.ts";
import { modelCardAccountRoles, type RoleDefinition } from "./roles.ts";
import { stageAccountRoles } from "./stage-account.ts";

/**
 * Statements for the key policies of the cards' keys: one for whoever reads cards and one for whoever writes them, over all
 * cards, because a key policy is too small for one a card.
 *
 * They name accounts and ask for the role as a condition: KMS refuses a policy that names a role before it is there, and forgets a
 * role that is made anew.
 *
 * @throws {ConfigurationError} the settings name no key.
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/model-cards-xaccount.html
 */
export function cardKeyPolicyStatements(settings: Settings): PolicyStatement[] {
  const deployment = deploymentOf(settings, "");
  if (settings.deployment.cardKeyArns.length === 0) {
    throw new ConfigurationError(
      "The settings name no key of cards (deployment.cardKeyArns), so there is no key policy to add to.",
    );
  }
  const roles = [
    ...modelCardAccountRoles(deployment),
    ...modelCardAccountPersonaRoles(deployment, settings),
    ...stageAccounts(settings).flatMap((accountId) => stageAccountRoles(accountId, settings)),
  ];
  const writers = roles.filter((role) => allows(role, "kms:GenerateDataKey"));
  const readers = roles.filter((role) => allows(role, "kms:Decrypt") && !writers.includes(role));
  const statement = (Sid: string, Action: string[], arns: string[]): PolicyStatement[] => {
    if (arns.length === 0) return [];
    return [
      {
        Sid,
        Effect: "Allow",
        Principal: { AWS: [...new Set(arns.map((arn) => `arn:aws:iam::${arn.split(":")[4] ?? ""}:root`))] },
        Action,
        Resource: "*",
        Condition: { ...cardKeyConditions(deployment), ArnEquals: { "aws:PrincipalArn": arns } },
      },
    ];
  };
  return [
    ...statement("ReadModelCards", ["kms:Decrypt"], arnsOf(readers)),
    ...statement(
      "WriteModelCards",
      ["kms:Decrypt", "kms:GenerateDataKey"],
      [...arnsOf(writers), ...namedWriters(settings)],
    ),
  ];
}

function allows({ policy }: RoleDefinition, action: string): boolean {
  return policy.Statement.some(
    ({ Effect, Action }) => Effect === "Allow" && [Action].flat().includes(action),
  );
}

function arnsOf(roles: RoleDefinition[]): string[] {
  return roles.map(({ roleName, accountId }) => roleArnOf(roleName, accountId));
}

/** The organisation's own roles that shares name; their identity policies are its own affair. */
function namedWriters({ lifecycles }: Settings): string[] {
  const stages = lifecycles.flatMap(({ stages }) => stages);
  return [...new Set(stages.flatMap(({ writerRoleArns = [] }) => writerRoleArns))];
}
