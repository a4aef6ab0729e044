import { describe, expect, it } from "vitest";
import { checkPolicyDocument, parsePolicyDocument } from "../../../local/identity/policy-document.ts";

const statement = { Effect: "Allow", Action: "sagemaker:DescribeModelCard", Resource: "*" };
const trust = { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } };
const documentOf = (...Statement: object[]) => ({ Version: "2012-10-17", Statement });
const problemWith = (value: unknown, kind: "identity" | "trust" = "identity") => {
  try {
    return checkPolicyDocument(value, kind);
  } catch (error) {
    return error;
  }
};

describe("checkPolicyDocument", () => {
  it("takes a policy as it is", () => {
    const document = documentOf({
      Sid: "Read",
      ...statement,
      Condition: { Bool: { "aws:SecureTransport": "true" } },
    });

    expect(checkPolicyDocument(document, "identity")).toStrictEqual(document);
  });

  it("writes one statement as a list, everybody as a principal and a boolean as text", () => {
    const document = {
      Version: "2012-10-17",
      Statement: { ...trust, Principal: "*", Condition: { Bool: { "aws:SecureTransport": true } } },
    };

    expect(checkPolicyDocument(document, "trust").Statement).toStrictEqual([
      {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { AWS: "*" },
        Condition: { Bool: { "aws:SecureTransport": "true" } },
      },
    ]);
  });

  it.each([
    ["NotAction", documentOf({ Effect: "Allow", NotAction: "s3:*", Resource: "*" }), "Statement.0.NotAction"],
    ["NotResource", documentOf({ ...statement, NotResource: "*" }), "Statement.0.NotResource"],
    ["NotPrincipal", documentOf({ ...statement, NotPrincipal: "*" }), "Statement.0.NotPrincipal"],
    ["another version", { ...documentOf(statement), Version: "2008-10-17" }, "Version"],
    ["no version", { Statement: [statement] }, "Version"],
    ["no statement", documentOf(), "Statement"],
    ["an unknown effect", documentOf({ ...statement, Effect: "Maybe" }), "Statement.0.Effect"],
    ["a policy that is no object", "policy", ""],
  ])("refuses %s", (_what, document, path) => {
    expect(problemWith(document)).toMatchObject({
      code: "MalformedPolicyDocument",
      status: 400,
      message: expect.stringContaining(path),
    });
  });

  it.each([
    [{ ...statement, Condition: { NumericLessThan: { "aws:userid": "1" } } }, "operator NumericLessThan"],
    [
      { ...statement, Condition: { StringEquals: { "ram:RequestedResourceType": "x" } } },
      "key ram:RequestedResourceType",
    ],
    [{ ...statement, Resource: "arn:aws:s3:::bucket/${aws:username}" }, "Policy variables are not modelled"],
    [
      { ...statement, Condition: { StringEquals: { "aws:userid": ["${aws:userid}"] } } },
      "Policy variables are not modelled",
    ],
    [{ ...statement, Action: "DescribeModelCard" }, "Actions/Conditions must be prefaced by a vendor"],
    [{ ...statement, Resource: "model-card/x" }, 'Resource model-card/x must be in ARN format or "*".'],
    [{ Effect: "Allow", Action: "s3:*" }, "Policy statement must contain resources."],
    [{ ...statement, Principal: { AWS: "*" } }, "Policy document should not specify a principal."],
  ])("refuses %j in an identity policy", (bad, message) => {
    expect(problemWith(documentOf(bad))).toMatchObject({
      code: "MalformedPolicyDocument",
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [{ ...trust, Resource: "*" }, "Has prohibited field Resource"],
    [{ Effect: "Allow", Action: "sts:AssumeRole" }, "Missing required field Principal"],
    [{ ...trust, Principal: {} }, "Statement.0.Principal"],
    [{ ...trust, Principal: { Federated: "x" } }, "Statement.0.Principal"],
  ])("refuses %j in a trust policy", (bad, message) => {
    expect(problemWith(documentOf(bad), "trust")).toMatchObject({
      message: expect.stringContaining(message),
    });
  });
});

describe("parsePolicyDocument", () => {
  it("reads a policy's text", () => {
    expect(parsePolicyDocument(JSON.stringify(documentOf(statement)), "identity")).toStrictEqual(
      documentOf(statement),
    );
  });

  it("refuses a text that is no JSON, without repeating it", () => {
    expect(() => parsePolicyDocument("{secret", "identity")).toThrow("This policy contains invalid Json");
  });
});
