import type { PolicyDocument } from "../../stacks/definitions/policy.ts";
import type { LocalContext } from "../context.ts";
import { durableMap } from "../journal/durable-map.ts";
import { AwsError } from "../wire/aws-error.ts";
import { checkPolicyDocument } from "./policy-document.ts";
import type { NamedPolicy } from "./policy-evaluation.ts";
import { uniqueId } from "./unique-ids.ts";

/** An IAM role: who may assume it, what it may do, and the most that it may ever do. */
export interface Role {
  /** `arn:aws:iam::<account>:role/<path/><name>`. */
  roleArn: string;
  trust: PolicyDocument;
  /** Inline policies. */
  policies: NamedPolicy[];
  /** Permissions boundary. */
  boundary?: PolicyDocument;
  /** 3600 to 43200; 3600 if left out. */
  maxSessionSeconds?: number;
}

export interface StoredRole extends Role {
  accountId: string;
  /** Begins and ends with a slash. */
  path: string;
  roleName: string;
  /** `AROA…`. */
  roleId: string;
  createdAt: Date;
  description?: string;
  /** ARN under which the boundary can be taken away and put back. */
  boundaryArn?: string;
}

/** A managed policy, of which there is only one version. */
export interface ManagedPolicy {
  policyArn: string;
  document: PolicyDocument;
  createdAt: Date;
}

export type Roles = ReturnType<typeof createRoles>;

const administratorAccess: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** The managed policy of every account's administrator. */
export const administratorPolicy: NamedPolicy = {
  name: "AdministratorAccess",
  document: administratorAccess,
};

/** The roles of all accounts, and the managed policies that can be their permissions boundary. */
export function createRoles(context: Pick<LocalContext, "clock" | "journal">) {
  const { clock } = context;
  const byArn = durableMap<StoredRole>(context, "iam/roles");
  const arnByName = new Map(
    [...byArn.values()].map((role) => [`${role.accountId}/${role.roleName}`, role.roleArn]),
  );
  const managedPolicies = durableMap<ManagedPolicy>(context, "iam/managed-policies");
  putManagedPolicy("arn:aws:iam::aws:policy/AdministratorAccess", administratorAccess);

  function putManagedPolicy(policyArn: string, document: PolicyDocument): void {
    const createdAt = managedPolicies.get(policyArn)?.createdAt ?? clock.now();
    managedPolicies.set(policyArn, { policyArn, document, createdAt });
  }

  function remove(role: StoredRole): void {
    byArn.delete(role.roleArn);
    arnByName.delete(`${role.accountId}/${role.roleName}`);
  }

  return {
    find: (roleArn: string) => byArn.get(roleArn),

    findByName(accountId: string, roleName: string): StoredRole | undefined {
      const roleArn = arnByName.get(`${accountId}/${roleName}`);
      return roleArn === undefined ? undefined : byArn.get(roleArn);
    },

    /** Roles of an account in the order of their names. */
    list: (accountId: string) =>
      [...byArn.values()]
        .filter((role) => role.accountId === accountId)
        .sort((a, b) => (a.roleName < b.roleName ? -1 : 1)),

    /**
     * Creates a role or replaces all of its definition; a replaced role keeps its date of creation.
     *
     * @throws {AwsError} `MalformedPolicyDocument`, also for a policy that uses what is not modelled; `InvalidInput`
     *   for a role ARN that is none.
     */
    put(role: Role & { description?: string; boundaryArn?: string }): StoredRole {
      const name = partsOf(role.roleArn);
      const boundary = role.boundary && checkPolicyDocument(role.boundary, "identity");
      const boundaryArn =
        role.boundaryArn ?? `arn:aws:iam::${name.accountId}:policy/${name.roleName}-boundary`;
      const previousArn = arnByName.get(`${name.accountId}/${name.roleName}`);
      const previous = previousArn === undefined ? undefined : byArn.get(previousArn);
      const stored: StoredRole = {
        ...role,
        ...name,
        trust: checkPolicyDocument(role.trust, "trust"),
        policies: role.policies.map((policy) => ({
          name: policy.name,
          document: checkPolicyDocument(policy.document, "identity"),
        })),
        roleId: uniqueId("AROA", role.roleArn, 17),
        createdAt: previous?.createdAt ?? clock.now(),
        ...(boundary === undefined ? {} : { boundary, boundaryArn }),
      };
      if (previous !== undefined) remove(previous);
      byArn.set(stored.roleArn, stored);
      arnByName.set(`${stored.accountId}/${stored.roleName}`, stored.roleArn);
      if (boundary !== undefined) putManagedPolicy(boundaryArn, boundary);
      return stored;
    },

    remove,

    /** `AdministratorAccess`, or a boundary that some role was created with. */
    managedPolicy: (policyArn: string) => managedPolicies.get(policyArn),

    /** How many roles have the policy as their permissions boundary. */
    boundaryUses: (policyArn: string) =>
      [...byArn.values()].filter(({ boundaryArn }) => boundaryArn === policyArn).length,
  };
}

function partsOf(roleArn: string): { accountId: string; path: string; roleName: string } {
  const match = /^arn:aws:iam::(\d{12}):role(\/(?:[\u0021-\u007E]+\/)?)([\w+=,.@-]{1,64})$/.exec(roleArn);
  const [, accountId, path, roleName] = match ?? [];
  if (accountId === undefined || path === undefined || roleName === undefined) {
    throw new AwsError("InvalidInput", `ARN ${roleArn} is not valid.`);
  }
  return { accountId, path, roleName };
}
