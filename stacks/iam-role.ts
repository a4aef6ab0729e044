import { type RoleDefinition, boundaryNameOf } from "./definitions/roles.ts";
import { type PolicyStatement, document } from "./definitions/policy.ts";

export interface CreatedRole {
  arn: $util.Output<string>;
  /** What has to be there before anybody takes the role. */
  complete: $util.Resource;
}

/**
 * A role as its definition says, and nothing else: policies that somebody adds or attaches by hand are taken away by the next
 * deployment after `sst refresh`; Pulumi compares definitions with what it saw last.
 *
 * @param platformPermissions - What AWS's services do in the role's name, as a policy of its own.
 */
export function createRole(
  { roleName, trust, policy, permissionsBoundary, tags }: RoleDefinition,
  platformPermissions: PolicyStatement[] = [],
): CreatedRole {
  const boundary =
    permissionsBoundary &&
    new aws.iam.Policy(boundaryNameOf(roleName), {
      name: boundaryNameOf(roleName),
      description: `The most that ${roleName} may ever do.`,
      policy: JSON.stringify(permissionsBoundary),
    });
  const role = new aws.iam.Role(roleName, {
    name: roleName,
    assumeRolePolicy: JSON.stringify(trust),
    ...(tags && { tags }),
    ...(boundary && { permissionsBoundary: boundary.arn }),
  });
  const documents = [
    { name: roleName, document: policy },
    { name: `${roleName}-platform`, document: document(platformPermissions) },
    // IAM takes no policy without a statement.
  ].filter(({ document }) => document.Statement.length > 0);
  const policies = documents.map(
    ({ name, document }) =>
      new aws.iam.RolePolicy(name, { name, role: role.name, policy: JSON.stringify(document) }),
  );
  const complete = new aws.iam.RolePoliciesExclusive(
    roleName,
    { roleName: role.name, policyNames: documents.map(({ name }) => name) },
    { dependsOn: policies },
  );
  new aws.iam.RolePolicyAttachmentsExclusive(roleName, { roleName: role.name, policyArns: [] });
  return { arn: role.arn, complete };
}
