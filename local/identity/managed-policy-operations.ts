import * as z from "zod";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import { noSuchEntity } from "./role-lookup.ts";
import type { ManagedPolicy, Roles } from "./roles.ts";
import { uniqueId } from "./unique-ids.ts";

const ArnSchema = z.string().min(20).max(2048);
const onlyVersion = "v1";

/** `GetPolicy` and `GetPolicyVersion`, for the policies that are a role's permissions boundary. */
export function managedPolicyOperations(roles: Roles): Record<string, Operation> {
  function policyOf(policyArn: string): ManagedPolicy {
    const policy = roles.managedPolicy(policyArn);
    if (policy === undefined) throw noSuchEntity(`Policy ${policyArn} was not found.`);
    return policy;
  }

  return {
    GetPolicy: operation({
      input: z.strictObject({ PolicyArn: ArnSchema }),
      action: "iam:GetPolicy",
      resource: ({ PolicyArn }) => PolicyArn,
      run({ PolicyArn }) {
        const { policyArn, createdAt } = policyOf(PolicyArn);
        const path = policyArn.slice(policyArn.indexOf("/"), policyArn.lastIndexOf("/") + 1);
        return {
          Policy: {
            PolicyName: policyArn.slice(policyArn.lastIndexOf("/") + 1),
            PolicyId: uniqueId("ANPA", policyArn, 17),
            Arn: policyArn,
            Path: path,
            DefaultVersionId: onlyVersion,
            AttachmentCount: 0,
            PermissionsBoundaryUsageCount: roles.boundaryUses(policyArn),
            IsAttachable: true,
            CreateDate: createdAt,
            UpdateDate: createdAt,
          },
        };
      },
    }),

    GetPolicyVersion: operation({
      input: z.strictObject({
        PolicyArn: ArnSchema,
        VersionId: z.string().regex(/^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$/),
      }),
      action: "iam:GetPolicyVersion",
      resource: ({ PolicyArn }) => PolicyArn,
      run({ PolicyArn, VersionId }) {
        const { policyArn, document, createdAt } = policyOf(PolicyArn);
        if (VersionId !== onlyVersion) {
          throw noSuchEntity(`Policy ${policyArn} version ${VersionId} does not exist or is not attachable.`);
        }
        return {
          PolicyVersion: {
            Document: encodeURIComponent(JSON.stringify(document)),
            VersionId,
            IsDefaultVersion: true,
            CreateDate: createdAt,
          },
        };
      },
    }),
  };
}
