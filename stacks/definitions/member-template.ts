import type { Settings } from "../../functions/lifecycle/settings.ts";
import { stageAccounts } from "../../functions/lifecycle/stage-accounts.ts";
import { type RoleDefinition, boundaryNameOf } from "./roles.ts";
import { stageAccountRoles } from "./stage-account.ts";

/** A CloudFormation template. */
export interface Template {
  AWSTemplateFormatVersion: "2010-09-09";
  Description: string;
  /** By account: whether it has a role, by the role's logical id. */
  Mappings: { Accounts: Record<string, Record<string, "yes" | "no">> };
  Conditions: Record<string, unknown>;
  Resources: Record<string, { Type: string; Condition: string; Properties: Record<string, unknown> }>;
}

/** The most that CloudFormation takes without a bucket in between. */
export const largestInlineTemplateBytes = 51_200;

/** Accounts whose role of one name is the same, but for their own account id. */
interface SameRole {
  logicalId: string;
  role: RoleDefinition;
  /** The role with the account id taken out. */
  text: string;
  accountIds: string[];
}

/**
 * One template for every stage account of the settings, for a StackSet in one Region: each account gets from it the very roles of
 * {@link stageAccountRoles}. In an account that the settings do not name it fails, for want of an entry in its mapping.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/what-is-cfnstacksets.html
 */
export function memberTemplate(settings: Settings): Template {
  const accounts = stageAccounts(settings);
  const same = sameRoles(accounts.flatMap((accountId) => stageAccountRoles(accountId, settings)));
  const rolesOf = (accountId: string) =>
    same.map(({ logicalId, accountIds }) => [logicalId, accountIds.includes(accountId) ? "yes" : "no"]);
  const conditions = same.map(({ logicalId }) => [
    conditionOf(logicalId),
    { "Fn::Equals": [{ "Fn::FindInMap": ["Accounts", { Ref: "AWS::AccountId" }, logicalId] }, "yes"] },
  ]);
  return {
    AWSTemplateFormatVersion: "2010-09-09",
    Description: `Roles of Cardway in stage accounts, for model cards of account ${settings.modelCardAccountId}.`,
    Mappings: {
      Accounts: Object.fromEntries(
        accounts.map((accountId) => [accountId, Object.fromEntries(rolesOf(accountId))]),
      ),
    },
    Conditions: Object.fromEntries(conditions),
    Resources: Object.fromEntries(same.flatMap(resourcesOf)),
  };
}

function sameRoles(roles: RoleDefinition[]): SameRole[] {
  const same: SameRole[] = [];
  for (const role of roles) {
    const { accountId, roleName } = role;
    const text = JSON.stringify(anywhere({ ...role, accountId: "" }, accountId));
    const known = same.find((other) => other.text === text);
    if (known !== undefined) {
      known.accountIds.push(accountId);
      continue;
    }
    const ordinal = same.filter((other) => other.role.roleName === roleName).length + 1;
    const logicalId = `${pascalCase(roleName)}${ordinal === 1 ? "" : ordinal}`;
    same.push({ logicalId, role, text, accountIds: [accountId] });
  }
  return same;
}

function resourcesOf({ logicalId, role }: SameRole): [string, Template["Resources"][string]][] {
  const { roleName, accountId, trust, policy, permissionsBoundary, tags = {} } = role;
  const Condition = conditionOf(logicalId);
  const boundaryId = `${logicalId}Boundary`;
  const iamRole = {
    Type: "AWS::IAM::Role",
    Condition,
    Properties: {
      RoleName: roleName,
      AssumeRolePolicyDocument: anywhere(trust, accountId),
      Policies: [{ PolicyName: roleName, PolicyDocument: anywhere(policy, accountId) }],
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      ...(permissionsBoundary !== undefined && { PermissionsBoundary: { Ref: boundaryId } }),
    },
  };
  if (permissionsBoundary === undefined) return [[logicalId, iamRole]];
  const boundary = {
    Type: "AWS::IAM::ManagedPolicy",
    Condition,
    Properties: {
      ManagedPolicyName: boundaryNameOf(roleName),
      Description: `The most that ${roleName} may ever do.`,
      PolicyDocument: anywhere(permissionsBoundary, accountId),
    },
  };
  return [
    [boundaryId, boundary],
    [logicalId, iamRole],
  ];
}

function conditionOf(logicalId: string): string {
  return `Has${logicalId}`;
}

/** The same value in whatever account: texts that name the account name the one that the template is deployed in. */
function anywhere(value: unknown, accountId: string): unknown {
  if (typeof value === "string") {
    if (!value.includes(accountId)) return value;
    return { "Fn::Sub": value.replaceAll("${", "${!").replaceAll(accountId, "${AWS::AccountId}") };
  }
  if (Array.isArray(value)) return value.map((item) => anywhere(item, accountId));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, anywhere(item, accountId)]));
}

/** `cardway-card-reader` as `CardwayCardReader`: logical ids are letters and digits. */
function pascalCase(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z0-9])/g, (_match, letter: string) => letter.toUpperCase());
}
