import type { Caller } from "../wire/caller.ts";
import type { Permission } from "../wire/operation.ts";
import { conditionContext } from "./policy-conditions.ts";
import type { ConditionContext } from "./policy-conditions.ts";
import { evaluate } from "./policy-evaluation.ts";
import type { NamedPolicy, PolicyQuestion } from "./policy-evaluation.ts";
import type { Role } from "./roles.ts";
import { trustOf } from "./trust-policy.ts";

/** Somebody whose permissions are asked about, with all the policies that decide. */
export interface Principal {
  caller: Caller;
  type: "User" | "AssumedRole";
  /** Identity-based policies: what one of them allows is allowed. */
  policies: readonly NamedPolicy[];
  /** Policies that must each allow too: the role's permissions boundary, the session's policy. */
  limits: readonly Limit[];
}

export interface Limit {
  kind: "permissions boundary" | "session policy";
  policy: NamedPolicy;
}

/** What a request is about, beyond its principal. */
export interface Circumstances {
  region: string;
  externalId?: string;
  roleSessionName?: string;
}

export interface AuthorizationDependencies {
  findRole(roleArn: string): Pick<Role, "trust"> | undefined;
  /** The resource policy of another account's resource. */
  resourcePolicyAllows(resourceArn: string, action: string, caller: Caller): boolean;
  watcher?: Pick<RoleWatcher, "asked">;
}

/** Is told how roles are defined, and of everything that they then ask for, allowed or not. */
export interface RoleWatcher {
  defined(role: Role): void;
  asked(roleArn: string, question: PolicyQuestion): void;
}

/**
 * Decides one permission of a principal.
 *
 * @returns nothing where it is allowed, else AWS's sentence.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html for the sentences.
 */
export function refusalOf(
  principal: Principal,
  permission: Permission,
  circumstances: Circumstances,
  dependencies: AuthorizationDependencies,
): string | undefined {
  const { caller } = principal;
  const { action, resource } = permission;
  const context = contextOf(principal, permission, circumstances);
  if (principal.type === "AssumedRole") {
    dependencies.watcher?.asked(caller.principalArn, { action, resource, context });
  }
  const sentence = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource}`;
  const identity = identityRefusal(principal, permission, context);

  if (action === "sts:AssumeRole") {
    // STS gives no reason, so that nobody can find out which roles there are.
    return mayAssume(principal, resource, context, identity, dependencies) ? undefined : sentence;
  }
  if (identity !== undefined) return `${sentence} ${identity.reason}`;
  const owner = permission.resourceAccountId ?? ownerOf(resource);
  if (owner === undefined || owner === caller.accountId) return undefined;
  if (dependencies.resourcePolicyAllows(resource, action, caller)) return undefined;
  return `${sentence} because no resource-based policy allows the ${action} action`;
}

interface IdentityRefusal {
  reason: string;
  /** Whether an `Allow` from elsewhere could make up for it: nothing denies, and every limit allows. */
  onlyAllowMissing: boolean;
}

function identityRefusal(
  { policies, limits }: Principal,
  { action, resource }: Permission,
  context: ConditionContext,
): IdentityRefusal | undefined {
  const question = { action, resource, context };
  const identity = evaluate(policies, question).decision;
  const limited = limits.map(({ kind, policy }) => ({
    kind,
    decision: evaluate([policy], question).decision,
  }));

  if (identity === "explicitDeny") {
    return { reason: "with an explicit deny in an identity-based policy", onlyAllowMissing: false };
  }
  const denying = limited.find(({ decision }) => decision === "explicitDeny");
  if (denying !== undefined) {
    return { reason: `with an explicit deny in a ${denying.kind}`, onlyAllowMissing: false };
  }
  const notAllowing = limited.find(({ decision }) => decision !== "allowed");
  if (identity === "implicitDeny") {
    return {
      reason: `because no identity-based policy allows the ${action} action`,
      onlyAllowMissing: notAllowing === undefined,
    };
  }
  if (notAllowing === undefined) return undefined;
  return { reason: `because no ${notAllowing.kind} allows the ${action} action`, onlyAllowMissing: false };
}

/**
 * A trust policy is the resource policy of a role. In the role's own account it is enough to be named; a trust of the
 * account hands the choice to the identity policies. From another account both sides must allow.
 */
function mayAssume(
  { caller }: Principal,
  roleArn: string,
  context: ConditionContext,
  identity: IdentityRefusal | undefined,
  dependencies: AuthorizationDependencies,
): boolean {
  const role = dependencies.findRole(roleArn);
  if (role === undefined) return false;
  const trust = trustOf(role.trust, { action: "sts:AssumeRole", candidate: caller, context });
  if (trust === "explicitDeny" || trust === "none") return false;
  if (identity === undefined) return true;
  return trust === "principal" && ownerOf(roleArn) === caller.accountId && identity.onlyAllowMissing;
}

function contextOf(
  { caller, type }: Principal,
  { resource, resourceAccountId, context }: Permission,
  { region, externalId, roleSessionName }: Circumstances,
): ConditionContext {
  const userName = type === "User" ? caller.arn.slice(caller.arn.lastIndexOf("/") + 1) : undefined;
  return conditionContext({
    ...context,
    "aws:PrincipalArn": caller.principalArn,
    "aws:PrincipalAccount": caller.accountId,
    "aws:PrincipalType": type,
    "aws:PrincipalIsAWSService": "false",
    "aws:ViaAWSService": "false",
    // Calls to AWS come over TLS, and policies that insist on it must not fail here, where there is no network.
    "aws:SecureTransport": "true",
    "aws:userid": caller.userId,
    "aws:RequestedRegion": region,
    "aws:ResourceAccount": resourceAccountId ?? ownerOf(resource),
    "aws:username": userName,
    "sts:ExternalId": externalId,
    "sts:RoleSessionName": roleSessionName,
  });
}

/** The account in an ARN; nothing for `*` and for ARNs of AWS's own resources or without an account. */
export function ownerOf(resource: string): string | undefined {
  const account = resource.split(":", 5)[4];
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}
