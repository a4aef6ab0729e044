import * as z from "zod";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import {
  describePermission,
  managedPermission,
  managedPermissions,
  modelCardResourceType,
} from "./managed-permission.ts";
import { malformedArn, unknownPermission } from "./ram-error.ts";
import { includesResourceType, listPage, paging } from "./request-schemas.ts";
import type { ResourceShareStore } from "./resource-share-store.ts";
import { checkShareArn, ownedShare, ownShareResource, sharedWith } from "./share-access.ts";

/**
 * `ListPermissions`, `GetPermission` and `ListResourceSharePermissions`, for AWS's managed permissions: model cards can
 * have no others.
 *
 * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_ListPermissions.html
 */
export function permissionRoutes(store: ResourceShareStore): Route[] {
  return [
    {
      method: "POST",
      path: "/listpermissions",
      operation: operation({
        input: z.strictObject({
          resourceType: z.string().optional(),
          permissionType: z.enum(["ALL", "AWS_MANAGED", "CUSTOMER_MANAGED"]).default("ALL"),
          ...paging,
        }),
        action: "ram:ListPermissions",
        run: (input) => {
          const isListed =
            includesResourceType(input.resourceType, modelCardResourceType) &&
            input.permissionType !== "CUSTOMER_MANAGED";
          const { page, nextToken } = listPage(input, {
            operation: "ListPermissions",
            items: isListed ? managedPermissions : [],
            keyOf: ({ arn }) => [arn],
          });
          return { permissions: page.map(describePermission), nextToken };
        },
      }),
    },
    {
      method: "POST",
      path: "/getpermission",
      operation: operation({
        input: z.strictObject({ permissionArn: z.string(), permissionVersion: z.int().default(1) }),
        action: "ram:GetPermission",
        resource: ({ permissionArn }) => permissionArn,
        run: ({ permissionArn, permissionVersion }) => {
          if (!permissionArn.startsWith("arn:aws:ram:")) throw malformedArn("permission");
          const permission = managedPermission(permissionArn);
          if (permissionVersion !== 1) throw unknownPermission(permissionArn);
          return {
            permission: {
              ...describePermission(permission),
              permission: JSON.stringify({ Effect: "Allow", Action: permission.actions }),
            },
          };
        },
      }),
    },
    {
      method: "POST",
      path: "/listresourcesharepermissions",
      operation: operation({
        input: z.strictObject({ resourceShareArn: z.string(), ...paging }),
        action: "ram:ListResourceSharePermissions",
        resource: ({ resourceShareArn }, call) => ownShareResource(resourceShareArn, call),
        run: (input, call) => {
          checkShareArn(input.resourceShareArn);
          const visible = sharedWith(store, call).find(({ arn }) => arn === input.resourceShareArn);
          const share = visible ?? ownedShare(store, input.resourceShareArn, call);
          const { page, nextToken } = listPage(input, {
            operation: "ListResourceSharePermissions",
            items: share.permission === undefined ? [] : [share.permission],
            keyOf: ({ arn }) => [arn],
          });
          return {
            permissions: page.map((permission) => ({
              ...describePermission(permission),
              status: "ASSOCIATED",
              lastUpdatedTime: share.permissionTime,
            })),
            nextToken,
          };
        },
      }),
    },
  ];
}
