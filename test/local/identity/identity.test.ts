import { describe, expect, it } from "vitest";
import type { Permission } from "../../../local/wire/operation.ts";
import settings from "../../../lifecycle.config.ts";
import { modelCardAccountRoles } from "../../../stacks/definitions/roles.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import {
  allow,
  cardAccount,
  deny,
  documentOf,
  localIdentity,
  prodAccount,
  promoterArn,
  readerArn,
  roleOf,
  trusting,
  trustingLambda,
} from "./local-identity.ts";

const card = `arn:aws:sagemaker:eu-central-1:${cardAccount}:model-card/churn`;
const describeCard: Permission = { action: "sagemaker:DescribeModelCard", resource: card };

type LocalIdentity = ReturnType<typeof localIdentity>["identity"];

/** Asks for a permission with the credentials that a local Lambda function of the role gets. */
function refusalFor(identity: LocalIdentity, roleArn: string, ...permissions: Permission[]) {
  const caller = identity.callerOf(identity.credentialsOf(roleArn, "test"));
  return identity.authorize(permissions, { caller, region: "eu-central-1", requestId: "r" });
}

describe("callerOf", () => {
  it("takes a 12-digit access key id for the administrator of that account", () => {
    const { identity } = localIdentity();

    const caller = identity.callerOf({ accessKeyId: prodAccount });

    expect(caller).toStrictEqual({
      accountId: prodAccount,
      principalArn: `arn:aws:iam::${prodAccount}:user/administrator`,
      arn: `arn:aws:iam::${prodAccount}:user/administrator`,
      userId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
      accessKeyId: prodAccount,
    });
  });

  it.each(["test", "AKIAIOSFODNN7EXAMPLE", "1234567890123", ""])(
    "takes the key %j for the administrator of the model card account",
    (accessKeyId) => {
      const { identity } = localIdentity();

      expect(identity.callerOf({ accessKeyId }).arn).toBe(`arn:aws:iam::${cardAccount}:user/administrator`);
    },
  );

  it("knows a role's session by its credentials", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda));

    const credentials = identity.credentialsOf(promoterArn, "grant-access");

    expect(identity.callerOf(credentials)).toStrictEqual({
      accountId: cardAccount,
      principalArn: promoterArn,
      arn: `arn:aws:sts::${cardAccount}:assumed-role/cardway-promoter/grant-access`,
      userId: expect.stringMatching(/^AROA[A-Z2-7]{17}:grant-access$/),
      accessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
    });
  });

  it("refuses session credentials with a wrong or no session token, and a session key that was never issued", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda));
    const { accessKeyId } = identity.credentialsOf(promoterArn, "grant-access");
    const invalid = expect.objectContaining({
      code: "InvalidClientTokenId",
      message: "The security token included in the request is invalid.",
      status: 403,
    });

    expect(() => identity.callerOf({ accessKeyId, sessionToken: "wrong" })).toThrow(invalid);
    expect(() => identity.callerOf({ accessKeyId })).toThrow(invalid);
    expect(() => identity.callerOf({ accessKeyId: "ASIANEVERISSUED00000" })).toThrow(invalid);
  });
});

describe("credentialsOf", () => {
  it("gives the same credentials for the same role and session, others for another session", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda));

    const first = identity.credentialsOf(promoterArn, "one");

    expect(identity.credentialsOf(promoterArn, "one")).toStrictEqual(first);
    expect(identity.credentialsOf(promoterArn, "two").sessionToken).not.toBe(first.sessionToken);
  });

  it("gives credentials that do not expire", async () => {
    const { identity, context } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda));
    const credentials = identity.credentialsOf(promoterArn, "one");

    await context.clock.advance(365 * 24 * 3600 * 1000);

    expect(identity.callerOf(credentials).principalArn).toBe(promoterArn);
  });

  it("refuses a role that is not there or does not trust Lambda", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(readerArn, trusting(promoterArn)));
    const refused = expect.objectContaining({ code: "InvalidParameterValueException" });

    expect(() => identity.credentialsOf(promoterArn, "one")).toThrow(refused);
    expect(() => identity.credentialsOf(readerArn, "one")).toThrow(refused);
  });
});

describe("putRole", () => {
  it("refuses a policy that is not modelled, in any place, and keeps the role as it was", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda, allow("sagemaker:*")));
    const bad = documentOf({ ...allow("*"), Condition: { NumericLessThan: { "aws:userid": "1" } } });
    const refused = expect.objectContaining({ code: "MalformedPolicyDocument" });

    expect(() => identity.putRole({ roleArn: promoterArn, trust: bad, policies: [] })).toThrow(refused);
    expect(() =>
      identity.putRole({
        roleArn: promoterArn,
        trust: trustingLambda,
        policies: [{ name: "x", document: bad }],
      }),
    ).toThrow(refused);
    expect(() =>
      identity.putRole({ roleArn: promoterArn, trust: trustingLambda, policies: [], boundary: bad }),
    ).toThrow(refused);
    expect(identity.roleMay(promoterArn, describeCard)).toBe(true);
  });

  it("refuses a role ARN that is none", () => {
    const { identity } = localIdentity();

    expect(() => identity.putRole(roleOf("arn:aws:iam::1:role/x", trustingLambda))).toThrow(
      expect.objectContaining({ code: "InvalidInput" }),
    );
  });

  it("moves a role that gets another path", () => {
    const { identity } = localIdentity();
    const moved = `arn:aws:iam::${cardAccount}:role/cardway/cardway-promoter`;

    identity.putRole(roleOf(promoterArn, trustingLambda, allow("sagemaker:*")));
    identity.putRole(roleOf(moved, trustingLambda, allow("sagemaker:*")));

    expect([
      identity.roleMay(promoterArn, describeCard),
      identity.roleMay(moved, describeCard),
    ]).toStrictEqual([false, true]);
  });

  it("replaces the policies of a role at once, for sessions that exist too", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda, allow("sagemaker:*")));
    const caller = identity.callerOf(identity.credentialsOf(promoterArn, "one"));

    identity.putRole(roleOf(promoterArn, trustingLambda));

    expect(identity.authorize([describeCard], { caller, region: "eu-central-1", requestId: "r" })).toContain(
      "no identity-based policy",
    );
  });
});

describe("authorize", () => {
  const session = `arn:aws:sts::${cardAccount}:assumed-role/cardway-promoter/test`;

  it("lets an administrator do anything in the own account", () => {
    const { identity } = localIdentity();
    const call = {
      caller: identity.callerOf({ accessKeyId: cardAccount }),
      region: "eu-central-1",
      requestId: "r",
    };

    expect(identity.authorize([describeCard, { action: "iam:CreateRole", resource: "*" }], call)).toBe(
      undefined,
    );
  });

  it("says what no identity policy allows", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda, allow("ram:*")));

    expect(refusalFor(identity, promoterArn, describeCard)).toBe(
      `User: ${session} is not authorized to perform: sagemaker:DescribeModelCard on resource: ${card} because no identity-based policy allows the sagemaker:DescribeModelCard action`,
    );
  });

  it("says what an identity policy denies", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda, allow("*"), deny("sagemaker:Describe*")));

    expect(refusalFor(identity, promoterArn, describeCard)).toBe(
      `User: ${session} is not authorized to perform: sagemaker:DescribeModelCard on resource: ${card} with an explicit deny in an identity-based policy`,
    );
  });

  it("says what a permissions boundary does not allow, or denies", () => {
    const { identity } = localIdentity();
    const role = roleOf(promoterArn, trustingLambda, allow("*"));
    const sentence = `User: ${session} is not authorized to perform: sagemaker:DescribeModelCard on resource: ${card}`;

    identity.putRole({ ...role, boundary: documentOf(allow("ram:*")) });
    const notAllowed = refusalFor(identity, promoterArn, describeCard);
    identity.putRole({ ...role, boundary: documentOf(allow("*"), deny("sagemaker:*")) });
    const denied = refusalFor(identity, promoterArn, describeCard);
    identity.putRole({ ...role, boundary: documentOf(allow("sagemaker:Describe*")) });
    const allowed = refusalFor(identity, promoterArn, describeCard);

    expect(notAllowed).toBe(
      `${sentence} because no permissions boundary allows the sagemaker:DescribeModelCard action`,
    );
    expect(denied).toBe(`${sentence} with an explicit deny in a permissions boundary`);
    expect(allowed).toBe(undefined);
  });

  it("gives a boundary no power to allow", () => {
    const { identity } = localIdentity();
    identity.putRole({ ...roleOf(promoterArn, trustingLambda), boundary: documentOf(allow("*")) });

    expect(refusalFor(identity, promoterArn, describeCard)).toContain("no identity-based policy allows");
  });

  it("refuses with the first permission that is missing", () => {
    const { identity } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda, allow("sagemaker:*")));
    const tag = { action: "ram:TagResource", resource: "*" };

    expect(refusalFor(identity, promoterArn, describeCard, tag)).toContain("ram:TagResource on resource: *");
    expect(refusalFor(identity, promoterArn)).toBe(undefined);
  });

  it("asks the resource policy of another account's resource, and only of that", () => {
    const asked: unknown[] = [];
    const { identity } = localIdentity({
      resourcePolicyAllows: (resourceArn, action, caller) => {
        asked.push([resourceArn, action, caller.principalArn]);
        return action === "sagemaker:DescribeModelCard";
      },
    });
    const statement = { ...trustingLambda.Statement[0], Effect: "Allow" as const, Action: "sts:AssumeRole" };
    identity.putRole(roleOf(readerArn, documentOf(statement), allow("sagemaker:*"), allow("ram:*")));
    const update = { action: "sagemaker:UpdateModelCard", resource: card };
    const own = { action: "sagemaker:CreateModelCard", resource: card.replace(cardAccount, prodAccount) };
    const managed = { action: "ram:GetPermission", resource: "arn:aws:ram::aws:permission/x" };

    expect(refusalFor(identity, readerArn, describeCard, own, managed)).toBe(undefined);
    expect(refusalFor(identity, readerArn, update)).toBe(
      `User: arn:aws:sts::${prodAccount}:assumed-role/cardway-card-reader/test is not authorized to perform: sagemaker:UpdateModelCard on resource: ${card} because no resource-based policy allows the sagemaker:UpdateModelCard action`,
    );
    expect(asked).toStrictEqual([
      [card, "sagemaker:DescribeModelCard", readerArn],
      [card, "sagemaker:UpdateModelCard", readerArn],
    ]);
  });

  it("needs the identity policy for another account's resource even where its resource policy allows", () => {
    const { identity } = localIdentity({ resourcePolicyAllows: () => true });
    identity.putRole(
      roleOf(readerArn, trustingLambda, allow("sagemaker:*"), deny("sagemaker:UpdateModelCard")),
    );
    const update = { action: "sagemaker:UpdateModelCard", resource: card };

    expect(refusalFor(identity, readerArn, update)).toContain(
      "with an explicit deny in an identity-based policy",
    );
  });

  it.each([
    ["aws:PrincipalArn", promoterArn],
    ["aws:PrincipalAccount", cardAccount],
    ["aws:PrincipalType", "AssumedRole"],
    ["aws:RequestedRegion", "eu-central-1"],
    ["aws:ResourceAccount", cardAccount],
    ["aws:SecureTransport", "true"],
  ])("knows %s of a call", (key, value) => {
    const { identity } = localIdentity();
    const conditional = (values: string) => ({
      ...allow("sagemaker:*"),
      Condition: { StringEquals: { [key]: values } },
    });

    identity.putRole(roleOf(promoterArn, trustingLambda, conditional(value)));
    const fitting = refusalFor(identity, promoterArn, describeCard);
    identity.putRole(roleOf(promoterArn, trustingLambda, conditional("other")));
    const other = refusalFor(identity, promoterArn, describeCard);

    expect(fitting).toBe(undefined);
    expect(other).toContain("no identity-based policy allows");
  });
});

describe("authorize with what a service says of a request", () => {
  const macOf = (alias: string): Permission => ({
    action: "kms:GenerateMac",
    resource: `arn:aws:kms:eu-central-1:${cardAccount}:key/1`,
    context: { "kms:RequestAlias": alias, "aws:PrincipalAccount": "999999999999" },
  });

  it("evaluates the service's condition keys", () => {
    const { identity } = localIdentity();
    const byAlias = {
      ...allow("kms:GenerateMac"),
      Condition: { StringEquals: { "kms:RequestAlias": "alias/links" } },
    };
    identity.putRole(roleOf(promoterArn, trustingLambda, byAlias));

    expect(refusalFor(identity, promoterArn, macOf("alias/links"))).toBe(undefined);
    expect(refusalFor(identity, promoterArn, macOf("alias/other"))).toContain("no identity-based policy");
  });

  it("lets no service say who the caller is", () => {
    const { identity } = localIdentity();
    const forger = {
      ...allow("kms:GenerateMac"),
      Condition: { StringEquals: { "aws:PrincipalAccount": "999999999999" } },
    };
    identity.putRole(roleOf(promoterArn, trustingLambda, forger));

    expect(refusalFor(identity, promoterArn, macOf("alias/links"))).toContain("no identity-based policy");
  });
});

it("models everything in the product's own policies", () => {
  const { identity } = localIdentity();
  const deployment = {
    modelCardAccountId: cardAccount,
    region: "eu-central-1",
    approvalPageUrl: "http://localhost:4567",
  };
  const definitions = [
    ...modelCardAccountRoles(deployment),
    ...stageAccountRoles(prodAccount, {
      ...settings,
      modelCardAccountId: cardAccount,
      shareOutsideOrganization: true,
    }),
  ];

  for (const { roleName, accountId, trust, policy, permissionsBoundary } of definitions) {
    identity.putRole({
      roleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
      trust,
      policies: [{ name: roleName, document: policy }],
      ...(permissionsBoundary === undefined ? {} : { boundary: permissionsBoundary }),
    });
  }

  const update = { action: "sagemaker:UpdateModelCard", resource: card };
  expect(definitions.length).toBeGreaterThan(10);
  expect(identity.roleMay(readerArn, update)).toBe(false);
});

describe("authorize for sts:AssumeRole", () => {
  const sameAccountRole = `arn:aws:iam::${cardAccount}:role/cardway-page`;
  const assume = (resource: string) => ({ action: "sts:AssumeRole", resource });

  it.each([
    ["names the caller and its policies are silent", sameAccountRole, promoterArn, [], true],
    ["names the account and its policies are silent", sameAccountRole, cardAccount, [], false],
    [
      "names the account and its policies allow",
      sameAccountRole,
      cardAccount,
      [allow("sts:AssumeRole")],
      true,
    ],
    ["names the caller and its policies deny", sameAccountRole, promoterArn, [deny("sts:AssumeRole")], false],
    ["names another account and its policies allow", sameAccountRole, prodAccount, [allow("sts:*")], false],
    ["is another account's, names the caller, policies silent", readerArn, promoterArn, [], false],
    [
      "is another account's, names the caller, policies allow",
      readerArn,
      promoterArn,
      [allow("sts:*")],
      true,
    ],
    [
      "is another account's, names the account, policies allow",
      readerArn,
      cardAccount,
      [allow("sts:*")],
      true,
    ],
    [
      "is another account's, trusts nobody here, policies allow",
      readerArn,
      prodAccount,
      [allow("sts:*")],
      false,
    ],
  ])("decides where the trust %s", (_what, roleArn, trusted, statements, expected) => {
    const { identity } = localIdentity({ resourcePolicyAllows: () => true });
    identity.putRole(roleOf(promoterArn, trustingLambda, ...statements));
    identity.putRole(roleOf(roleArn, trusting(trusted)));

    const refusal = refusalFor(identity, promoterArn, assume(roleArn));

    expect(refusal).toBe(
      expected
        ? undefined
        : `User: arn:aws:sts::${cardAccount}:assumed-role/cardway-promoter/test is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
    );
  });

  it("does not let a trust reach past the caller's permissions boundary", () => {
    const { identity } = localIdentity();
    identity.putRole({ ...roleOf(promoterArn, trustingLambda), boundary: documentOf(allow("sagemaker:*")) });
    identity.putRole(roleOf(sameAccountRole, trusting(promoterArn)));

    expect(refusalFor(identity, promoterArn, assume(sameAccountRole))).toContain(
      "is not authorized to perform",
    );
  });
});

describe("roleMay", () => {
  it("decides for a service that acts in a role's name", () => {
    const { identity } = localIdentity();
    const machine = `arn:aws:states:eu-central-1:${cardAccount}:stateMachine:promotion`;
    identity.putRole(roleOf(promoterArn, trustingLambda, allow("states:StartExecution", machine)));

    expect(identity.roleMay(promoterArn, { action: "states:StartExecution", resource: machine })).toBe(true);
    expect(identity.roleMay(promoterArn, { action: "states:StopExecution", resource: machine })).toBe(false);
    expect(identity.roleMay(readerArn, { action: "states:StartExecution", resource: machine })).toBe(false);
  });

  it("takes the region of a call from the resource", () => {
    const { identity } = localIdentity();
    const inFrankfurt = {
      ...allow("lambda:InvokeFunction"),
      Condition: { StringEquals: { "aws:RequestedRegion": "eu-central-1" } },
    };
    const functionIn = (region: string) => `arn:aws:lambda:${region}:${cardAccount}:function:read-card`;
    identity.putRole(roleOf(promoterArn, trustingLambda, inFrankfurt));

    const may = (region: string) =>
      identity.roleMay(promoterArn, { action: "lambda:InvokeFunction", resource: functionIn(region) });

    expect([may("eu-central-1"), may("us-east-1")]).toStrictEqual([true, false]);
  });
});
