import * as z from "zod";
import type { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import { pageInput, pageOf } from "./paging.ts";
import { parsePolicyDocument } from "./policy-document.ts";
import { noSuchEntity, RoleNameSchema } from "./role-lookup.ts";
import type { RoleLookup } from "./role-lookup.ts";
import type { Roles } from "./roles.ts";

const PolicyNameSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[\w+=,.@-]+$/);
const PolicyTextSchema = z.string().min(1).max(131_072);

/** The operations on a role's policies. */
export function rolePolicyOperations(roles: Roles, { arnOf, roleOf }: RoleLookup): Record<string, Operation> {
  return {
    ListRolePolicies: operation({
      input: z.strictObject({ RoleName: RoleNameSchema, ...pageInput }),
      action: "iam:ListRolePolicies",
      resource: arnOf,
      run(input, call) {
        const names = roleOf(input, call).policies.map(({ name }) => name);
        const { page, ...paging } = pageOf(names, (name) => name, input);
        return { PolicyNames: page, ...paging };
      },
    }),

    GetRolePolicy: operation({
      input: z.strictObject({ RoleName: RoleNameSchema, PolicyName: PolicyNameSchema }),
      action: "iam:GetRolePolicy",
      resource: arnOf,
      run(input, call) {
        const role = roleOf(input, call);
        const policy = role.policies.find(({ name }) => name === input.PolicyName);
        if (policy === undefined) throw noSuchPolicy(input.PolicyName);
        return {
          RoleName: role.roleName,
          PolicyName: policy.name,
          PolicyDocument: encodeURIComponent(JSON.stringify(policy.document)),
        };
      },
    }),

    PutRolePolicy: operation({
      input: z.strictObject({
        RoleName: RoleNameSchema,
        PolicyName: PolicyNameSchema,
        PolicyDocument: PolicyTextSchema,
      }),
      action: "iam:PutRolePolicy",
      resource: arnOf,
      run(input, call) {
        const role = roleOf(input, call);
        const policy = {
          name: input.PolicyName,
          document: parsePolicyDocument(input.PolicyDocument, "identity"),
        };
        const others = role.policies.filter(({ name }) => name !== input.PolicyName);
        roles.put({ ...role, policies: [...others, policy] });
        return {};
      },
    }),

    DeleteRolePolicy: operation({
      input: z.strictObject({ RoleName: RoleNameSchema, PolicyName: PolicyNameSchema }),
      action: "iam:DeleteRolePolicy",
      resource: arnOf,
      run(input, call) {
        const role = roleOf(input, call);
        const policies = role.policies.filter(({ name }) => name !== input.PolicyName);
        if (policies.length === role.policies.length) throw noSuchPolicy(input.PolicyName);
        roles.put({ ...role, policies });
        return {};
      },
    }),

    /** No role here has a managed policy besides its boundary. */
    ListAttachedRolePolicies: operation({
      input: z.strictObject({ RoleName: RoleNameSchema, ...pageInput }),
      action: "iam:ListAttachedRolePolicies",
      resource: arnOf,
      run(input, call) {
        roleOf(input, call);
        return { AttachedPolicies: [], IsTruncated: false };
      },
    }),
  };
}

function noSuchPolicy(policyName: string): AwsError {
  return noSuchEntity(`The role policy with name ${policyName} cannot be found.`);
}
