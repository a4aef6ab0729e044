import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  paginateListRoles,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { describe, expect, it } from "vitest";
import {
  allow,
  cardAccount,
  collect,
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

const RoleName = "cardway-card-reader";
const boundaryArn = `arn:aws:iam::${prodAccount}:policy/cardway-card-reader-boundary`;
const card = `arn:aws:sagemaker:eu-central-1:${prodAccount}:model-card/churn`;

function prodAdministrator() {
  const local = localIdentity();
  local.identity.putRole({
    ...roleOf(
      readerArn,
      trusting(cardAccount),
      allow("sagemaker:Describe*"),
      deny("sagemaker:UpdateModelCard"),
    ),
    boundary: documentOf(allow("sagemaker:*")),
    maxSessionSeconds: 7200,
  });
  const iam = new IAMClient(local.clientOf({ accessKeyId: prodAccount }));
  const mayUpdate = () =>
    local.identity.roleMay(readerArn, { action: "sagemaker:UpdateModelCard", resource: card });
  return { ...local, iam, mayUpdate };
}

const textOf = (encoded: string | undefined): unknown => JSON.parse(decodeURIComponent(encoded ?? ""));

describe("roles", () => {
  it("are described with their trust policy, as encoded text, and their boundary", async () => {
    const { iam } = prodAdministrator();

    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));

    expect(Role).toStrictEqual({
      Path: "/",
      RoleName,
      RoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}$/),
      Arn: readerArn,
      CreateDate: new Date("2026-01-01T00:00:00.000Z"),
      AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trusting(cardAccount))),
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryType: "Policy", PermissionsBoundaryArn: boundaryArn },
    });
  });

  it("are found only in the caller's account", async () => {
    const { clientOf } = prodAdministrator();
    const elsewhere = new IAMClient(clientOf({ accessKeyId: cardAccount }));

    expect(await errorOf(elsewhere.send(new GetRoleCommand({ RoleName })))).toStrictEqual({
      name: "NoSuchEntityException",
      message: `The role with name ${RoleName} cannot be found.`,
      status: 404,
    });
  });

  it("are listed by name, page by page, without their boundary", async () => {
    const { iam, identity } = prodAdministrator();
    for (const name of ["zeta", "alpha", "path/mid"]) {
      identity.putRole(roleOf(`arn:aws:iam::${prodAccount}:role/${name}`, trustingLambda));
    }
    identity.putRole(roleOf(promoterArn, trustingLambda));

    const pages = await collect(paginateListRoles({ client: iam, pageSize: 3 }, {}));
    const underPath = await iam.send(new ListRolesCommand({ PathPrefix: "/path/" }));

    expect(pages.map(({ Roles }) => Roles?.map((role) => role.RoleName))).toStrictEqual([
      ["alpha", RoleName, "mid"],
      ["zeta"],
    ]);
    expect(pages[0]?.Roles?.some((role) => role.PermissionsBoundary !== undefined)).toBe(false);
    expect(underPath.Roles?.map((role) => role.Arn)).toStrictEqual([
      `arn:aws:iam::${prodAccount}:role/path/mid`,
    ]);
    expect(underPath.IsTruncated).toBe(false);
  });

  it("refuses a marker that no list handed out", async () => {
    const { iam } = prodAdministrator();

    expect(await errorOf(iam.send(new ListRolesCommand({ Marker: "bm9uZQ" })))).toStrictEqual({
      name: "ValidationError",
      message: "Invalid Marker.",
      status: 400,
    });
  });

  it("are created and deleted", async () => {
    const { iam, identity } = prodAdministrator();
    const AssumeRolePolicyDocument = JSON.stringify(trustingLambda);

    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "new",
        Path: "/cardway/",
        AssumeRolePolicyDocument,
        Description: 'reads <cards> & "metrics"',
        MaxSessionDuration: 3600,
        PermissionsBoundary: boundaryArn,
      }),
    );
    const again = await errorOf(
      iam.send(new CreateRoleCommand({ RoleName: "new", AssumeRolePolicyDocument })),
    );
    await iam.send(new DeleteRoleCommand({ RoleName: "new" }));
    const gone = await errorOf(iam.send(new DeleteRoleCommand({ RoleName: "new" })));

    expect(Role).toMatchObject({
      Arn: `arn:aws:iam::${prodAccount}:role/cardway/new`,
      Path: "/cardway/",
      Description: 'reads <cards> & "metrics"',
      PermissionsBoundary: { PermissionsBoundaryArn: boundaryArn },
    });
    expect(again).toStrictEqual({
      name: "EntityAlreadyExistsException",
      message: "Role with name new already exists.",
      status: 409,
    });
    expect(gone.name).toBe("NoSuchEntityException");
    expect(
      identity.roleMay(`arn:aws:iam::${prodAccount}:role/cardway/new`, { action: "a:B", resource: "*" }),
    ).toBe(false);
  });

  it("are not deleted while they have policies", async () => {
    const { iam } = prodAdministrator();

    expect(await errorOf(iam.send(new DeleteRoleCommand({ RoleName })))).toStrictEqual({
      name: "DeleteConflictException",
      message: "Cannot delete entity, must delete policies first.",
      status: 409,
    });
  });

  it("get another trust policy, and keep their date of creation", async () => {
    const { iam, identity, context } = prodAdministrator();
    await context.clock.advance(60_000);

    await iam.send(
      new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: JSON.stringify(trustingLambda) }),
    );

    const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
    expect(textOf(Role?.AssumeRolePolicyDocument)).toStrictEqual(trustingLambda);
    expect(Role?.CreateDate).toStrictEqual(new Date("2026-01-01T00:00:00.000Z"));
    expect(identity.credentialsOf(readerArn, "x").accessKeyId).toMatch(/^ASIA/);
  });
});

describe("role policies", () => {
  it("are listed and read", async () => {
    const { iam } = prodAdministrator();

    const names = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName }));
    const policy = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: "main" }));

    expect(names).toMatchObject({ PolicyNames: ["main"], IsTruncated: false });
    expect(attached).toMatchObject({ AttachedPolicies: [], IsTruncated: false });
    expect(policy).toMatchObject({ RoleName, PolicyName: "main" });
    expect(textOf(policy.PolicyDocument)).toStrictEqual(
      documentOf(allow("sagemaker:Describe*"), deny("sagemaker:UpdateModelCard")),
    );
  });

  it("change what the role may do, so that somebody can break it from outside", async () => {
    const { iam, mayUpdate } = prodAdministrator();

    const before = mayUpdate();
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: "main",
        PolicyDocument: JSON.stringify(documentOf(allow("*"))),
      }),
    );
    const opened = mayUpdate();
    await iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: "main" }));
    const closed = mayUpdate();

    expect([before, opened, closed]).toStrictEqual([false, true, false]);
  });

  it("are refused where they are not modelled, and then change nothing", async () => {
    const { iam } = prodAdministrator();
    const NotAction = { Effect: "Allow", NotAction: "iam:*", Resource: "*" };
    const put = new PutRolePolicyCommand({
      RoleName,
      PolicyName: "main",
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: [NotAction] }),
    });

    const error = await errorOf(iam.send(put));
    const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName: "main" }));

    expect(error).toMatchObject({ name: "MalformedPolicyDocumentException", status: 400 });
    expect(PolicyDocument).not.toContain("NotAction");
  });

  it.each([
    new GetRolePolicyCommand({ RoleName, PolicyName: "none" }),
    new DeleteRolePolicyCommand({ RoleName, PolicyName: "none" }),
  ])("that are not there are refused", async (command) => {
    const { iam } = prodAdministrator();
    const call = command instanceof GetRolePolicyCommand ? iam.send(command) : iam.send(command);

    expect(await errorOf(call)).toStrictEqual({
      name: "NoSuchEntityException",
      message: "The role policy with name none cannot be found.",
      status: 404,
    });
  });
});

describe("permissions boundaries", () => {
  it("are taken away and put back by their ARN", async () => {
    const { iam } = prodAdministrator();
    const boundaryOf = async () =>
      (await iam.send(new GetRoleCommand({ RoleName }))).Role?.PermissionsBoundary;

    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));
    const taken = await boundaryOf();
    const again = await errorOf(iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })));
    await iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: boundaryArn }));
    const back = await boundaryOf();

    expect(taken).toBe(undefined);
    expect(again).toMatchObject({ name: "NoSuchEntityException", status: 404 });
    expect(back?.PermissionsBoundaryArn).toBe(boundaryArn);
  });

  it("limit and free the role at once", async () => {
    const { iam, identity } = prodAdministrator();
    await iam.send(
      new PutRolePolicyCommand({
        RoleName,
        PolicyName: "wide",
        PolicyDocument: JSON.stringify(documentOf(allow("ram:*"))),
      }),
    );
    const may = () => identity.roleMay(readerArn, { action: "ram:GetResourceShares", resource: "*" });

    const limited = may();
    await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName }));

    expect([limited, may()]).toStrictEqual([false, true]);
  });

  it("refuses a policy that is not there", async () => {
    const { iam } = prodAdministrator();
    const PermissionsBoundary = `arn:aws:iam::${prodAccount}:policy/none`;

    expect(
      await errorOf(iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary }))),
    ).toStrictEqual({
      name: "NoSuchEntityException",
      message: `Policy ${PermissionsBoundary} does not exist or is not attachable.`,
      status: 404,
    });
  });
});

it("asks IAM's own permissions of the caller", async () => {
  const { identity, clientOf } = prodAdministrator();
  const path = `arn:aws:iam::${prodAccount}:role/checker`;
  identity.putRole(roleOf(path, trustingLambda, allow("iam:GetRole", readerArn)));
  const iam = new IAMClient(clientOf(identity.credentialsOf(path, "check")));

  const own = await errorOf(iam.send(new GetRoleCommand({ RoleName: "checker" })));
  const allowed = await iam.send(new GetRoleCommand({ RoleName }));

  expect(own).toStrictEqual({
    name: "AccessDenied",
    message: `User: arn:aws:sts::${prodAccount}:assumed-role/checker/check is not authorized to perform: iam:GetRole on resource: ${path} because no identity-based policy allows the iam:GetRole action`,
    status: 403,
  });
  expect(allowed.Role?.Arn).toBe(readerArn);
});
