import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  type Role,
} from "@aws-sdk/client-iam";
import { allPages } from "../../functions/aws/aws-call.ts";
import type { RoleDefinition } from "../../stacks/definitions/roles.ts";
import type { Clients } from "./clients.ts";
import { statementsIn } from "./policy-comparison.ts";
import { type Reading, read } from "../reading.ts";

/** A role as it stands in an account. Statements are `undefined` where IAM's text is no policy. */
export interface LiveRole {
  trust: unknown[] | undefined;
  /** Of all inline policies together. */
  policy: unknown[] | undefined;
  /** ARNs of managed policies that are attached, none of which Cardway attaches. */
  attachedPolicyArns: string[];
  boundary: "none" | unknown[] | undefined;
}

type Iam = Clients["iam"];

/** Whether an account has a role of this name. */
export async function readRoleExists(iam: Iam, roleName: string): Promise<Reading<boolean>> {
  const role = await readRole(iam, roleName);
  return "seen" in role ? { seen: role.seen !== "missing" } : role;
}

/** A role with all that decides what it may do. @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html */
export async function readLiveRole(iam: Iam, roleName: string): Promise<Reading<LiveRole | "missing">> {
  const role = await readRole(iam, roleName);
  if ("unseen" in role) return role;
  if (role.seen === "missing") return { seen: "missing" };
  const [policy, attached, boundary] = await Promise.all([
    readInlinePolicies(iam, roleName),
    read("iam:ListAttachedRolePolicies", async () => {
      const policies = await allPages(async (Marker) => {
        const answer = await iam.send(
          new ListAttachedRolePoliciesCommand({
            RoleName: roleName,
            ...(Marker !== undefined && { Marker }),
          }),
        );
        return { items: answer.AttachedPolicies, nextToken: answer.Marker };
      });
      return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
    }),
    readBoundary(iam, role.seen.PermissionsBoundary?.PermissionsBoundaryArn),
  ]);
  if ("unseen" in policy) return policy;
  if ("unseen" in attached) return attached;
  if ("unseen" in boundary) return boundary;
  return {
    seen: {
      trust: statementsIn(role.seen.AssumeRolePolicyDocument),
      policy: policy.seen,
      attachedPolicyArns: attached.seen,
      boundary: boundary.seen,
    },
  };
}

/** All of these roles, one after the other, because IAM takes only some calls a second; none behind one that may not be looked at. */
export async function readRoles(
  iam: Iam,
  definitions: readonly RoleDefinition[],
): Promise<{ definition: RoleDefinition; live: Reading<LiveRole | "missing"> }[]> {
  const roles = [];
  for (const definition of definitions) {
    const live = await readLiveRole(iam, definition.roleName);
    roles.push({ definition, live });
    if ("unseen" in live) break;
  }
  return roles;
}

function readRole(iam: Iam, roleName: string): Promise<Reading<Role | "missing">> {
  return read<Role | "missing">(
    "iam:GetRole",
    async () => (await iam.send(new GetRoleCommand({ RoleName: roleName }))).Role ?? "missing",
    { NoSuchEntityException: "missing" },
  );
}

async function readInlinePolicies(iam: Iam, roleName: string): Promise<Reading<unknown[] | undefined>> {
  const names = await read("iam:ListRolePolicies", () =>
    allPages(async (Marker) => {
      const answer = await iam.send(
        new ListRolePoliciesCommand({ RoleName: roleName, ...(Marker !== undefined && { Marker }) }),
      );
      return { items: answer.PolicyNames, nextToken: answer.Marker };
    }),
  );
  if ("unseen" in names) return names;
  return read("iam:GetRolePolicy", async () => {
    const statements: unknown[] = [];
    for (const PolicyName of names.seen) {
      const answer = await iam.send(new GetRolePolicyCommand({ RoleName: roleName, PolicyName }));
      const found = statementsIn(answer.PolicyDocument);
      if (found === undefined) return undefined;
      statements.push(...found);
    }
    return statements;
  });
}

async function readBoundary(iam: Iam, policyArn: string | undefined): Promise<Reading<LiveRole["boundary"]>> {
  if (policyArn === undefined) return { seen: "none" };
  const version = await read("iam:GetPolicy", async () => {
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn: policyArn }));
    return Policy?.DefaultVersionId ?? "v1";
  });
  if ("unseen" in version) return version;
  return read("iam:GetPolicyVersion", async () => {
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn: policyArn, VersionId: version.seen }),
    );
    return statementsIn(PolicyVersion?.Document);
  });
}
