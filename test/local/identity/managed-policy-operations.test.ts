import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient } from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import {
  allow,
  cardAccount,
  documentOf,
  errorOf,
  localIdentity,
  prodAccount,
  readerArn,
  roleOf,
  trusting,
  trustingLambda,
} from "./local-identity.ts";

const PolicyArn = `arn:aws:iam::${prodAccount}:policy/cardway-card-reader-boundary`;
const boundary = documentOf(allow("sagemaker:Describe*"));

function setUp() {
  const local = localIdentity();
  local.identity.putRole({ ...roleOf(readerArn, trusting(prodAccount)), boundary });
  const iamOf = (accessKeyId: string) => new IAMClient(local.clientOf({ accessKeyId }));
  return { ...local, iam: iamOf(prodAccount), iamOf };
}

describe("GetPolicy and GetPolicyVersion", () => {
  it("show a permissions boundary and its document, as encoded text", async () => {
    const { iam } = setUp();

    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );

    expect(Policy).toStrictEqual({
      PolicyName: "cardway-card-reader-boundary",
      PolicyId: expect.stringMatching(/^ANPA[A-Z2-7]{17}$/),
      Arn: PolicyArn,
      Path: "/",
      DefaultVersionId: "v1",
      AttachmentCount: 0,
      PermissionsBoundaryUsageCount: 1,
      IsAttachable: true,
      CreateDate: new Date("2026-01-01T00:00:00.000Z"),
      UpdateDate: new Date("2026-01-01T00:00:00.000Z"),
    });
    expect(PolicyVersion).toStrictEqual({
      Document: encodeURIComponent(JSON.stringify(boundary)),
      VersionId: "v1",
      IsDefaultVersion: true,
      CreateDate: new Date("2026-01-01T00:00:00.000Z"),
    });
  });

  it("know AWS's own policy in every account, and another account's in none", async () => {
    const { iam, iamOf } = setUp();
    const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";

    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: administrator }));

    expect(Policy).toMatchObject({ PolicyName: "AdministratorAccess", PermissionsBoundaryUsageCount: 0 });
    expect(await errorOf(iamOf(cardAccount).send(new GetPolicyCommand({ PolicyArn })))).toMatchObject({
      name: "AccessDenied",
      status: 403,
    });
    expect(await errorOf(iam.send(new GetPolicyCommand({ PolicyArn: `${PolicyArn}-2` })))).toStrictEqual({
      name: "NoSuchEntityException",
      message: `Policy ${PolicyArn}-2 was not found.`,
      status: 404,
    });
  });

  it("refuse versions that do not exist or are none", async () => {
    const { iam } = setUp();
    const version = (VersionId: string) =>
      errorOf(iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId })));

    expect(await version("v2")).toMatchObject({ name: "NoSuchEntityException" });
    expect(await version("newest")).toMatchObject({ name: "ValidationError" });
  });

  it("need the permission on the policy", async () => {
    const { identity, clientOf } = setUp();
    const roleArn = `arn:aws:iam::${prodAccount}:role/auditor`;
    identity.putRole(
      roleOf(roleArn, trustingLambda, {
        Effect: "Allow",
        Action: "iam:GetPolicy",
        Resource: PolicyArn,
      }),
    );
    const { accessKeyId, secretAccessKey, sessionToken } = identity.credentialsOf(roleArn, "audit");
    const auditor = new IAMClient(clientOf({ accessKeyId, secretAccessKey, sessionToken }));

    await auditor.send(new GetPolicyCommand({ PolicyArn }));

    expect(
      await errorOf(auditor.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: "v1" }))),
    ).toMatchObject({ status: 403 });
  });
});
