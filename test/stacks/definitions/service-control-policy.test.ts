import { describe, expect, it } from "vitest";
import settings from "../../../lifecycle.config.ts";
import { checkPolicyDocument } from "../../../local/identity/policy-document.ts";
import { conditionContext } from "../../../local/identity/policy-conditions.ts";
import { evaluate } from "../../../local/identity/policy-evaluation.ts";
import { administratorPolicy } from "../../../local/identity/roles.ts";
import { serviceControlPolicy } from "../../../stacks/definitions/service-control-policy.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import { card, dev, owner, prod, settingsWith } from "./example-settings.ts";

const policy = { name: "service-control-policy", document: serviceControlPolicy(settings) };
const readerRole = `arn:aws:iam::${prod}:role/cardway-card-reader`;

/** What a principal may do under the policy: AWS attaches one that allows everything beside it. */
function decision(
  accountId: string,
  action: string,
  resource: string,
  principal = "user/administrator",
): string {
  const context = conditionContext({
    "aws:PrincipalAccount": accountId,
    "aws:PrincipalArn": `arn:aws:iam::${accountId}:${principal}`,
  });
  const identity =
    principal === "role/cardway-card-reader"
      ? stageAccountRoles(accountId, settings).flatMap(({ roleName, policy }) =>
          roleName === "cardway-card-reader" ? [{ name: roleName, document: policy }] : [],
        )
      : [administratorPolicy];
  const question = { action, resource, context };
  const held = evaluate([administratorPolicy, policy], question).decision;
  return held === "allowed" ? evaluate(identity, question).decision : held;
}

const readOnly = {
  Draft: "none",
  PendingReview: "none",
  Approved: "read-only",
  Archived: "none",
} as const;

describe("the service control policy", () => {
  it("keeps an administrator of production from updating a card, and lets the reader read", () => {
    expect(decision(prod, "sagemaker:UpdateModelCard", card)).toBe("explicitDeny");
    expect(decision(prod, "sagemaker:DescribeModelCard", card, "role/cardway-card-reader")).toBe("allowed");
    expect(decision(prod, "sagemaker:UpdateModelCard", card, "role/cardway-card-reader")).toBe(
      "explicitDeny",
    );
  });

  it("holds back nobody who writes, wherever it is attached, and nobody's own cards", () => {
    expect(decision(dev, "sagemaker:UpdateModelCard", card)).toBe("allowed");
    expect(decision(owner, "sagemaker:UpdateModelCard", card)).toBe("allowed");
    expect(decision(prod, "sagemaker:UpdateModelCard", card.replace(owner, prod))).toBe("allowed");
  });

  it.each([
    ["iam:PutRolePolicy", readerRole],
    ["iam:DeleteRolePermissionsBoundary", readerRole],
    ["iam:UpdateAssumeRolePolicy", readerRole],
    ["iam:DeleteRole", `arn:aws:iam::${prod}:role/cardway-access-verifier`],
    ["iam:CreatePolicyVersion", `arn:aws:iam::${prod}:policy/cardway-card-reader-boundary`],
  ])("leaves %s on Cardway's roles to the deployment", (action, resource) => {
    expect(decision(prod, action, resource)).toBe("explicitDeny");
    expect(decision(prod, action, resource, "role/stacksets-exec-0123456789abcdef")).toBe("allowed");
    expect(decision(prod, action, `arn:aws:iam::${prod}:role/theirs`)).toBe("allowed");
    expect(decision(dev, action, resource)).toBe("allowed");
  });

  it("can be evaluated by IAM, and is no longer than AWS Organizations takes", () => {
    expect(checkPolicyDocument(policy.document, "identity")).toStrictEqual(policy.document);
    expect(JSON.stringify(policy.document).length).toBeLessThanOrEqual(5_120);
  });

  it("says so where the accounts are too many for one policy", () => {
    const stages = Array.from({ length: 200 }, (_, index) => ({
      name: `stage-${index}`,
      accountId: String(500_000_000_000 + index),
      access: readOnly,
    }));
    const many = settingsWith({ lifecycles: [{ name: "default", stages }] });

    expect(() => serviceControlPolicy(many)).toThrow(
      /200 accounts has \d+ characters; AWS Organizations takes 5120/,
    );
  });

  it("leaves out an account that writes in another lifecycle, and says so where nobody is left", () => {
    const readWrite = {
      Draft: "read-write",
      PendingReview: "none",
      Approved: "none",
      Archived: "none",
    } as const;
    const both = settingsWith({
      lifecycles: [
        { name: "default", stages: [{ name: "live", accountId: prod, access: readOnly }] },
        { name: "other", stages: [{ name: "dev", accountId: prod, access: readWrite }] },
      ],
    });

    expect(() => serviceControlPolicy(both)).toThrow("no account that only reads cards");
  });
});
