import { describe, expect, it } from "vitest";
import { conditionContext } from "../../../local/identity/policy-conditions.ts";
import { trustOf } from "../../../local/identity/trust-policy.ts";
import type { PolicyStatement } from "../../../stacks/definitions/policy.ts";

const candidate = {
  accountId: "111111111111",
  principalArn: "arn:aws:iam::111111111111:role/promoter",
  arn: "arn:aws:sts::111111111111:assumed-role/promoter/one",
};
const allow = (Principal: PolicyStatement["Principal"]): PolicyStatement => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  ...(Principal === undefined ? {} : { Principal }),
});
const trust = (...Statement: PolicyStatement[]) =>
  trustOf(
    { Version: "2012-10-17", Statement },
    { action: "sts:AssumeRole", candidate, context: conditionContext({}) },
  );

describe("trustOf", () => {
  it.each([
    ["the role's ARN", candidate.principalArn, "principal"],
    ["the session's ARN", candidate.arn, "principal"],
    ["everybody", "*", "principal"],
    ["the account by its id", "111111111111", "account"],
    ["the account's root", "arn:aws:iam::111111111111:root", "account"],
    ["another account", "arn:aws:iam::999999999999:root", "none"],
    ["another role", "arn:aws:iam::111111111111:role/other", "none"],
    ["a part of the ARN", "arn:aws:iam::111111111111:role/*", "none"],
  ])("answers for a trust of %s", (_what, AWS, expected) => {
    expect(trust(allow({ AWS }))).toBe(expected);
  });

  it("prefers being named to being one of an account", () => {
    expect(trust(allow({ AWS: ["111111111111", candidate.arn] }))).toBe("principal");
    expect(trust(allow({ AWS: "111111111111" }), allow({ AWS: candidate.arn }))).toBe("principal");
  });

  it("lets a deny of the account win over a trust of the principal", () => {
    expect(trust(allow({ AWS: candidate.arn }), { ...allow({ AWS: "111111111111" }), Effect: "Deny" })).toBe(
      "explicitDeny",
    );
  });

  it("ignores statements on other actions and whose condition does not hold", () => {
    const condition = { StringEquals: { "sts:ExternalId": "secret" } };

    expect(trust({ ...allow({ AWS: "*" }), Action: "sts:TagSession" })).toBe("none");
    expect(trust({ ...allow({ AWS: "*" }), Condition: condition })).toBe("none");
  });

  it("tells services from accounts", () => {
    const document = {
      Version: "2012-10-17" as const,
      Statement: [allow({ Service: "lambda.amazonaws.com" })],
    };
    const question = { action: "sts:AssumeRole", context: conditionContext({}) };

    expect(trustOf(document, { ...question, candidate })).toBe("none");
    expect(trustOf(document, { ...question, candidate: { service: "lambda.amazonaws.com" } })).toBe(
      "principal",
    );
    expect(trustOf(document, { ...question, candidate: { service: "events.amazonaws.com" } })).toBe("none");
  });
});
