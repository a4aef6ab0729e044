import { describe, expect, it } from "vitest";
import { judgeRole } from "../../../cli/doctor/judge-roles.ts";
import type { LiveRole } from "../../../cli/doctor/roles.ts";
import type { RoleDefinition } from "../../../stacks/definitions/roles.ts";
import { allow, documentOf, trusting } from "../../local/identity/local-identity.ts";

const account = { accountId: "444444444444", stages: ["prod"] };
const policy = documentOf(allow("sagemaker:DescribeModelCard"));
const definition: RoleDefinition = {
  roleName: "reader",
  accountId: account.accountId,
  trust: trusting(account.accountId),
  policy,
  permissionsBoundary: policy,
};
const asDefined: LiveRole = {
  trust: definition.trust.Statement,
  policy: policy.Statement,
  attachedPolicyArns: [],
  boundary: policy.Statement,
};
const { permissionsBoundary: _none, ...withoutBoundary } = definition;

describe("judgeRole", () => {
  it.each<[string, RoleDefinition, Partial<LiveRole>, string]>([
    ["as defined", definition, {}, "ok"],
    ["with a boundary that nobody asked for", withoutBoundary, {}, "ok"],
    ["with a managed policy", definition, { attachedPolicyArns: ["arn:aws:iam::aws:policy/X"] }, "to do"],
    ["with a trust that is no policy", definition, { trust: undefined }, "to do"],
    ["with a boundary that is no policy", definition, { boundary: undefined }, "to do"],
  ])("takes a role %s for what it is", (_what, expected, live, status) => {
    const finding = judgeRole(expected, { seen: { ...asDefined, ...live } }, account, true);

    expect(finding).toMatchObject({ check: "role reader in prod", status });
  });

  it("names every fault in one sentence", () => {
    const live: LiveRole = { trust: [], policy: [], attachedPolicyArns: ["arn:x"], boundary: "none" };

    expect(judgeRole(definition, { seen: live }, account, true).saw).toBe(
      "In account 444444444444 its trust policy is another than the defined one; its inline policies are others than the defined ones; managed policies are attached to it (arn:x); its permissions boundary is missing.",
    );
  });
});
