import { describe, expect, it } from "vitest";
import { type SettingsInput, defineSettings } from "../../../functions/lifecycle/settings.ts";

const access = {
  Draft: "read-write",
  PendingReview: "read-write",
  Approved: "read-write",
  Archived: "none",
} as const;
const readOnly = { Draft: "none", PendingReview: "none", Approved: "read-only", Archived: "none" } as const;

const valid: SettingsInput = {
  modelCardAccountId: "111111111111",
  lifecycles: [
    {
      name: "default",
      stages: [
        { name: "dev", accountId: "222222222222", access },
        { name: "prod", accountId: "444444444444", access: readOnly },
      ],
    },
  ],
  routes: [{ namePattern: "*", lifecycle: "default" }],
  approvers: [
    { id: "approver", name: "Approver", address: "approver@example.com", roles: ["model-approver"] },
    { id: "officer", name: "Officer", address: "officer@example.com", roles: ["risk-officer"] },
  ],
  authors: [{ id: "team", name: "Team", address: "team@example.com" }],
  approval: { sender: "cardway@example.com" },
};

const signIn = {
  issuer: "https://login.example.com",
  clientId: "cardway-console",
  operators: ["ml-operators"],
};

function faultOf(settings: unknown): string {
  try {
    // @ts-expect-error What a user writes is only checked at run time.
    defineSettings(settings);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  return "no fault";
}

describe("defineSettings", () => {
  it("fills in the defaults of what is left out", () => {
    const settings = defineSettings(valid);

    expect(settings).toMatchObject({
      onApprovedEdit: "review-again",
      requireRecordedApproval: false,
      shareOutsideOrganization: false,
    });
  });

  it("changes its policy version with any change of the settings", () => {
    const one = defineSettings(valid).policyVersion;
    const same = defineSettings(structuredClone(valid)).policyVersion;
    const other = defineSettings({ ...valid, requireRecordedApproval: true }).policyVersion;

    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it("names the path, the value and what is allowed for an account id", () => {
    const fault = faultOf({ ...valid, modelCardAccountId: "1111-1111-1111" });

    expect(fault).toContain(
      'modelCardAccountId: "1111-1111-1111" must be a 12-digit AWS account id, without dashes',
    );
  });

  it("names the path, the value and what is allowed for an access", () => {
    const stage = { name: "dev", accountId: "222222222222", access: { ...access, Draft: "write" } };

    const fault = faultOf({ ...valid, lifecycles: [{ name: "default", stages: [stage] }] });

    expect(fault).toContain(
      'lifecycles[0].stages[0].access.Draft: "write" is not allowed; allowed are: none, read-only, read-write',
    );
  });

  it("refuses a status that is left out of a stage's access", () => {
    const { Archived: _left, ...partial } = access;
    const stage = { name: "dev", accountId: "222222222222", access: partial };

    const fault = faultOf({ ...valid, lifecycles: [{ name: "default", stages: [stage] }] });

    expect(fault).toContain(
      "lifecycles[0].stages[0].access.Archived: is missing; allowed are: none, read-only, read-write",
    );
  });

  it("refuses a route to a lifecycle that is not there, and names those that are", () => {
    const fault = faultOf({ ...valid, routes: [{ namePattern: "*", lifecycle: "other" }] });

    expect(fault).toContain('routes[0].lifecycle: "other" names no lifecycle; there are: default');
  });

  it("refuses an account that could both read only and write", () => {
    const stages = [
      { name: "dev", accountId: "444444444444", access },
      { name: "prod", accountId: "444444444444", access: readOnly },
    ];

    const fault = faultOf({ ...valid, lifecycles: [{ name: "default", stages }] });

    expect(fault).toContain("a read-only account may never write");
  });

  it("refuses the model card account as a stage", () => {
    const stages = [{ name: "dev", accountId: "111111111111", access }];

    const fault = faultOf({ ...valid, lifecycles: [{ name: "default", stages }] });

    expect(fault).toContain('lifecycles[0].stages[0].accountId: "111111111111" is the model card account');
  });

  it("refuses two stages of one name", () => {
    const stages = [
      { name: "dev", accountId: "222222222222", access },
      { name: "dev", accountId: "333333333333", access },
    ];

    const fault = faultOf({ ...valid, lifecycles: [{ name: "default", stages }] });

    expect(fault).toContain('lifecycles[0].stages[1].name: "dev" is used twice');
  });

  it.each([
    [{ region: "cn-north-1" }, 'deployment.region: "cn-north-1" is a Region of another partition than aws'],
    [{ region: "us-gov-west-1" }, "is a Region of another partition than aws"],
    [{ keptKeys: { links: "alias/a" } }, 'deployment.keptKeys.links: "alias/a" must be the id of a KMS key'],
    [{ keptKeys: { links: "alias/a" } }, "deployment.keptKeys.data: is missing"],
    ...["us-east-1:111111111111", "eu-west-1:999999999999"].map((place): [object, string] => [
      {
        region: "eu-west-1",
        approvalPageDomain: {
          name: "approvals.example.com",
          certificateArn: `arn:aws:acm:${place}:certificate/abc`,
        },
      },
      "is no certificate of the model card account 111111111111 in eu-west-1",
    ]),
    [
      { console: { ...signIn, issuer: "http://login.example.com" } },
      "must be the https address of an OIDC issuer",
    ],
    [{ console: { ...signIn, operators: [] } }, "deployment.console.operators: must be at least 1 long"],
    [{ console: { ...signIn, scopes: ["two scopes"] } }, "must be a scope, without spaces"],
    [{ console: { ...signIn, clientSecret: "any" } }, "unknown setting clientSecret"],
    [
      {
        console: {
          ...signIn,
          domain: {
            name: "console.example.com",
            certificateArn: "arn:aws:acm:eu-west-1:999999999999:certificate/abc",
          },
        },
      },
      "deployment.console.domain.certificateArn",
    ],
    [
      {
        approvalPageDomain: { name: "cards.example.com" },
        console: { ...signIn, domain: { name: "cards.example.com" } },
      },
      "is the approval page's name already",
    ],
  ])("explains what AWS would refuse: %j", (deployment, sentence) => {
    expect(faultOf({ ...valid, deployment })).toContain(sentence);
  });

  it("has no console unless it is asked for, and then with usual claims and scopes", () => {
    const asked = defineSettings({ ...valid, deployment: { console: signIn } });

    expect(defineSettings(valid).deployment.console).toBeUndefined();
    expect(asked.deployment.console).toStrictEqual({
      ...signIn,
      scopes: ["profile"],
      groupsClaim: "groups",
      auditors: [],
    });
  });

  it("takes a certificate beside the page", () => {
    const certificateArn = "arn:aws:acm:eu-west-1:111111111111:certificate/abc";
    const approvalPageDomain = { name: "approvals.example.com", certificateArn };

    expect(faultOf({ ...valid, deployment: { region: "eu-west-1", approvalPageDomain } })).toBe("no fault");
  });

  it("refuses settings that it does not know, by name", () => {
    const fault = faultOf({ ...valid, requireApproval: true });

    expect(fault).toContain("unknown setting requireApproval");
  });

  it("reports every fault at once, one a line", () => {
    const fault = faultOf({ ...valid, modelCardAccountId: "1", approvers: [] });

    expect(fault.split("\n").length).toBeGreaterThanOrEqual(3);
  });
});
