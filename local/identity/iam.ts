import { awsQueryService } from "../wire/aws-query.ts";
import type { Service } from "../wire/service.ts";
import { managedPolicyOperations } from "./managed-policy-operations.ts";
import type { CrossAccountSimulation } from "./policy-simulation.ts";
import { createRoleLookup } from "./role-lookup.ts";
import { roleOperations } from "./role-operations.ts";
import { rolePolicyOperations } from "./role-policy-operations.ts";
import type { Roles } from "./roles.ts";
import { simulatePrincipalPolicy } from "./simulate-principal-policy.ts";

/**
 * The part of IAM that reads roles, changes them from outside and simulates their policies. IAM is global: a role is
 * the same in every region.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
 */
export function createIam(roles: Roles, crossAccountSimulation: CrossAccountSimulation): Service {
  const lookup = createRoleLookup(roles);
  const service = awsQueryService({
    signingName: "iam",
    version: "2010-05-08",
    operations: {
      ...roleOperations(roles, lookup),
      ...rolePolicyOperations(roles, lookup),
      ...managedPolicyOperations(roles),
      SimulatePrincipalPolicy: simulatePrincipalPolicy(roles, crossAccountSimulation),
    },
  });
  return { ...service, global: true };
}
