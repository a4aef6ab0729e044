import * as z from "zod";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import type { AssociationChanges, AssociationDependencies } from "./association-changes.ts";
import { IdempotentCalls } from "./idempotent-calls.ts";
import { policyPermissions } from "./policy-permissions.ts";
import { invalidParameter } from "./ram-error.ts";
import { ArnListSchema, ClientTokenSchema, listPage, paging } from "./request-schemas.ts";
import { type Association, associationStatuses, type ResourceShare } from "./resource-share.ts";
import { describeAssociation, describeChange } from "./resource-share-view.ts";
import { listedShares, ownedShare, ownShareResource } from "./share-access.ts";

const AssociationRequestSchema = z.strictObject({
  resourceShareArn: z.string(),
  resourceArns: ArnListSchema.optional(),
  principals: z.array(z.string()).optional(),
  sources: z.array(z.string()).optional(),
  clientToken: ClientTokenSchema,
});

type AssociationRequest = z.output<typeof AssociationRequestSchema>;

type AnsweredAssociations = ReturnType<typeof describeChange>[];

/** The last three can be asked for, but nothing is ever suspended here: that takes an organisation that was left. */
const filterStatuses = [...associationStatuses, "SUSPENDED", "SUSPENDING", "RESTORING"] as const;

/**
 * `AssociateResourceShare`, `DisassociateResourceShare` and `GetResourceShareAssociations`.
 *
 * @see https://docs.aws.amazon.com/ram/latest/APIReference/API_AssociateResourceShare.html
 */
export function associationRoutes(
  { context, store }: AssociationDependencies,
  changes: AssociationChanges,
): Route[] {
  const associations = new IdempotentCalls<AnsweredAssociations>(context, "AssociateResourceShare");
  const disassociations = new IdempotentCalls<AnsweredAssociations>(context, "DisassociateResourceShare");

  return [
    {
      method: "POST",
      path: "/associateresourceshare",
      operation: operation({
        input: AssociationRequestSchema,
        action: "ram:AssociateResourceShare",
        resource: ({ resourceShareArn }, call) => ownShareResource(resourceShareArn, call),
        furtherPermissions: ({ resourceShareArn, resourceArns }) =>
          policyPermissions(resourceArns, store.find(resourceShareArn)),
        run: (input, call) => {
          const resourceShareAssociations = associations.once(input, call, () => {
            checkNotEmpty(input);
            const share = ownedShare(store, input.resourceShareArn, call);
            const associate = changes.prepareAssociation(share, input, call);
            return associate().map((association) => describeChange(share, association));
          });
          return { resourceShareAssociations, clientToken: input.clientToken };
        },
      }),
    },
    {
      method: "POST",
      path: "/disassociateresourceshare",
      operation: operation({
        input: AssociationRequestSchema,
        action: "ram:DisassociateResourceShare",
        resource: ({ resourceShareArn }, call) => ownShareResource(resourceShareArn, call),
        furtherPermissions: ({ resourceShareArn, resourceArns }) =>
          policyPermissions(resourceArns, store.find(resourceShareArn)),
        run: (input, call) => {
          const resourceShareAssociations = disassociations.once(input, call, () => {
            checkNotEmpty(input);
            const share = ownedShare(store, input.resourceShareArn, call);
            return changes
              .disassociate(share, input)
              .map((association) => describeChange(share, association));
          });
          return { resourceShareAssociations, clientToken: input.clientToken };
        },
      }),
    },
    {
      method: "POST",
      path: "/getresourceshareassociations",
      operation: operation({
        input: z.strictObject({
          associationType: z.string(),
          resourceShareArns: ArnListSchema.optional(),
          resourceArn: z.string().optional(),
          principal: z.string().optional(),
          associationStatus: z.enum(filterStatuses).optional(),
          ...paging,
        }),
        action: "ram:GetResourceShareAssociations",
        run: (input, call) => {
          const { associationType, associationStatus, resourceShareArns } = input;
          const entity = filteredEntity(input);
          const items = listedShares(store, "SELF", resourceShareArns, call)
            .flatMap((share) =>
              associationsOf(share, associationType, entity).map((association) => ({ share, association })),
            )
            .filter(
              ({ association }) =>
                associationStatus === undefined || association.status === associationStatus,
            );
          const { page, nextToken } = listPage(input, {
            operation: "GetResourceShareAssociations",
            items,
            keyOf: ({ share, association }) => [share.sequence, association.sequence],
          });
          return {
            resourceShareAssociations: page.map(({ share, association }) =>
              describeAssociation(share, association),
            ),
            nextToken,
          };
        },
      }),
    },
  ];
}

function checkNotEmpty({ resourceArns = [], principals = [], sources = [] }: AssociationRequest): void {
  if (resourceArns.length + principals.length + sources.length === 0) {
    throw invalidParameter("You must specify at least one resource or principal.");
  }
}

/** @throws {AwsError} `InvalidParameterException` for a filter that does not go with the type. */
function filteredEntity(request: {
  associationType: string;
  resourceArn?: string | undefined;
  principal?: string | undefined;
}): string | undefined {
  const { associationType, resourceArn, principal } = request;
  if (!["PRINCIPAL", "RESOURCE", "SOURCE"].includes(associationType)) {
    throw invalidParameter(
      `${associationType} is not a valid association type. Specify either PRINCIPAL or RESOURCE and try again.`,
    );
  }
  if (associationType === "PRINCIPAL" && resourceArn !== undefined) {
    throw invalidParameter("You cannot specify a resource ARN when the association type is PRINCIPAL.");
  }
  if (associationType === "RESOURCE" && principal !== undefined) {
    throw invalidParameter("You cannot specify a principal when the association type is RESOURCE.");
  }
  return associationType === "PRINCIPAL" ? principal : resourceArn;
}

function associationsOf(share: ResourceShare, type: string, entity: string | undefined): Association[] {
  if (type !== "PRINCIPAL" && type !== "RESOURCE") return [];
  const associations = share.associations[type];
  if (entity === undefined) return [...associations.values()];
  const association = associations.get(entity);
  return association === undefined ? [] : [association];
}
