import {
  GetResourceShareAssociationsCommand,
  type GetResourceShareAssociationsCommandInput,
  GetResourceSharesCommand,
  type RAMClient,
  type ResourceShare,
  type ResourceShareAssociation,
} from "@aws-sdk/client-ram";
import { type Audience, AudienceSchema } from "../../events/access.ts";
import { ResourceNotReadyError } from "../errors.ts";
import { type LiveAccess, audienceKey } from "../lifecycle/access-plan.ts";
import { allPages, awsCall } from "./aws-call.ts";

/** Marks a share as an audience's. The value is its key: lifecycle/stage/account/access. */
export const audienceTag = "cardway:audience";

/** A card or principal of a share, and how far RAM has got with it. What is over is left out. */
export interface Association {
  resourceShareArn: string;
  /** ARN of a card, or a principal. */
  entity: string;
  state: LiveAccess["state"];
  statusMessage?: string;
  /** When RAM gave it up, ISO 8601 UTC; only of what has failed. */
  failedAt?: string;
  /** Whether the principal is outside the organisation; a card never is. */
  external: boolean;
}

/** Shares that carry Cardway's tag, in every status: deleted ones stay listed for about two hours. */
export function listTaggedShares(client: RAMClient, audience?: Audience): Promise<ResourceShare[]> {
  const tagFilter = { tagKey: audienceTag, ...(audience && { tagValues: [audienceKey(audience)] }) };
  return allPages(async (nextToken) => {
    const answer = await awsCall("RAM GetResourceShares", () =>
      client.send(
        new GetResourceSharesCommand({
          resourceOwner: "SELF",
          tagFilters: [tagFilter],
          maxResults: 500,
          nextToken,
        }),
      ),
    );
    return { items: answer.resourceShares, nextToken: answer.nextToken };
  });
}

/** Whether a share is there, or about to be: not deleted, failed or going. */
export function isUsable({ status }: ResourceShare): boolean {
  return status === "ACTIVE" || status === "PENDING";
}

type AssociationFilter = Pick<
  GetResourceShareAssociationsCommandInput,
  "associationType" | "resourceArn" | "resourceShareArns"
>;

/** @throws {ResourceNotReadyError} RAM does not know the share everywhere yet, or any more (transient). */
export async function listAssociations(client: RAMClient, filter: AssociationFilter): Promise<Association[]> {
  const associations: Association[] = [];
  await eachAssociation(client, filter, (association) => associations.push(association));
  return associations;
}

/** The same one by one, which keeps no more than a page of 500. */
export async function eachAssociation(
  client: RAMClient,
  filter: AssociationFilter,
  see: (association: Association) => void,
): Promise<void> {
  let nextToken: string | undefined;
  do {
    const answer = await awsCall(
      "RAM GetResourceShareAssociations",
      () => client.send(new GetResourceShareAssociationsCommand({ ...filter, maxResults: 500, nextToken })),
      {
        UnknownResourceException: (error) => {
          throw new ResourceNotReadyError(
            `RAM does not know the resource share everywhere: ${error.message}`,
            { cause: error },
          );
        },
      },
    );
    for (const association of answer.resourceShareAssociations ?? []) {
      const state = stateOf(association);
      const { resourceShareArn, associatedEntity: entity, statusMessage, lastUpdatedTime } = association;
      if (state === undefined || resourceShareArn === undefined || entity === undefined) continue;
      const external = association.external === true;
      see({
        resourceShareArn,
        entity,
        state,
        external,
        ...(statusMessage !== undefined && { statusMessage }),
        ...(state === "failed" && lastUpdatedTime && { failedAt: lastUpdatedTime.toISOString() }),
      });
    }
    nextToken = answer.nextToken;
  } while (nextToken !== undefined);
}

export function audienceOf(share: ResourceShare | undefined): Audience | undefined {
  const tag = share?.tags?.find(({ key }) => key === audienceTag)?.value;
  const [lifecycle, stage, accountId, access] = tag?.split("/") ?? [];
  return AudienceSchema.safeParse({ lifecycle, stage, accountId, access }).data;
}

/** RAM's eight statuses as the four that matter; `undefined` where the association is over. */
function stateOf({ status }: ResourceShareAssociation): LiveAccess["state"] | undefined {
  switch (status) {
    case "ASSOCIATING":
    case "RESTORING":
      return "granting";
    case "ASSOCIATED":
      return "granted";
    case "DISASSOCIATING":
    case "SUSPENDING":
      return "revoking";
    case "FAILED":
    case "SUSPENDED":
      return "failed";
    case "DISASSOCIATED":
    case undefined:
      return undefined;
    default:
      throw new ResourceNotReadyError(
        `RAM reports an association status that is not known here: ${String(status)}.`,
      );
  }
}
