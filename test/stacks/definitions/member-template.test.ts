import { describe, expect, it } from "vitest";
import * as z from "zod";
import type { Settings } from "../../../functions/lifecycle/settings.ts";
import { stageAccounts } from "../../../functions/lifecycle/stage-accounts.ts";
import settings from "../../../lifecycle.config.ts";
import {
  type Template,
  largestInlineTemplateBytes,
  memberTemplate,
} from "../../../stacks/definitions/member-template.ts";
import type { PolicyDocument } from "../../../stacks/definitions/policy.ts";
import { stageAccountRoles } from "../../../stacks/definitions/stage-account.ts";
import { conditional, dev, prod, settingsWith } from "./example-settings.ts";

const PolicySchema = z.custom<PolicyDocument>((value) => typeof value === "object");
const RoleSchema = z.strictObject({
  RoleName: z.string(),
  AssumeRolePolicyDocument: PolicySchema,
  Policies: z.tuple([z.strictObject({ PolicyName: z.string(), PolicyDocument: PolicySchema })]),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })),
  PermissionsBoundary: PolicySchema.optional(),
});
const BoundarySchema = z.strictObject({
  ManagedPolicyName: z.string(),
  Description: z.string(),
  PolicyDocument: PolicySchema,
});
const EqualsSchema = z.strictObject({
  "Fn::Equals": z.tuple([
    z.strictObject({
      "Fn::FindInMap": z.tuple([
        z.literal("Accounts"),
        z.strictObject({ Ref: z.literal("AWS::AccountId") }),
        z.string(),
      ]),
    }),
    z.literal("yes"),
  ]),
});

/** What CloudFormation makes of the template in an account: its roles, with boundaries in the place of references. */
function rolesIn(template: Template, accountId: string) {
  const mapping = template.Mappings.Accounts[accountId];
  if (mapping === undefined) throw new TypeError(`the mapping has no ${accountId}`);
  const resolved = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(resolved);
    if (typeof value !== "object" || value === null) return value;
    const [[key, inner] = ["", undefined], ...more] = Object.entries(value);
    if (more.length === 0 && key === "Fn::Sub") {
      return String(inner).replaceAll("${AWS::AccountId}", accountId).replaceAll("${!", "${");
    }
    if (more.length === 0 && key === "Ref") {
      return BoundarySchema.parse(resolved(template.Resources[String(inner)]?.Properties)).PolicyDocument;
    }
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, resolved(member)]));
  };
  return Object.values(template.Resources)
    .filter(({ Condition }) => {
      const {
        "Fn::Equals": [
          {
            "Fn::FindInMap": [, , key],
          },
        ],
      } = EqualsSchema.parse(template.Conditions[Condition]);
      return mapping[key] === "yes";
    })
    .filter(({ Type }) => Type === "AWS::IAM::Role")
    .map(({ Properties }) => {
      const { RoleName, AssumeRolePolicyDocument, Policies, Tags, PermissionsBoundary } = RoleSchema.parse(
        resolved(Properties),
      );
      return {
        roleName: RoleName,
        accountId,
        trust: AssumeRolePolicyDocument,
        policy: Policies[0].PolicyDocument,
        tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
        ...(PermissionsBoundary !== undefined && { permissionsBoundary: PermissionsBoundary }),
      };
    });
}

const trusting = settingsWith({
  shareOutsideOrganization: true,
  deployment: {
    personas: {
      sessionsFrom: {
        auditor: [`arn:aws:iam::${dev}:role/auditors`],
        "prod-reader": [`arn:aws:iam::${prod}:root`],
      },
    },
  },
});
const byName = <Role extends { roleName: string }>(roles: Role[]) =>
  roles.toSorted((a, b) => a.roleName.localeCompare(b.roleName));

describe("the template for stage accounts", () => {
  it.each<[string, Settings]>([
    ["the repository's settings", settings],
    ["every condition", conditional],
    ["accounts outside the organisation, and sessions from other accounts", trusting],
  ])("makes in every account the very roles that are defined, with %s", (_case, from) => {
    const template = memberTemplate(from);

    for (const accountId of stageAccounts(from)) {
      expect(byName(rolesIn(template, accountId))).toStrictEqual(byName(stageAccountRoles(accountId, from)));
    }
  });

  it("says a role once for all accounts that it is the same in", () => {
    expect(Object.keys(memberTemplate(settings).Resources)).toStrictEqual([
      "CardwayDataScientist",
      "CardwayAuditor",
      "CardwayInvitationAccepter",
      "CardwayMlEngineer",
      "CardwayCardReaderBoundary",
      "CardwayCardReader",
      "CardwayAccessVerifier",
    ]);
  });

  it("tells a role apart that is not the same everywhere", () => {
    const names = Object.keys(memberTemplate(trusting).Resources).filter((name) =>
      name.startsWith("CardwayAuditor"),
    );

    expect(names).toStrictEqual(["CardwayAuditor", "CardwayAuditor2"]);
  });

  it("names no stage account but as a key of its mapping", () => {
    const { Mappings, ...rest } = memberTemplate(settings);

    expect(Object.keys(Mappings.Accounts)).toStrictEqual(stageAccounts(settings));
    for (const accountId of stageAccounts(settings)) expect(JSON.stringify(rest)).not.toContain(accountId);
  });

  it("has ids that CloudFormation takes, a condition on everything, and a size that needs no bucket", () => {
    const template = memberTemplate(conditional);

    for (const [logicalId, { Condition }] of Object.entries(template.Resources)) {
      expect(logicalId).toMatch(/^[A-Za-z0-9]{1,255}$/);
      expect(Object.keys(template.Conditions)).toContain(Condition);
    }
    expect(JSON.stringify(template, null, 2).length).toBeLessThan(largestInlineTemplateBytes);
  });
});
