import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionContext } from "../../../local/identity/policy-conditions.ts";
import { evaluate } from "../../../local/identity/policy-evaluation.ts";
import type { NamedPolicy } from "../../../local/identity/policy-evaluation.ts";
import type { PolicyStatement } from "../../../stacks/definitions/policy.ts";

const card = "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn";
const context = conditionContext({ "aws:RequestedRegion": "eu-west-1" });
const policy = (...Statement: PolicyStatement[]): NamedPolicy => ({
  name: "policy",
  document: { Version: "2012-10-17", Statement },
});
const decide = (policies: NamedPolicy[], action: string, resource = card) =>
  evaluate(policies, { action, resource, context }).decision;

describe("evaluate", () => {
  it("denies implicitly what no statement speaks about", () => {
    expect(decide([], "sagemaker:DescribeModelCard")).toBe("implicitDeny");
    expect(decide([policy({ Effect: "Allow", Action: "ram:*", Resource: "*" })], "sagemaker:Search")).toBe(
      "implicitDeny",
    );
  });

  it("allows by wildcards, the action in any case", () => {
    const reader = policy({
      Effect: "Allow",
      Action: ["SageMaker:describe*"],
      Resource: card.replace("churn", "*"),
    });

    expect(decide([reader], "sagemaker:DescribeModelCard")).toBe("allowed");
    expect(decide([reader], "sagemaker:UpdateModelCard")).toBe("implicitDeny");
    expect(decide([reader], "sagemaker:DescribeModelCard", card.toUpperCase())).toBe("implicitDeny");
  });

  it("applies a statement only where its condition holds", () => {
    const elsewhere = policy({
      Effect: "Allow",
      Action: "*",
      Resource: "*",
      Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
    });

    expect(decide([elsewhere], "sagemaker:DescribeModelCard")).toBe("implicitDeny");
  });

  it("answers a question without a resource only by statements on all resources", () => {
    const oneCard = policy({ Effect: "Allow", Action: "sagemaker:*", Resource: card });
    const all = policy({ Effect: "Allow", Action: "sagemaker:*", Resource: "*" });

    expect(decide([oneCard], "sagemaker:ListModelCards", "*")).toBe("implicitDeny");
    expect(decide([all], "sagemaker:ListModelCards", "*")).toBe("allowed");
  });

  it("lists every statement that allows, but only the first that denies", () => {
    const allow: PolicyStatement = { Effect: "Allow", Action: "*", Resource: "*" };
    const deny: PolicyStatement = { Effect: "Deny", Action: "sagemaker:Update*", Resource: "*" };
    const mixed = policy(allow, deny, { ...allow, Sid: "Again" }, deny);

    const allowed = evaluate([mixed], { action: "sagemaker:DescribeModelCard", resource: card, context });
    const denied = evaluate([mixed], { action: "sagemaker:UpdateModelCard", resource: card, context });

    expect(allowed.matched.map(({ statement }) => statement)).toStrictEqual([
      allow,
      { ...allow, Sid: "Again" },
    ]);
    expect(denied.matched).toStrictEqual([{ policy: mixed, statement: deny }]);
  });

  const pattern = fc.constantFrom(
    "*",
    "sagemaker:*",
    "sagemaker:Describe*",
    "sagemaker:UpdateModelCard",
    "ram:*",
  );
  const resource = fc.constantFrom("*", card, "arn:aws:sagemaker:*", "arn:aws:ram:*");
  const statement = fc.record<PolicyStatement>({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: pattern,
    Resource: resource,
  });
  const policies = fc.array(
    fc.array(statement, { minLength: 1, maxLength: 4 }).map((all) => policy(...all)),
    {
      maxLength: 4,
    },
  );
  const action = fc.constantFrom(
    "sagemaker:DescribeModelCard",
    "sagemaker:UpdateModelCard",
    "ram:GetResourceShares",
  );

  it("never allows what any statement denies", () => {
    const deny = (denied: string) => policy({ Effect: "Deny", Action: denied, Resource: "*" });

    fc.assert(
      fc.property(policies, fc.nat(4), action, (some, position, asked) => {
        expect(decide(some.toSpliced(position, 0, deny(asked)), asked)).toBe("explicitDeny");
      }),
    );
  });

  it("gives the same answer for policies and statements in any order", () => {
    fc.assert(
      fc.property(policies, action, (some, asked) => {
        const reversed = some.toReversed().map(({ document }) => policy(...document.Statement.toReversed()));

        expect(decide(reversed, asked)).toBe(decide(some, asked));
      }),
    );
  });

  it("never takes permission away when a policy that only allows is added", () => {
    const rank = { allowed: 1, implicitDeny: 0, explicitDeny: -1 };

    fc.assert(
      fc.property(policies, pattern, resource, action, (some, Action, Resource, asked) => {
        const more = [...some, policy({ Effect: "Allow", Action, Resource })];

        expect(rank[decide(more, asked)]).toBeGreaterThanOrEqual(rank[decide(some, asked)]);
      }),
    );
  });
});
