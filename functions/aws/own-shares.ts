import { DeleteResourceShareCommand, RAMClient, type ResourceShare } from "@aws-sdk/client-ram";
import type { Audience } from "../../events/access.ts";
import { ModelCardArnSchema } from "../../events/model-card.ts";
import { ResourceNotReadyError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";
import { audienceOf, listAssociations, listTaggedShares } from "./ram-lists.ts";

/** A resource share that Cardway made for an audience. */
export interface OwnShare {
  resourceShareArn: string;
  name: string;
  audience: Audience;
  isBeingDeleted: boolean;
  /** Whether it is open to accounts outside the organisation, where the settings share nothing, and names nobody inside. */
  isOutside: boolean;
}

/** Cardway's own resource shares as a whole, whatever cards are in them. */
export interface OwnShares {
  /** Every one that is not deleted, found by its tag; also one that RAM never finished. */
  list(): Promise<OwnShare[]>;
  /** ARNs of the cards that are in a share, or on their way in or out. */
  cardsIn(resourceShareArn: string): Promise<string[]>;
  /**
   * Begins to delete a share. Safe to repeat.
   *
   * @throws {ResourceNotReadyError} the share is busy (transient).
   */
  delete(resourceShareArn: string): Promise<void>;
}

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/API_DeleteResourceShare.html */
export function createOwnShares(runtime: Runtime): OwnShares {
  const client = runtime.trace(new RAMClient(clientConfig(runtime)));
  return {
    async list() {
      const shares = await listTaggedShares(client);
      // Whoever shares outside keeps such shares, and this is asked again and again while shares are retired.
      const isRefused = !runtime.settings.shareOutsideOrganization;
      const inside = isRefused ? await sharesWithin(client, shares) : new Set<string>();
      return shares.flatMap((share) => {
        const { resourceShareArn, name = "", status } = share;
        const audience = audienceOf(share);
        if (resourceShareArn === undefined || audience === undefined || status === "DELETED") return [];
        const isOutside =
          isRefused && share.allowExternalPrincipals === true && !inside.has(resourceShareArn);
        return [{ resourceShareArn, name, audience, isBeingDeleted: status === "DELETING", isOutside }];
      });
    },

    async cardsIn(resourceShareArn) {
      const associations = await listAssociations(client, {
        associationType: "RESOURCE",
        resourceShareArns: [resourceShareArn],
      });
      return associations
        .filter(({ entity, state }) => state !== "failed" && ModelCardArnSchema.safeParse(entity).success)
        .map(({ entity }) => entity);
    },

    async delete(resourceShareArn) {
      await awsCall(
        "RAM DeleteResourceShare",
        () => client.send(new DeleteResourceShareCommand({ resourceShareArn })),
        {
          UnknownResourceException: () => undefined,
          InvalidStateTransitionException: () => {
            throw new ResourceNotReadyError(`The resource share ${resourceShareArn} is busy.`);
          },
        },
      );
    },
  };
}

/** Those of the shares that are open to the outside and name somebody inside the organisation all the same. */
async function sharesWithin(client: RAMClient, shares: ResourceShare[]): Promise<Set<string>> {
  const resourceShareArns = shares.flatMap(({ allowExternalPrincipals, resourceShareArn, status }) =>
    allowExternalPrincipals === true && status === "ACTIVE" ? (resourceShareArn ?? []) : [],
  );
  if (resourceShareArns.length === 0) return new Set();
  const principals = await listAssociations(client, { associationType: "PRINCIPAL", resourceShareArns });
  return new Set(principals.flatMap((one) => (one.external ? [] : one.resourceShareArn)));
}
