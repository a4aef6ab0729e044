import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  type IAMClient,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  UpdateAssumeRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { describe, expect, it } from "vitest";
import { NotReadOnlyError, createClients } from "../../../cli/doctor/clients.ts";
import { type Accounts, examine } from "../../../cli/doctor/examine.ts";
import { exitCodeOf } from "../../../cli/doctor/report.ts";
import { readerRoleName } from "../../../functions/lifecycle/read-only.ts";
import { defineSettings } from "../../../functions/lifecycle/settings.ts";
import { verifierRoleName } from "../../../functions/lifecycle/verifier-role.ts";
import settings from "../../../lifecycle.config.ts";
import { workflowName } from "../../../stacks/definitions/deployment.ts";
import { accounts } from "../../workflow/test-cloud.ts";
import { type Answer, createDoctorWorld, managementAccountId } from "./doctor-world.ts";

const { owner, dev, test: testing, prod } = accounts;

function setUp(answers: Record<string, Answer> = {}) {
  const world = createDoctorWorld(answers);
  const { accessOf } = world;
  const everyAccount: Accounts = {
    modelCardAccount: accessOf(owner),
    stageAccounts: new Map([dev, testing, prod].map((accountId) => [accountId, accessOf(accountId)])),
    now: () => new Date("2026-01-01T00:00:00.000Z"),
  };
  const run = (given: Partial<Accounts> = {}, as = settings) => examine(as, { ...everyAccount, ...given });
  /** Statuses by check. */
  const statuses = async (given: Partial<Accounts> = {}, as = settings) =>
    Object.fromEntries((await run(given, as)).map(({ check, status }) => [check, status]));
  return { ...world, run, statuses };
}

describe("the doctor", () => {
  it("finds nothing to do in accounts that are ready", async () => {
    const { statuses, iam, accessOf } = setUp();
    await iam(managementAccountId).send(
      new CreateRoleCommand({
        RoleName: "AWSServiceRoleForResourceAccessManager",
        AssumeRolePolicyDocument: trustIn("ram.amazonaws.com"),
      }),
    );

    const found = await statuses({ managementAccount: accessOf(managementAccountId) });

    expect(found).toStrictEqual({
      settings: "ok",
      credentials: "ok",
      "management account": "ok",
      "organisation sharing": "ok",
      "organisation of dev": "ok",
      "organisation of test": "ok",
      "organisation of prod": "ok",
      "RAM permissions": "ok",
      "SES sending": "ok",
      "SES sandbox": "ok",
      "SES sender": "ok",
      "SES suppression": "ok",
      "quota: model card versions": "ok",
      "quota: card export jobs": "ok",
      "quota: Lambda concurrency": "ok",
      "quota: RAM": "ok",
      "roles of Cardway": "ok",
      "rule cardway-model-card-state-change": "ok",
      "rule cardway-model-card-call": "ok",
      "rule cardway-sweep": "ok",
      "dead letters of cardway-model-card-state-change": "ok",
      "dead letters of cardway-model-card-call": "ok",
      "dead letters of cardway-sweep": "ok",
      "last sweep": "ok",
      "credentials of dev": "ok",
      "credentials of test": "ok",
      "credentials of prod": "ok",
      "role cardway-data-scientist in dev": "ok",
      "role cardway-ml-engineer in test": "ok",
      [`role ${readerRoleName} in prod`]: "ok",
      [`role ${verifierRoleName} in prod`]: "ok",
      "role cardway-auditor in dev": "ok",
      "role cardway-invitation-accepter in dev": "ok",
      "role cardway-invitation-accepter in test": "ok",
      "role cardway-invitation-accepter in prod": "ok",
      "role cardway-auditor in test": "ok",
      "role cardway-auditor in prod": "ok",
    });
  });

  it("sends nothing but calls that read", async () => {
    const { run, calls } = setUp();

    await run();

    const others = calls.filter((call) => !/^(Get|List|Describe|Simulate)[A-Z]|^GET /.test(call));
    expect(others.toSorted()).toStrictEqual(["POST /getpermission", "POST /listpermissions"]);
    expect(new Set(calls)).toContain("ListAWSServiceAccessForOrganization");
  });

  it("cannot send a call that writes", async () => {
    const { accessOf, calls } = setUp();

    const writing = async () =>
      createClients(accessOf(owner)).iam.send(new DeleteRoleCommand({ RoleName: workflowName }));

    await expect(writing()).rejects.toThrow(NotReadOnlyError);
    expect(calls).toStrictEqual([]);
  });

  it("makes every check, and says which permission is missing, where AWS refuses all of them", async () => {
    const { run, iam, accessOf } = setUp({
      DescribeOrganization: { error: "AccessDeniedException" },
      ListAWSServiceAccessForOrganization: { error: "AccessDeniedException" },
      DescribeAccount: { error: "AccessDeniedException" },
      GetServiceQuota: { error: "AccessDeniedException" },
      ListServiceQuotas: { error: "AccessDeniedException" },
    });
    const { Role } = await iam(owner).send(
      new CreateRoleCommand({ RoleName: "nobody", AssumeRolePolicyDocument: trustOf(owner) }),
    );
    const { profile: _none, ...config } = accessOf(owner);
    const sts = new STSClient(config);
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "test" }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? "",
      secretAccessKey: Credentials?.SecretAccessKey ?? "",
      sessionToken: Credentials?.SessionToken ?? "",
    };

    const findings = await run({
      modelCardAccount: accessOf(owner, { credentials }),
      stageAccounts: new Map(),
    });

    expect(findings.filter(({ status }) => status !== "cannot tell")).toMatchObject([
      { check: "settings" },
      { check: "credentials" },
    ]);
    const said = findings.map(({ saw }) => /may not call (\S+)/.exec(saw)?.[1]);
    expect(said.filter((action) => action !== undefined)).toStrictEqual([
      "organizations:DescribeOrganization",
      "ram:ListPermissions",
      "ses:GetAccount",
      "ses:GetAccount",
      "ses:GetEmailIdentity",
      "ses:GetSuppressedDestination",
      "servicequotas:GetServiceQuota",
      "servicequotas:GetServiceQuota",
      "servicequotas:GetServiceQuota",
      "servicequotas:ListServiceQuotas",
      "iam:GetRole",
      "events:DescribeRule",
      "events:DescribeRule",
      "events:DescribeRule",
      "sqs:GetQueueUrl",
      "sqs:GetQueueUrl",
      "sqs:GetQueueUrl",
      "states:ListExecutions",
    ]);
    expect(exitCodeOf(findings)).toBe(0);
  });

  it.each([
    ["TooManyRequestsException", 429, "throttled"],
    ["ServiceException", 500, "could not be reached"],
    ["InvalidInputException", 400, "refused organizations:DescribeOrganization with InvalidInputException"],
    [
      "UnknownOperationException",
      404,
      "Not offered here: what answered does not know organizations:DescribeOrganization",
    ],
  ])("tells %s as what it is, without AWS's own text", async (error, status, words) => {
    const { run } = setUp({ DescribeOrganization: { error, status } });

    const findings = await run();

    const sharing = findings.find(({ check }) => check === "organisation sharing");
    expect(sharing).toMatchObject({ status: "cannot tell", saw: expect.stringContaining(words) });
    expect(JSON.stringify(findings)).not.toContain("secret@example.com");
  });

  it("looks no further into a wrong account, and does not pass for success", async () => {
    const { run, calls, accessOf } = setUp();

    const findings = await run({ modelCardAccount: accessOf(dev), stageAccounts: new Map() });

    expect(findings.map(({ check, status }) => [check, status])).toStrictEqual([
      ["settings", "ok"],
      ["credentials", "to do"],
      ["model card account", "cannot tell"],
      ["roles in dev", "cannot tell"],
      ["roles in test", "cannot tell"],
      ["roles in prod", "cannot tell"],
    ]);
    expect(calls).toStrictEqual(["GetCallerIdentity"]);
    expect(exitCodeOf(findings)).toBe(1);
  });

  it("does not pass for success without credentials, and where not even the caller can be asked for", async () => {
    const noCredentials = () =>
      Promise.reject(Object.assign(new Error("none"), { name: "CredentialsProviderError" }));
    const signedOut = setUp();
    const cutOff = setUp({ GetCallerIdentity: { error: "ServiceUnavailable", status: 503 } });

    const without = await signedOut.statuses({
      modelCardAccount: signedOut.accessOf(owner, { credentials: noCredentials }),
    });
    const unreached = await cutOff.statuses({ stageAccounts: new Map() });

    expect(without).toMatchObject({ credentials: "to do", "model card account": "cannot tell" });
    expect(unreached).toMatchObject({ credentials: "to do", "SES sending": "ok" });
  });

  it("asks a stage account for its own organisation where it may not ask for its members", async () => {
    const refused = { DescribeAccount: { error: "AccessDeniedException" } };
    const { statuses, accessOf } = setUp(refused);

    const found = await statuses({ stageAccounts: new Map([[dev, accessOf(dev)]]) });

    expect(found).toMatchObject({ "organisation of dev": "ok", "organisation of test": "cannot tell" });
  });

  it("does not compare the roles of an account that is another than the stage's", async () => {
    const { run, accessOf } = setUp();

    const findings = await run({ stageAccounts: new Map([[prod, accessOf(dev)]]) });

    expect(findings.filter(({ check }) => check.endsWith(" prod"))).toMatchObject([
      { check: "organisation of prod" },
      { check: "credentials of prod", status: "to do" },
    ]);
  });

  it("takes Service Quotas' default where nobody changed a quota", async () => {
    const { run } = setUp({
      GetServiceQuota: { error: "NoSuchResourceException" },
      GetAWSDefaultServiceQuota: { Quota: { Value: 100 } },
    });

    const quota = (await run()).find(({ check }) => check === "quota: model card versions");

    expect(quota).toMatchObject({ status: "to do", saw: expect.stringContaining("100 versions") });
  });
});

describe("the model card account's own roles", () => {
  it.each<[string, (iam: IAMClient) => Promise<unknown>, string]>([
    [
      "without a policy",
      (iam) =>
        iam.send(
          new DeleteRolePolicyCommand({
            RoleName: "cardway-grant-access",
            PolicyName: "cardway-grant-access",
          }),
        ),
      "inline policies",
    ],
    [
      "with another trust",
      (iam) =>
        iam.send(
          new UpdateAssumeRolePolicyCommand({
            RoleName: "cardway-grant-access",
            PolicyDocument: trustOf(dev),
          }),
        ),
      "trust policy",
    ],
  ])("are to be deployed again %s", async (_change, change, words) => {
    const { iam, run } = setUp();
    await change(iam(owner));

    expect((await run()).filter(({ status }) => status === "to do")).toMatchObject([
      { check: "role cardway-grant-access", saw: expect.stringContaining(words) },
    ]);
  });
});

describe("the roles of a stage account", () => {
  const check = `role ${readerRoleName} in prod`;
  const RoleName = readerRoleName;
  const policy = (...Statement: object[]) => JSON.stringify({ Version: "2012-10-17", Statement });
  const administrator = "arn:aws:iam::aws:policy/AdministratorAccess";
  const everything = policy({ Effect: "Allow", Action: "sagemaker:*", Resource: "*" });

  it.each<[string, (iam: IAMClient) => Promise<unknown>, string]>([
    [
      "another trust",
      (iam) => iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trustOf(owner) })),
      "trust",
    ],
    [
      "one more policy",
      (iam) =>
        iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "more", PolicyDocument: everything })),
      "inline policies",
    ],
    [
      "no policy",
      (iam) => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName: RoleName })),
      "inline policies",
    ],
    [
      "no boundary",
      (iam) => iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName })),
      "boundary is missing",
    ],
    [
      "another boundary",
      (iam) =>
        iam.send(new PutRolePermissionsBoundaryCommand({ RoleName, PermissionsBoundary: administrator })),
      "boundary is another",
    ],
  ])("are to be deployed again with %s", async (_change, change, words) => {
    const { iam, run } = setUp();
    await change(iam(prod));

    const findings = await run();

    expect(findings.filter(({ status }) => status === "to do")).toMatchObject([
      {
        check,
        saw: expect.stringContaining(words),
        commands: ["npx sst refresh --stage prod-account", "npx sst deploy --stage prod-account"],
      },
    ]);
  });

  it.each([
    ["to do later", "before the model card account has its own", true],
    ["to do", "once it has", false],
  ])("are %s where they are missing %s", async (status, _when, beforeFirstDeploy) => {
    const { iam, statuses } = setUp();
    await removeRole(iam(prod), readerRoleName);
    if (beforeFirstDeploy) await removeRole(iam(owner), workflowName);

    expect(await statuses()).toMatchObject({ [check]: status });
  });

  async function removeRole(iam: ReturnType<ReturnType<typeof setUp>["iam"]>, name: string): Promise<void> {
    await iam.send(new DeleteRolePolicyCommand({ RoleName: name, PolicyName: name }));
    await iam.send(new DeleteRoleCommand({ RoleName: name }));
  }

  it("are not those of readers in the accounts of stages that write", async () => {
    const [lifecycle] = settings.lifecycles;
    const { policyVersion: _derived, ...input } = settings;
    const writing = defineSettings({
      ...input,
      lifecycles: [{ name: "default", stages: lifecycle?.stages.slice(0, 2) ?? [] }],
    });
    const { run } = setUp();

    const findings = await run({}, writing);

    const roles = findings.map(({ check }) => check).filter((check) => check.startsWith("role"));
    expect(roles.length).toBeGreaterThan(0);
    expect(roles.filter((role) => role.includes(readerRoleName))).toStrictEqual([]);
  });
});
function trustIn(Service: string): string {
  return trusting({ Service });
}

function trustOf(accountId: string): string {
  return trusting({ AWS: `arn:aws:iam::${accountId}:root` });
}

function trusting(Principal: object): string {
  const statement = { Effect: "Allow", Principal, Action: "sts:AssumeRole" };
  return JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
}
