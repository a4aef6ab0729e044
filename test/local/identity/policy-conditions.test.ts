import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  conditionContext,
  conditionHolds,
  missingKeys,
  notModelledIn,
} from "../../../local/identity/policy-conditions.ts";

const role = "arn:aws:iam::222222222222:role/cardway-card-reader";
const context = conditionContext({
  "aws:PrincipalArn": role,
  "aws:PrincipalAccount": "222222222222",
  "aws:RequestedRegion": "eu-west-1",
  "aws:SecureTransport": "true",
  "aws:SourceArn": "arn:aws:states:eu-west-1:222222222222:execution:promotion:one",
});

describe("conditionHolds", () => {
  it.each([
    ["StringEquals", "aws:RequestedRegion", "eu-west-1", true],
    ["StringEquals", "aws:RequestedRegion", "EU-WEST-1", false],
    ["StringEquals", "aws:RequestedRegion", "eu-*", false],
    ["StringNotEquals", "aws:RequestedRegion", "eu-west-1", false],
    ["StringNotEquals", "aws:RequestedRegion", "us-east-1", true],
    ["StringEqualsIgnoreCase", "aws:RequestedRegion", "EU-West-1", true],
    ["StringNotEqualsIgnoreCase", "aws:RequestedRegion", "EU-West-1", false],
    ["StringLike", "aws:RequestedRegion", "eu-*", true],
    ["StringNotLike", "aws:RequestedRegion", "eu-*", false],
    ["ArnEquals", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/*", true],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/cardway-*", true],
    ["ArnLike", "aws:PrincipalArn", "arn:aws:*:role/cardway-card-reader", false],
    ["ArnNotLike", "aws:PrincipalArn", "arn:aws:iam::*:role/cardway-*", false],
    ["ArnLike", "aws:SourceArn", "arn:aws:states:*:*:execution:*", true],
    ["ArnLike", "aws:SourceArn", "arn:aws:states:*:execution:*", false],
    ["ArnNotEquals", "aws:PrincipalArn", "arn:aws:iam::222222222222:role/other", true],
    ["Bool", "aws:SecureTransport", "True", true],
    ["Bool", "aws:SecureTransport", "false", false],
    ["Null", "aws:SourceAccount", "true", true],
    ["Null", "aws:PrincipalArn", "true", false],
    ["Null", "aws:PrincipalArn", "false", true],
  ])("%s on %s with %s is %s", (operator, key, value, expected) => {
    expect(conditionHolds({ [operator]: { [key]: value } }, context)).toBe(expected);
  });

  it.each([
    ["StringEquals", false],
    ["StringLike", false],
    ["ArnLike", false],
    ["Bool", false],
    ["StringNotEquals", true],
    ["ArnNotLike", true],
    ["StringEqualsIfExists", true],
    ["ArnLikeIfExists", true],
  ])("%s on a key that the request does not have is %s", (operator, expected) => {
    expect(conditionHolds({ [operator]: { "aws:SourceAccount": "222222222222" } }, context)).toBe(expected);
  });

  const aliases = (...names: string[]) => conditionContext({ "kms:ResourceAliases": names });

  it.each([
    ["ForAnyValue:StringEquals", ["alias/a", "alias/b"], ["alias/b", "alias/c"], true],
    ["ForAnyValue:StringEquals", ["alias/a", "alias/b"], ["alias/*"], false],
    ["ForAnyValue:StringLike", ["alias/a", "alias/links-2"], ["alias/links*"], true],
    ["ForAnyValue:StringLike", ["alias/a"], ["alias/links*"], false],
    ["ForAnyValue:StringEqualsIgnoreCase", ["alias/a", "alias/b"], ["ALIAS/B"], true],
    ["ForAnyValue:StringNotEquals", ["alias/a", "alias/b"], ["alias/a"], true],
    ["ForAnyValue:StringNotEquals", ["alias/a", "alias/b"], ["alias/a", "alias/b"], false],
    ["ForAnyValue:StringNotLike", ["alias/a", "alias/b"], ["alias/*"], false],
    ["ForAllValues:StringEquals", ["alias/a", "alias/b"], ["alias/a", "alias/b", "alias/c"], true],
    ["ForAllValues:StringEquals", ["alias/a", "alias/b"], ["alias/a"], false],
    ["ForAllValues:StringLike", ["alias/links", "alias/links-2"], ["alias/links*"], true],
    ["ForAllValues:StringLike", ["alias/links", "alias/a"], ["alias/links*"], false],
    ["ForAllValues:StringNotLike", ["alias/a", "alias/b"], ["alias/links*"], true],
    ["ForAllValues:StringNotLike", ["alias/a", "alias/links"], ["alias/links*"], false],
    ["ForAnyValue:StringLikeIfExists", ["alias/a"], ["alias/links*"], false],
  ])("%s of %j with %j is %s", (operator, given, wanted, expected) => {
    expect(conditionHolds({ [operator]: { "kms:ResourceAliases": wanted } }, aliases(...given))).toBe(
      expected,
    );
  });

  it.each([
    ["a key that the request does not have", context],
    ["a key with an empty list", aliases()],
    ["an empty string", aliases("")],
  ])("takes %s for no value in set operators: none of any, all of none", (_name, request) => {
    const answerOf = (operator: string) =>
      conditionHolds({ [operator]: { "kms:ResourceAliases": "*" } }, request);

    expect(answerOf("ForAnyValue:StringLike")).toBe(false);
    expect(answerOf("ForAnyValue:StringNotLike")).toBe(false);
    expect(answerOf("ForAllValues:StringLike")).toBe(true);
    expect(answerOf("ForAllValues:StringNotLike")).toBe(true);
  });

  it("takes an empty list for a missing key in Null and IfExists", () => {
    const key = { "kms:ResourceAliases": "true" };

    expect(conditionHolds({ Null: key }, aliases())).toBe(true);
    expect(conditionHolds({ Null: key }, aliases("alias/a"))).toBe(false);
    expect(conditionHolds({ "ForAnyValue:StringLikeIfExists": key }, aliases())).toBe(true);
  });

  it("makes ForAnyValue of an operator the opposite of ForAllValues of its negation", () => {
    const name = fc.string({ unit: fc.constantFrom("a", "b", "*"), minLength: 1, maxLength: 3 });
    const operator = fc.constantFrom("Equals", "EqualsIgnoreCase", "Like");

    fc.assert(
      fc.property(operator, fc.array(name), fc.array(name, { minLength: 1 }), (operator, given, wanted) => {
        const answerOf = (name: string) =>
          conditionHolds({ [name]: { "kms:ResourceAliases": wanted } }, aliases(...given));

        expect(answerOf(`ForAnyValue:String${operator}`)).toBe(
          !answerOf(`ForAllValues:StringNot${operator}`),
        );
      }),
    );
  });

  it("takes any of several values, but every key and every operator", () => {
    const oneValueFits = { StringEquals: { "aws:RequestedRegion": ["us-east-1", "eu-west-1"] } };
    const oneKeyFails = {
      StringEquals: { "aws:RequestedRegion": "eu-west-1", "aws:PrincipalAccount": "333333333333" },
    };
    const oneOperatorFails = {
      StringEquals: { "aws:RequestedRegion": "eu-west-1" },
      Bool: { "aws:SecureTransport": "false" },
    };

    expect(conditionHolds(oneValueFits, context)).toBe(true);
    expect(conditionHolds(oneKeyFails, context)).toBe(false);
    expect(conditionHolds(oneOperatorFails, context)).toBe(false);
  });

  it("reads condition keys in any case", () => {
    expect(conditionHolds({ StringEquals: { "AWS:requestedregion": "eu-west-1" } }, context)).toBe(true);
  });

  it("makes a negated operator the opposite of its positive one wherever the request has the key", () => {
    const value = fc.string({ unit: fc.constantFrom("e", "u", "-", "*", "?"), maxLength: 4 });
    const pairs = fc.constantFrom(
      ["StringEquals", "StringNotEquals"],
      ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
      ["StringLike", "StringNotLike"],
      ["ArnLike", "ArnNotLike"],
      ["ArnEquals", "ArnNotEquals"],
    );

    fc.assert(
      fc.property(pairs, value, fc.array(value, { minLength: 1, maxLength: 3 }), (pair, given, wanted) => {
        const request = conditionContext({ "aws:RequestedRegion": given });
        const [positive, negated] = pair.map((operator) =>
          conditionHolds({ [operator]: { "aws:RequestedRegion": wanted } }, request),
        );

        expect(negated).toBe(!positive);
      }),
    );
  });

  it("throws on an operator that was never checked", () => {
    const condition = { NumericLessThan: { "aws:PrincipalAccount": "5" } };

    expect(() => conditionHolds(condition, context)).toThrow(TypeError);
  });
});

describe("notModelledIn", () => {
  it.each([
    [{ NumericLessThan: { "aws:PrincipalAccount": "5" } }, "condition operator NumericLessThan"],
    [
      { "ForSomeValues:StringEquals": { "aws:userid": "x" } },
      "condition operator ForSomeValues:StringEquals",
    ],
    [{ "ForAnyValue:NumericEquals": { "aws:userid": "1" } }, "condition operator ForAnyValue:NumericEquals"],
    [{ "ForAllValues:Null": { "aws:userid": "true" } }, "condition operator ForAllValues:Null"],
    [{ "ForAnyValue:StringLike": { "kms:ViaService": "x" } }, "condition key kms:ViaService"],
    [
      { StringLike: { "kms:resourceAliases": "alias/*" } },
      "condition operator StringLike on the multivalued key kms:resourceAliases",
    ],
    [{ NullIfExists: { "aws:userid": "x" } }, "condition operator NullIfExists"],
    [{ StringEquals: { "aws:PrincipalOrgID": "o-1" } }, "condition key aws:PrincipalOrgID"],
  ])("names what has no model in %j", (condition, expected) => {
    expect(notModelledIn(condition)).toBe(expected);
  });

  it("finds nothing in a condition that is modelled, and in none", () => {
    expect(
      notModelledIn({ StringLikeIfExists: { "sts:externalid": "x" }, Null: { "aws:SourceArn": "true" } }),
    ).toBe(undefined);
    expect(
      notModelledIn({
        "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/*" },
        "ForAllValues:StringNotEqualsIfExists": { "kms:resourcealiases": "alias/a" },
        Null: { "kms:ResourceAliases": "false" },
      }),
    ).toBe(undefined);
    expect(notModelledIn(undefined)).toBe(undefined);
  });
});

describe("missingKeys", () => {
  it("names the keys that the request has no value for, as the policy spells them", () => {
    const condition = { StringEquals: { "aws:SourceAccount": "x", "aws:RequestedRegion": "y" } };

    expect(missingKeys(condition, context)).toStrictEqual(["aws:SourceAccount"]);
  });
});
