import { type Settings, type SettingsInput, defineSettings } from "../../../functions/lifecycle/settings.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";
import type { Decision } from "../../../local/identity/policy-evaluation.ts";
import { evaluate } from "../../../local/identity/policy-evaluation.ts";
import { conditionContext } from "../../../local/identity/policy-conditions.ts";
import type { PolicyDocument } from "../../../stacks/definitions/policy.ts";

export const owner = "111111111111";
export const dev = "222222222222";
export const test = "333333333333";
export const prod = "444444444444";
export const card = `arn:aws:sagemaker:us-east-1:${owner}:model-card/churn`;
export const cardKey = `arn:aws:kms:us-east-1:${owner}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

const { policyVersion: _derived, ...repository } = lifecycleSettings;

/** The repository's settings, with some of them changed. */
export function settingsWith(changes: Partial<SettingsInput>): Settings {
  return defineSettings({ ...repository, ...changes });
}

/** Every condition that the settings can ask for. */
export const conditional = settingsWith({
  deployment: {
    cardKeyArns: [cardKey],
    personas: {
      vpcIds: ["vpc-1", "vpc-2"],
      vpcEndpointIds: ["vpce-1"],
      cardTags: { "line-of-business": "retail" },
      principalTags: { team: "credit" },
    },
  },
});

/** A call that fulfils all of them. */
export const fulfilling = {
  "aws:SourceVpc": "vpc-2",
  "aws:SourceVpce": "vpce-1",
  "aws:ResourceTag/line-of-business": "retail",
  "aws:PrincipalTag/team": "credit",
};

export function decisionOf(
  document: PolicyDocument,
  action: string,
  resource: string,
  context: Record<string, string> = {},
): Decision {
  const policies = [{ name: "policy", document }];
  return evaluate(policies, { action, resource, context: conditionContext(context) }).decision;
}
