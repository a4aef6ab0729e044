import { RAMClient } from "@aws-sdk/client-ram";
import type { Audience } from "../../events/access.ts";
import type { LiveAccess } from "../lifecycle/access-plan.ts";
import type { PrincipalState } from "../lifecycle/principals.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { audienceOf, eachAssociation, listTaggedShares, isUsable } from "./ram-lists.ts";

/** A share of the account that is Cardway's, or that holds cards though it is not. */
export interface ListedShare {
  resourceShareArn: string;
  /** Whose share it is; `undefined` for one that was made by hand. */
  audience: Audience | undefined;
  principals: PrincipalState[];
  /** Cards in it, or on their way in or out. */
  size: number;
}

/** What all shares of the account give to whom, kept small: a card is a handful of numbers. */
export interface SharingOverview {
  shares: readonly ListedShare[];
  /** The principals of all these shares, by the share's ARN. */
  principals: ReadonlyMap<string, PrincipalState[]>;
  /** ARNs of all cards that are in some share, also of cards that are gone. */
  cards(): Iterable<string>;
  /** Cardway's own shares that hold the card, as `ResourceSharing.liveAccess` has them. */
  liveAccess(modelCardArn: string): LiveAccess[];
  /** The shares made by hand that let somebody at the card. */
  foreignShares(modelCardArn: string): ListedShare[];
}

export interface AllSharing {
  /**
   * Lists every share's cards and principals: calls grow with the associations of the account, 500 a call, and not with
   * what is asked afterwards.
   *
   * @throws {ResourceNotReadyError} RAM reports a status that is not known here.
   */
  read(): Promise<SharingOverview>;
}

const states = ["granting", "granted", "revoking", "failed"] as const satisfies LiveAccess["state"][];

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/API_GetResourceShareAssociations.html */
export function createAllSharing(runtime: Runtime): AllSharing {
  const client = runtime.trace(new RAMClient(clientConfig(runtime)));
  return {
    async read() {
      const shares: ListedShare[] = [];
      const indexes = new Map<string, number>();
      const indexOf = (resourceShareArn: string): number => {
        const known = indexes.get(resourceShareArn);
        if (known !== undefined) return known;
        indexes.set(resourceShareArn, shares.length);
        return shares.push({ resourceShareArn, audience: undefined, principals: [], size: 0 }) - 1;
      };

      /** By card: for each of its shares, its place in `shares` and the association's state in one number. */
      const byCard = new Map<string, number[]>();
      await eachAssociation(
        client,
        { associationType: "RESOURCE" },
        ({ resourceShareArn, entity, state }) => {
          if (!entity.includes(":model-card/")) return;
          const index = indexOf(resourceShareArn);
          const packed = index * states.length + states.indexOf(state);
          const known = byCard.get(entity);
          if (known === undefined) byCard.set(entity, [packed]);
          else known.push(packed);
          const share = shares[index];
          if (share !== undefined) share.size += 1;
        },
      );
      // Behind the cards, so that no share is taken for somebody else's because it is new.
      const going = new Set<string>();
      for (const share of await listTaggedShares(client)) {
        const { resourceShareArn = "" } = share;
        const audience = audienceOf(share);
        if (!isUsable(share)) going.add(resourceShareArn);
        else if (audience !== undefined) {
          const listed = shares[indexOf(resourceShareArn)];
          if (listed !== undefined) listed.audience = audience;
        }
      }
      await eachAssociation(client, { associationType: "PRINCIPAL" }, (association) => {
        const { resourceShareArn, entity: principal, ...rest } = association;
        shares[indexes.get(resourceShareArn) ?? -1]?.principals.push({ principal, ...rest });
      });

      const sharesOf = (modelCardArn: string) =>
        (byCard.get(modelCardArn) ?? []).flatMap((packed) => {
          const share = shares[Math.floor(packed / states.length)];
          const state = states[packed % states.length];
          // Of Cardway's own that are being deleted nothing counts.
          const counts = share !== undefined && !going.has(share.resourceShareArn);
          return counts && state !== undefined ? [{ share, state }] : [];
        });
      return {
        shares,
        principals: new Map(shares.map(({ resourceShareArn, principals }) => [resourceShareArn, principals])),
        cards: () => byCard.keys(),
        liveAccess: (modelCardArn) =>
          sharesOf(modelCardArn).flatMap(({ share: { audience, resourceShareArn }, state }) =>
            audience === undefined ? [] : [{ audience, resourceShareArn, state }],
          ),
        foreignShares: (modelCardArn) =>
          sharesOf(modelCardArn).flatMap(({ share, state }) =>
            share.audience === undefined && (state === "granted" || state === "granting") ? [share] : [],
          ),
      };
    },
  };
}
