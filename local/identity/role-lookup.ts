import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import type { Roles, StoredRole } from "./roles.ts";

export const RoleNameSchema = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[\w+=,.@-]+$/);

interface RoleNamed {
  RoleName: string;
}

/** How the operations of IAM find the role that an input names: in the caller's own account. */
export function createRoleLookup(roles: Pick<Roles, "findByName">) {
  return {
    /** The role's ARN for the question of permission, also where there is no such role. */
    arnOf: ({ RoleName }: RoleNamed, { caller }: Call): string =>
      roles.findByName(caller.accountId, RoleName)?.roleArn ??
      `arn:aws:iam::${caller.accountId}:role/${RoleName}`,

    /** @throws {AwsError} `NoSuchEntity`. */
    roleOf: ({ RoleName }: RoleNamed, { caller }: Call): StoredRole => {
      const role = roles.findByName(caller.accountId, RoleName);
      if (role === undefined) throw noSuchEntity(`The role with name ${RoleName} cannot be found.`);
      return role;
    },
  };
}

export type RoleLookup = ReturnType<typeof createRoleLookup>;

export function noSuchEntity(message: string): AwsError {
  return new AwsError("NoSuchEntity", message, 404);
}
