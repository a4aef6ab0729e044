import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
  STSClient,
} from "@aws-sdk/client-sts";
import type { Credentials } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import {
  allow,
  cardAccount,
  deny,
  documentOf,
  errorOf,
  localIdentity,
  prodAccount,
  promoterArn,
  readerArn,
  roleOf,
  trusting,
  trustingLambda,
} from "./local-identity.ts";

function administratorAndReader() {
  const local = localIdentity();
  local.identity.putRole(roleOf(readerArn, trusting(`arn:aws:iam::${cardAccount}:root`), allow("iam:Get*")));
  const sts = new STSClient(local.clientOf({ accessKeyId: cardAccount }));
  const assume = (input: Partial<AssumeRoleCommand["input"]> = {}) =>
    sts.send(new AssumeRoleCommand({ RoleArn: readerArn, RoleSessionName: "confirm", ...input }));
  const as = (credentials: Credentials | undefined) =>
    new STSClient(
      local.clientOf({
        accessKeyId: credentials?.AccessKeyId ?? "",
        sessionToken: credentials?.SessionToken ?? "",
      }),
    );
  return { ...local, sts, assume, as };
}

describe("GetCallerIdentity", () => {
  it("shows the administrator of the account that the access key id names", async () => {
    const { sts } = administratorAndReader();

    const answer = await sts.send(new GetCallerIdentityCommand({}));

    expect(answer).toMatchObject({
      Account: cardAccount,
      Arn: `arn:aws:iam::${cardAccount}:user/administrator`,
      UserId: expect.stringMatching(/^AIDA/),
    });
  });

  it("shows an assumed role's session, which needs no permission for it", async () => {
    const { assume, as, identity } = administratorAndReader();
    identity.putRole(roleOf(readerArn, trusting(cardAccount), deny("*")));
    const { Credentials, AssumedRoleUser } = await assume();

    const answer = await as(Credentials).send(new GetCallerIdentityCommand({}));

    expect(answer).toMatchObject({
      Account: prodAccount,
      Arn: `arn:aws:sts::${prodAccount}:assumed-role/cardway-card-reader/confirm`,
      UserId: AssumedRoleUser?.AssumedRoleId,
    });
  });
});

describe("AssumeRole", () => {
  it("issues credentials of the role for an hour", async () => {
    const { assume } = administratorAndReader();

    const { $metadata, ...answer } = await assume();

    expect($metadata.requestId).toBeDefined();
    expect(answer).toStrictEqual({
      Credentials: {
        AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
        SecretAccessKey: expect.any(String),
        SessionToken: expect.any(String),
        Expiration: new Date("2026-01-01T01:00:00.000Z"),
      },
      AssumedRoleUser: {
        AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:confirm$/),
        Arn: `arn:aws:sts::${prodAccount}:assumed-role/cardway-card-reader/confirm`,
      },
    });
  });

  it("leaves the path of a role out of its session's ARN", async () => {
    const { identity, assume } = administratorAndReader();
    const roleArn = `arn:aws:iam::${prodAccount}:role/cardway/stage/reader`;
    identity.putRole(roleOf(roleArn, trusting(cardAccount)));

    const { AssumedRoleUser } = await assume({ RoleArn: roleArn });

    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${prodAccount}:assumed-role/reader/confirm`);
  });

  it("lets a session end", async () => {
    const { assume, as, context } = administratorAndReader();
    const { Credentials } = await assume({ DurationSeconds: 900 });
    const session = as(Credentials);

    await context.clock.advance(899_000);
    const before = await session.send(new GetCallerIdentityCommand({}));
    await context.clock.advance(1000);
    const after = await errorOf(session.send(new GetCallerIdentityCommand({})));

    expect(before.Account).toBe(prodAccount);
    expect(after).toStrictEqual({
      name: "ExpiredToken",
      message: "The security token included in the request is expired",
      status: 403,
    });
  });

  it("refuses credentials whose session token is another session's", async () => {
    const { assume, as } = administratorAndReader();
    const [one, two] = await Promise.all([assume(), assume()]);
    const mixed = { ...one.Credentials, SessionToken: two.Credentials?.SessionToken };

    const error = await errorOf(
      as({
        AccessKeyId: mixed.AccessKeyId,
        SessionToken: mixed.SessionToken,
        SecretAccessKey: "any",
        Expiration: undefined,
      }).send(new GetCallerIdentityCommand({})),
    );

    expect(error).toStrictEqual({
      name: "InvalidClientTokenId",
      message: "The security token included in the request is invalid.",
      status: 403,
    });
  });

  it.each([
    ["a role that is not there", `arn:aws:iam::${prodAccount}:role/nobody`],
    ["a role that does not trust the caller", `arn:aws:iam::${prodAccount}:role/closed`],
  ])("refuses %s in the same words", async (_what, roleArn) => {
    const { identity, assume } = administratorAndReader();
    identity.putRole(roleOf(`arn:aws:iam::${prodAccount}:role/closed`, trusting("999999999999")));

    const error = await errorOf(assume({ RoleArn: roleArn }));

    expect(error).toStrictEqual({
      name: "AccessDenied",
      message: `User: arn:aws:iam::${cardAccount}:user/administrator is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
      status: 403,
    });
  });

  it("takes the external id that a trust policy asks for", async () => {
    const { identity, assume } = administratorAndReader();
    const [statement] = trusting(cardAccount).Statement;
    const trust = documentOf({
      ...statement,
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "sts:ExternalId": "cardway:7/x" } },
    });
    identity.putRole(roleOf(readerArn, trust));

    const without = await errorOf(assume());
    const wrong = await errorOf(assume({ ExternalId: "other" }));
    const right = await assume({ ExternalId: "cardway:7/x" });

    expect([without.name, wrong.name]).toStrictEqual(["AccessDenied", "AccessDenied"]);
    expect(right.Credentials?.AccessKeyId).toMatch(/^ASIA/);
  });

  it("lets a role assume another one for an hour at most", async () => {
    const { identity, clientOf } = localIdentity();
    identity.putRole(roleOf(promoterArn, trustingLambda, allow("sts:AssumeRole", readerArn)));
    identity.putRole({ ...roleOf(readerArn, trusting(promoterArn)), maxSessionSeconds: 43_200 });
    const sts = new STSClient(clientOf(identity.credentialsOf(promoterArn, "confirm-access")));
    const assume = (DurationSeconds: number) =>
      sts.send(new AssumeRoleCommand({ RoleArn: readerArn, RoleSessionName: "confirm", DurationSeconds }));

    const hour = await assume(3600);
    const longer = await errorOf(assume(3601));

    expect(hour.AssumedRoleUser?.Arn).toContain("assumed-role/cardway-card-reader/confirm");
    expect(longer).toStrictEqual({
      name: "ValidationError",
      message:
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      status: 400,
    });
  });

  it("refuses a session that is longer than the role allows", async () => {
    const { assume } = administratorAndReader();

    expect(await errorOf(assume({ DurationSeconds: 3601 }))).toStrictEqual({
      name: "ValidationError",
      message: "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
      status: 400,
    });
  });

  it.each([
    [
      { RoleSessionName: "a b" },
      "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      { DurationSeconds: 899 },
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      { DurationSeconds: 43_201 },
      "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
    [{ RoleArn: "arn:aws:s3:::some-bucket-name" }, "arn:aws:s3:::some-bucket-name is invalid"],
    [
      { Tags: [{ Key: "team", Value: "ml" }] },
      "1 validation error detected: Value at 'tags' failed to satisfy constraint: Member is not modelled by the local endpoint",
    ],
  ])("refuses %j", async (input, message) => {
    const { assume } = administratorAndReader();

    expect(await errorOf(assume(input))).toStrictEqual({ name: "ValidationError", message, status: 400 });
  });

  it("narrows a session by its policy, and says how much room that takes", async () => {
    const { identity, assume } = administratorAndReader();
    identity.putRole(roleOf(readerArn, trusting(cardAccount), allow("sagemaker:*")));
    const resource = `arn:aws:sagemaker:eu-central-1:${prodAccount}:model-card/churn`;
    const Policy = JSON.stringify(
      documentOf(allow("sagemaker:Describe*"), allow("ram:*"), deny("sagemaker:List*")),
    );

    const { Credentials, PackedPolicySize } = await assume({ Policy });
    const caller = identity.callerOf({
      accessKeyId: Credentials?.AccessKeyId ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    });
    const refusalFor = (action: string) =>
      identity.authorize([{ action, resource }], { caller, region: "eu-central-1", requestId: "r" });

    expect(PackedPolicySize).toBe(Math.ceil((100 * Policy.length) / 2048));
    expect(refusalFor("sagemaker:DescribeModelCard")).toBe(undefined);
    expect(refusalFor("sagemaker:UpdateModelCard")).toContain(
      "because no session policy allows the sagemaker:UpdateModelCard action",
    );
    expect(refusalFor("sagemaker:ListModelCardVersions")).toContain(
      "with an explicit deny in a session policy",
    );
    expect(refusalFor("ram:GetResourceShares")).toContain("because no identity-based policy allows");
  });

  it("refuses a session policy that is none", async () => {
    const { assume } = administratorAndReader();

    expect(await errorOf(assume({ Policy: "{}" }))).toMatchObject({
      name: "MalformedPolicyDocumentException",
      status: 400,
    });
  });

  it("turns the credentials of a deleted role away", async () => {
    const { assume, as, endpoint } = administratorAndReader();
    const { Credentials } = await assume();
    const deleteRole = new URLSearchParams({
      Action: "DeleteRolePolicy",
      RoleName: "cardway-card-reader",
      PolicyName: "main",
    });
    const scope = `AWS4-HMAC-SHA256 Credential=${prodAccount}/20260101/us-east-1/iam/aws4_request`;
    const send = (form: URLSearchParams) =>
      endpoint.handle({
        method: "POST",
        path: "/",
        query: new URLSearchParams(),
        headers: { authorization: scope, "content-type": "application/x-www-form-urlencoded" },
        body: Buffer.from(form.toString()),
      });
    await send(deleteRole);
    await send(new URLSearchParams({ Action: "DeleteRole", RoleName: "cardway-card-reader" }));

    const error = await errorOf(as(Credentials).send(new GetCallerIdentityCommand({})));

    expect(error.name).toBe("InvalidClientTokenId");
  });
});

it("refuses and logs an operation of STS that is not built", async () => {
  const { sts, context } = administratorAndReader();

  const error = await errorOf(sts.send(new GetSessionTokenCommand({})));

  expect(error).toStrictEqual({
    name: "InvalidAction",
    message: "Could not find operation GetSessionToken for version 2011-06-15",
    status: 400,
  });
  expect(context.lines).toStrictEqual(["sts: GetSessionToken is not built in the local endpoint"]);
});
