import { asList } from "../../local/identity/policy-evaluation.ts";
import type { Role } from "../../local/identity/roles.ts";
import { matchesWildcard } from "../../local/identity/wildcard.ts";
import { type RoleCall, roleNameOf } from "./role-calls.ts";

/** Resources that AWS does not describe well enough to name them more narrowly, each with what is not known. */
const notDescribedByAws: Readonly<Record<string, string>> = {
  "arn:aws:ram:*:*:resource-share-invitation/*":
    "No page says whose account and which Region the ARN of an invitation names.",
};

/**
 * How far a role's permissions are from exactly what it calls, as sentences; none where they are.
 *
 * A wildcard in a resource is too wide where what it stood for always begins or ends with the same parts of an ARN, or was
 * one and the same thing in every call of its service by any role.
 */
export function permissionFaults(
  { roleArn, policies }: Pick<Role, "roleArn" | "policies">,
  calls: readonly RoleCall[],
): string[] {
  const roleName = roleNameOf(roleArn);
  const own = calls.filter((call) => call.roleName === roleName);
  const missing = new Map(
    own
      .filter(({ allowed }) => !allowed)
      .map(({ action, resource }) => [
        action,
        `${roleName} calls ${action} on ${resource} and is not allowed it`,
      ]),
  );

  const unused = new Set<string>();
  for (const { action, pattern } of allowedIn(policies)) {
    const resources = own.filter((call) => call.action === action).map(({ resource }) => resource);
    const matching = resources.filter((resource) => matchesWildcard(pattern, resource));
    if (resources.length === 0) unused.add(`${roleName} is allowed ${action} and never calls it`);
    else if (matching.length === 0) {
      unused.add(`${roleName} is allowed ${action} on ${pattern} and never calls it on that`);
    } else if (Object.hasOwn(notDescribedByAws, pattern)) {
      continue;
    } else if (hasFixedParts(pattern, matching) || isConstant(pattern, action, calls)) {
      const called = [...new Set(matching)].slice(0, 3).join(", ");
      unused.add(`${roleName} is allowed ${action} on ${pattern} and calls it only on such as ${called}`);
    }
  }
  return [...missing.values(), ...unused];
}

function allowedIn(policies: Role["policies"]): { action: string; pattern: string }[] {
  return policies
    .flatMap(({ document }) => document.Statement)
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action, Resource = [] }) =>
      asList(Action).flatMap((action) => asList(Resource).map((pattern) => ({ action, pattern }))),
    );
}

/** Whether what some wildcard stood for always begins or ends with the same parts, which the pattern could then name. */
function hasFixedParts(pattern: string, resources: readonly string[]): boolean {
  return stoodFor(pattern, resources).some((texts) =>
    [/^.*?[:/]/, /[:/][^:/]*$/].some((part) => {
      const parts = new Set(texts.map((text) => part.exec(text)?.[0]));
      return parts.size === 1 && !parts.has(undefined);
    }),
  );
}

/** Whether some wildcard stood for the same in every call of the action's service. A `*` in a call is any resource. */
function isConstant(pattern: string, action: string, calls: readonly RoleCall[]): boolean {
  const service = action.slice(0, action.indexOf(":") + 1);
  const resources = calls
    .filter((call) => call.action.startsWith(service) && matchesWildcard(pattern, call.resource))
    .map(({ resource }) => resource);
  return stoodFor(pattern, resources).some((texts) => !texts.includes("*") && new Set(texts).size === 1);
}

/** For each wildcard of a pattern what it stood for in each of the resources, which match it. */
function stoodFor(pattern: string, resources: readonly string[]): string[][] {
  const expression = new RegExp(
    `^${pattern.replaceAll(/[$()+.?[\]^{|}\\]/g, "\\$&").replaceAll("*", "(.*)")}$`,
  );
  const matches = resources.map((resource) => expression.exec(resource)?.slice(1) ?? []);
  return pattern
    .split("*")
    .slice(1)
    .map((_literal, index) => matches.map((texts) => texts[index] ?? ""));
}
