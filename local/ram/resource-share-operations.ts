import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import type { AssociationChanges, AssociationDependencies } from "./association-changes.ts";
import { IdempotentCalls } from "./idempotent-calls.ts";
import { managedPermission } from "./managed-permission.ts";
import { policyPermissions } from "./policy-permissions.ts";
import { invalidParameter, limitExceeded, malformedArn, unknownResourceShare } from "./ram-error.ts";
import {
  ArnListSchema,
  ClientTokenSchema,
  listPage,
  paging,
  readResourceOwner,
  TagsSchema,
} from "./request-schemas.ts";
import type { ResourceShare } from "./resource-share.ts";
import { describeShare } from "./resource-share-view.ts";
import { addTags } from "./share-tags.ts";
import { listedShares, ownedShare, ownShareResource } from "./share-access.ts";

const CreateResourceShareRequestSchema = z.strictObject({
  name: z.string().min(1).max(255),
  resourceArns: ArnListSchema.optional(),
  principals: z.array(z.string()).optional(),
  tags: TagsSchema.optional(),
  allowExternalPrincipals: z.boolean().default(true),
  clientToken: ClientTokenSchema,
  permissionArns: ArnListSchema.optional(),
  sources: z.array(z.string()).optional(),
  resourceShareConfiguration: z
    .strictObject({ retainSharingOnAccountLeaveOrganization: z.boolean().optional() })
    .optional(),
});

/**
 * `CreateResourceShare`, `UpdateResourceShare`, `DeleteResourceShare` and `GetResourceShares`.
 *
 * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_CreateResourceShare.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_ram.html for the actions that each needs.
 */
export function resourceShareRoutes(
  dependencies: AssociationDependencies,
  changes: AssociationChanges,
): Route[] {
  const { context, store, behaviour, associationDelayMs } = dependencies;
  const creations = new IdempotentCalls<string>(context, "CreateResourceShare");
  const updates = new IdempotentCalls<string>(context, "UpdateResourceShare");
  const deletions = new IdempotentCalls<string>(context, "DeleteResourceShare");
  const isKnown = (resourceShareArn: string) => store.find(resourceShareArn) !== undefined;

  function createShare(input: z.output<typeof CreateResourceShareRequestSchema>, call: Call): string {
    const { accountId } = call.caller;
    const retain = input.resourceShareConfiguration?.retainSharingOnAccountLeaveOrganization;
    if (retain === true && !input.allowExternalPrincipals) {
      throw invalidParameter(
        "retainSharingOnAccountLeaveOrganization needs a resource share that allows external principals.",
      );
    }
    const { sharesPerRegion } = behaviour.limits;
    const owned = store.ownedBy({ accountId, region: call.region });
    if (owned.filter(({ status }) => status !== "DELETED").length >= sharesPerRegion) {
      throw limitExceeded(`The limit of ${sharesPerRegion} resource shares per Region would be exceeded.`);
    }
    const now = context.clock.now();
    const arn = `arn:aws:ram:${call.region}:${accountId}:resource-share/${context.newId()}`;
    const share: ResourceShare = {
      arn,
      name: input.name,
      accountId,
      region: call.region,
      allowExternalPrincipals: input.allowExternalPrincipals,
      retainSharingOnAccountLeaveOrganization: retain,
      tags: addTags(new Map(), input.tags ?? []),
      permission: requestedPermission(input.permissionArns ?? []),
      permissionTime: now,
      creationTime: now,
      lastUpdatedTime: now,
      deletionTime: undefined,
      deletionAskedTime: undefined,
      status: "ACTIVE",
      associations: store.associationsOf(arn),
      liveCount: { PRINCIPAL: 0, RESOURCE: 0 },
      unsettled: new Set(),
      ended: new Set(),
      sequence: store.nextSequence(),
    };
    const associate = changes.prepareAssociation(share, input, call);
    store.addShare(share);
    associate();
    return share.arn;
  }

  function deleteShare(share: ResourceShare): void {
    const now = context.clock.now();
    share.status = "DELETING";
    share.lastUpdatedTime = now;
    share.deletionAskedTime = now;
    share.deletionTime = new Date(now.getTime() + associationDelayMs());
    store.changed(share);
  }

  return [
    {
      method: "POST",
      path: "/createresourceshare",
      operation: operation({
        input: CreateResourceShareRequestSchema,
        action: "ram:CreateResourceShare",
        // A share has no id yet when its tags are asked about.
        furtherPermissions: ({ tags = [], resourceArns }, { caller, region }) => [
          ...tags.slice(0, 1).map(() => ({
            action: "ram:TagResource",
            resource: `arn:aws:ram:${region}:${caller.accountId}:resource-share/*`,
          })),
          ...policyPermissions(resourceArns),
        ],
        run: (input, call) => {
          const arn = creations.once(input, call, () => createShare(input, call), isKnown);
          return { resourceShare: describeKnownShare(arn), clientToken: input.clientToken };
        },
      }),
    },
    {
      method: "POST",
      path: "/updateresourceshare",
      operation: operation({
        input: z.strictObject({
          resourceShareArn: z.string(),
          name: z.string().min(1).max(255).optional(),
          allowExternalPrincipals: z.boolean().optional(),
          clientToken: ClientTokenSchema,
        }),
        action: "ram:UpdateResourceShare",
        resource: ({ resourceShareArn }, call) => ownShareResource(resourceShareArn, call),
        run: (input, call) => {
          const update = () => {
            const share = ownedShare(store, input.resourceShareArn, call);
            if (input.name === undefined && input.allowExternalPrincipals === undefined) {
              throw new AwsError(
                "MissingRequiredParameterException",
                "You must specify the name or whether external principals are allowed.",
              );
            }
            share.name = input.name ?? share.name;
            share.allowExternalPrincipals = input.allowExternalPrincipals ?? share.allowExternalPrincipals;
            share.lastUpdatedTime = context.clock.now();
            store.changed(share);
            return share.arn;
          };
          const arn = updates.once(input, call, update, isKnown);
          return { resourceShare: describeKnownShare(arn), clientToken: input.clientToken };
        },
      }),
    },
    {
      method: "DELETE",
      path: "/deleteresourceshare",
      query: ["resourceShareArn", "clientToken"],
      operation: operation({
        input: z.strictObject({ resourceShareArn: z.string(), clientToken: ClientTokenSchema }),
        action: "ram:DeleteResourceShare",
        resource: ({ resourceShareArn }, call) => ownShareResource(resourceShareArn, call),
        furtherPermissions: ({ resourceShareArn }) => policyPermissions([], store.find(resourceShareArn)),
        run: (input, call) => {
          deletions.once(input, call, () => {
            const share = ownedShare(store, input.resourceShareArn, call);
            deleteShare(share);
            return share.arn;
          });
          return { returnValue: true, clientToken: input.clientToken };
        },
      }),
    },
    {
      method: "POST",
      path: "/getresourceshares",
      operation: operation({
        input: z.strictObject({
          resourceOwner: z.string(),
          resourceShareArns: ArnListSchema.optional(),
          resourceShareStatus: z.enum(["PENDING", "ACTIVE", "FAILED", "DELETING", "DELETED"]).optional(),
          name: z.string().optional(),
          tagFilters: z
            .array(
              z.strictObject({
                tagKey: z.string().optional(),
                tagValues: z.array(z.string()).optional(),
              }),
            )
            .optional(),
          permissionArn: z.string().optional(),
          permissionVersion: z.int().optional(),
          ...paging,
        }),
        action: "ram:GetResourceShares",
        run: (input, call) => {
          const owner = readResourceOwner(input.resourceOwner);
          const { resourceShareStatus, name, tagFilters = [], permissionArn, permissionVersion = 1 } = input;
          if (owner === "OTHER-ACCOUNTS" && tagFilters.length > 0) {
            throw invalidParameter(
              "You cannot use resourceOwner set to OTHER-ACCOUNTS and tagFilters in one request. Specify one parameter and try again.",
            );
          }
          const items = listedShares(store, owner, input.resourceShareArns, call).filter(
            (share) =>
              (resourceShareStatus === undefined || share.status === resourceShareStatus) &&
              (name === undefined || share.name === name) &&
              tagFilters.every((filter) => hasTag(share, filter)) &&
              (permissionArn === undefined ||
                (share.permission?.arn === permissionArn && permissionVersion === 1)),
          );
          const { page, nextToken } = listPage(input, {
            operation: "GetResourceShares",
            items,
            keyOf: ({ sequence }) => [sequence],
          });
          const resourceShares = page.map((share) => ({
            ...describeShare(share),
            // A share's tags are its owner's.
            ...(owner === "SELF" ? {} : { tags: undefined }),
            featureSet: "STANDARD",
          }));
          return { resourceShares, nextToken };
        },
      }),
    },
  ];

  function describeKnownShare(resourceShareArn: string): object {
    const share = store.find(resourceShareArn);
    if (share === undefined) throw unknownResourceShare(resourceShareArn);
    return describeShare(share);
  }
}

/** @throws {AwsError} Where it is no permission, or more than one for the same type of resource. */
function requestedPermission(permissionArns: string[]): ResourceShare["permission"] {
  for (const arn of permissionArns) {
    if (!/^arn:aws:ram:[a-z0-9-]*:(aws|[0-9]{12}):permission\/.+$/.test(arn))
      throw malformedArn("permission");
  }
  const [permission, ...others] = permissionArns.map(managedPermission);
  if (others.length > 0) {
    throw invalidParameter(
      "You can associate only one permission with each resource type of a resource share.",
    );
  }
  return permission;
}

function hasTag(
  { tags }: ResourceShare,
  { tagKey, tagValues = [] }: { tagKey?: string | undefined; tagValues?: string[] | undefined },
): boolean {
  const value = tagKey === undefined ? undefined : tags.get(tagKey);
  return value !== undefined && (tagValues.length === 0 || tagValues.includes(value));
}
