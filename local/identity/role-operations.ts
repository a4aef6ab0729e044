import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import { pageInput, pageOf } from "./paging.ts";
import { parsePolicyDocument } from "./policy-document.ts";
import { queryInteger } from "./query-input.ts";
import { noSuchEntity, RoleNameSchema } from "./role-lookup.ts";
import type { RoleLookup } from "./role-lookup.ts";
import type { Roles, StoredRole } from "./roles.ts";

const PolicyTextSchema = z.string().min(1).max(131_072);
const ArnSchema = z.string().min(20).max(2048);

/** The operations on roles themselves. */
export function roleOperations(roles: Roles, { arnOf, roleOf }: RoleLookup): Record<string, Operation> {
  function boundaryFor(policyArn: string) {
    const boundary = roles.managedPolicy(policyArn)?.document;
    if (boundary === undefined) {
      throw noSuchEntity(`Policy ${policyArn} does not exist or is not attachable.`);
    }
    return { boundary, boundaryArn: policyArn };
  }

  return {
    GetRole: operation({
      input: z.strictObject({ RoleName: RoleNameSchema }),
      action: "iam:GetRole",
      resource: arnOf,
      run: (input, call) => ({ Role: describeRole(roleOf(input, call)) }),
    }),

    ListRoles: operation({
      input: z.strictObject({
        ...pageInput,
        PathPrefix: z
          .string()
          .min(1)
          .max(512)
          .regex(/^\/[\u0021-\u007F]*$/)
          .default("/"),
      }),
      action: "iam:ListRoles",
      resource: ({ PathPrefix }, { caller }) => `arn:aws:iam::${caller.accountId}:role${PathPrefix}`,
      run(input, { caller }) {
        const listed = roles.list(caller.accountId).filter(({ path }) => path.startsWith(input.PathPrefix));
        const { page, ...paging } = pageOf(listed, ({ roleName }) => roleName, input);
        return { Roles: page.map(listedRole), ...paging };
      },
    }),

    CreateRole: operation({
      input: z.strictObject({
        RoleName: RoleNameSchema,
        Path: z
          .string()
          .min(1)
          .max(512)
          .regex(/^(\/|\/[\u0021-\u007E]+\/)$/)
          .default("/"),
        AssumeRolePolicyDocument: PolicyTextSchema,
        Description: z.string().max(1000).optional(),
        MaxSessionDuration: queryInteger(z.int().min(3600).max(43_200)).optional(),
        PermissionsBoundary: ArnSchema.optional(),
      }),
      action: "iam:CreateRole",
      resource: ({ Path, RoleName }, { caller }) => `arn:aws:iam::${caller.accountId}:role${Path}${RoleName}`,
      run(input, { caller }) {
        if (roles.findByName(caller.accountId, input.RoleName) !== undefined) {
          throw new AwsError("EntityAlreadyExists", `Role with name ${input.RoleName} already exists.`, 409);
        }
        const role = roles.put({
          roleArn: `arn:aws:iam::${caller.accountId}:role${input.Path}${input.RoleName}`,
          trust: parsePolicyDocument(input.AssumeRolePolicyDocument, "trust"),
          policies: [],
          ...(input.Description === undefined ? {} : { description: input.Description }),
          ...(input.MaxSessionDuration === undefined ? {} : { maxSessionSeconds: input.MaxSessionDuration }),
          ...(input.PermissionsBoundary === undefined ? {} : boundaryFor(input.PermissionsBoundary)),
        });
        return { Role: describeRole(role) };
      },
    }),

    DeleteRole: operation({
      input: z.strictObject({ RoleName: RoleNameSchema }),
      action: "iam:DeleteRole",
      resource: arnOf,
      run(input, call) {
        const role = roleOf(input, call);
        if (role.policies.length > 0) {
          throw new AwsError("DeleteConflict", "Cannot delete entity, must delete policies first.", 409);
        }
        roles.remove(role);
        return {};
      },
    }),

    UpdateAssumeRolePolicy: operation({
      input: z.strictObject({ RoleName: RoleNameSchema, PolicyDocument: PolicyTextSchema }),
      action: "iam:UpdateAssumeRolePolicy",
      resource: arnOf,
      run(input, call) {
        roles.put({ ...roleOf(input, call), trust: parsePolicyDocument(input.PolicyDocument, "trust") });
        return {};
      },
    }),

    PutRolePermissionsBoundary: operation({
      input: z.strictObject({ RoleName: RoleNameSchema, PermissionsBoundary: ArnSchema }),
      action: "iam:PutRolePermissionsBoundary",
      resource: arnOf,
      run(input, call) {
        roles.put({ ...roleOf(input, call), ...boundaryFor(input.PermissionsBoundary) });
        return {};
      },
    }),

    DeleteRolePermissionsBoundary: operation({
      input: z.strictObject({ RoleName: RoleNameSchema }),
      action: "iam:DeleteRolePermissionsBoundary",
      resource: arnOf,
      run(input, call) {
        const { boundary, boundaryArn, ...role } = roleOf(input, call);
        if (boundary === undefined || boundaryArn === undefined) {
          throw noSuchEntity(`Role ${role.roleName} does not have a permissions boundary.`);
        }
        roles.put(role);
        return {};
      },
    }),
  };
}

function listedRole(role: StoredRole) {
  return {
    Path: role.path,
    RoleName: role.roleName,
    RoleId: role.roleId,
    Arn: role.roleArn,
    CreateDate: role.createdAt,
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(role.trust)),
    Description: role.description,
    MaxSessionDuration: role.maxSessionSeconds ?? 3600,
  };
}

/** `GetRole` shows the boundary, `ListRoles` does not. */
function describeRole(role: StoredRole) {
  return {
    ...listedRole(role),
    PermissionsBoundary: role.boundaryArn && {
      PermissionsBoundaryType: "Policy",
      PermissionsBoundaryArn: role.boundaryArn,
    },
  };
}
