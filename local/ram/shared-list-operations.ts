import * as z from "zod";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import { modelCardResourceType } from "./managed-permission.ts";
import { parsePrincipal } from "./principal.ts";
import {
  ArnListSchema,
  includesResourceType,
  listPage,
  paging,
  readResourceOwner,
} from "./request-schemas.ts";
import { type Association, isLive, type ResourceShare } from "./resource-share.ts";
import type { ResourceShareStore } from "./resource-share-store.ts";
import { describeResource } from "./resource-share-view.ts";
import { listedShares } from "./share-access.ts";

/**
 * `ListResources` and `ListPrincipals`.
 *
 * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_ListResources.html
 */
export function sharedListRoutes(store: ResourceShareStore): Route[] {
  return [
    {
      method: "POST",
      path: "/listresources",
      operation: operation({
        input: z.strictObject({
          resourceOwner: z.string(),
          principal: z.string().optional(),
          resourceType: z.string().optional(),
          resourceArns: ArnListSchema.optional(),
          resourceShareArns: ArnListSchema.optional(),
          resourceRegionScope: z.enum(["ALL", "REGIONAL", "GLOBAL"]).default("ALL"),
          ...paging,
        }),
        action: "ram:ListResources",
        run: (input, call) => {
          const owner = readResourceOwner(input.resourceOwner);
          const { principal, resourceArns, resourceShareArns, resourceType, resourceRegionScope } = input;
          const isListed =
            includesResourceType(resourceType, modelCardResourceType) && resourceRegionScope !== "GLOBAL";
          const items = listedShares(store, owner, resourceShareArns, call)
            .filter((share) => isListed && (principal === undefined || hasPrincipal(share, principal)))
            .flatMap((share) =>
              resourcesOf(share, resourceArns)
                .filter(({ status, effective }) =>
                  owner === "SELF" ? status !== "DISASSOCIATED" : effective,
                )
                .map((association) => ({ share, association })),
            );
          const { page, nextToken } = listPage(input, {
            operation: "ListResources",
            items,
            keyOf: ({ share, association }) => [share.sequence, association.sequence],
          });
          return {
            resources: page.map(({ share, association }) => describeResource(share, association)),
            nextToken,
          };
        },
      }),
    },
    {
      method: "POST",
      path: "/listprincipals",
      operation: operation({
        input: z.strictObject({
          resourceOwner: z.string(),
          resourceArn: z.string().optional(),
          principals: z.array(z.string()).optional(),
          resourceType: z.string().optional(),
          resourceShareArns: ArnListSchema.optional(),
          ...paging,
        }),
        action: "ram:ListPrincipals",
        run: (input, call) => {
          const owner = readResourceOwner(input.resourceOwner);
          const { principals, resourceArn, resourceShareArns, resourceType } = input;
          const isListed = includesResourceType(resourceType, modelCardResourceType);
          const items = listedShares(store, owner, resourceShareArns, call)
            .filter(
              (share) =>
                isListed &&
                (resourceType === undefined || share.liveCount.RESOURCE > 0) &&
                (resourceArn === undefined || hasResource(share, resourceArn)),
            )
            .flatMap((share) =>
              owner === "SELF" ? principalsOf(share) : [ownerOf(share, call.caller.accountId)],
            )
            .filter(
              ({ principal }) =>
                principals === undefined || principals.length === 0 || principals.includes(principal.id),
            );
          const { page, nextToken } = listPage(input, {
            operation: "ListPrincipals",
            items,
            keyOf: ({ sortKey }) => sortKey,
          });
          return {
            principals: page.map(({ principal }) => principal),
            nextToken,
          };
        },
      }),
    },
  ];
}

function hasPrincipal({ associations }: ResourceShare, principal: string): boolean {
  const association = associations.PRINCIPAL.get(principal);
  return association !== undefined && isLive(association.status);
}

function hasResource({ associations }: ResourceShare, resourceArn: string): boolean {
  const association = associations.RESOURCE.get(resourceArn);
  return association !== undefined && isLive(association.status);
}

function resourcesOf({ associations }: ResourceShare, resourceArns: string[] | undefined): Association[] {
  if (resourceArns === undefined || resourceArns.length === 0) return [...associations.RESOURCE.values()];
  return [...new Set(resourceArns)]
    .flatMap((arn) => associations.RESOURCE.get(arn) ?? [])
    .sort((a, b) => a.sequence - b.sequence);
}

/** The principals that have access: the list that tells who can reach what. */
function principalsOf(share: ResourceShare) {
  return [...share.associations.PRINCIPAL.values()]
    .filter(({ effective }) => effective)
    .map(({ entity, external, creationTime, lastUpdatedTime, sequence }) => ({
      principal: { id: entity, resourceShareArn: share.arn, creationTime, lastUpdatedTime, external },
      sortKey: [share.sequence, sequence],
    }));
}

/** To a consumer, the principal that shares with it is the owner. */
function ownerOf(share: ResourceShare, consumerAccountId: string) {
  const external = [...share.associations.PRINCIPAL.values()].some(
    (association) =>
      association.external && parsePrincipal(association.entity).accountId === consumerAccountId,
  );
  return {
    principal: {
      id: share.accountId,
      resourceShareArn: share.arn,
      creationTime: share.creationTime,
      lastUpdatedTime: share.lastUpdatedTime,
      external,
    },
    sortKey: [share.sequence, 0],
  };
}
