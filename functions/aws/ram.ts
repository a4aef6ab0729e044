import {
  AssociateResourceShareCommand,
  type AssociateResourceShareCommandInput,
  CreateResourceShareCommand,
  DisassociateResourceShareCommand,
  type DisassociateResourceShareCommandInput,
  ListPrincipalsCommand,
  RAMClient,
  type ResourceShare,
  UpdateResourceShareCommand,
} from "@aws-sdk/client-ram";
import { v5 as uuidV5 } from "uuid";
import type { Audience } from "../../events/access.ts";
import { AwsCallFailedError, QuotaReachedError, ResourceNotReadyError } from "../errors.ts";
import { type LiveAccess, audienceKey, isPresent } from "../lifecycle/access-plan.ts";
import { type PrincipalState, presentPrincipals } from "../lifecycle/principals.ts";
import type { LivePrincipal } from "../lifecycle/read-only.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { allPages, awsCall } from "./aws-call.ts";
import {
  type Association,
  audienceOf,
  audienceTag,
  listAssociations,
  listTaggedShares,
  isUsable,
} from "./ram-lists.ts";
import { assertNotOutside, quotaReached } from "./ram-refusals.ts";

/** A share that takes no card, because it names principals that the settings do not. */
export interface Blocked {
  resourceShareArn: string;
  strangers: string[];
}

/** Access of stages to cards, as resource shares: one share per audience, found by its tag. */
export interface ResourceSharing {
  /** Cardway's own shares that hold the card. A share made by hand is not among them. */
  liveAccess(modelCardArn: string): Promise<LiveAccess[]>;
  /**
   * Puts the card into the audience's share, making the share first where there is none, and completing its principals. Safe
   * to repeat.
   *
   * @returns whom the share names besides, in which case nothing was granted: RAM's permissions include the update, so a share
   *   must name its audience and nobody else before a card comes in.
   * @throws {ResourceNotReadyError} the share is not active yet, or busy (transient).
   * @throws {QuotaReachedError} no share takes the card, or no new share can be made or shared (permanent).
   * @throws {OutsideOrganizationRefusedError} the audience's account lies outside the organisation (permanent).
   */
  grant(modelCardArn: string, audience: Audience, principals: string[]): Promise<Blocked | undefined>;
  /**
   * Takes the card out of a share. Safe to repeat: what is out already counts as done.
   *
   * @throws {ResourceNotReadyError} RAM does not know the share everywhere yet, or it is busy (transient).
   */
  revoke(modelCardArn: string, resourceShareArn: string): Promise<void>;
  /** Puts the principals of an audience into its share, which gives them all its cards. Throws like `grant`; safe to repeat. */
  addPrincipals(resourceShareArn: string, audience: Audience, principals: string[]): Promise<void>;
  /** Takes principals out of a share. Safe to repeat. */
  removePrincipals(resourceShareArn: string, principals: string[]): Promise<void>;
  /** Every principal that any share, Cardway's or another, lets at the card. */
  principalsOf(modelCardArn: string): Promise<LivePrincipal[]>;
  /** The principals of one share and how far RAM has got with each. */
  principalStates(resourceShareArn: string): Promise<PrincipalState[]>;
  /** The same of several shares in one call, by the share's ARN. */
  principalsOfShares(resourceShareArns: string[]): Promise<Map<string, PrincipalState[]>>;
}

/** Namespace of the client tokens, so that the same intent makes the same token. */
const tokenNamespace = "3f2b7c50-6f0e-4f8e-9b57-6c0d5b6f7a11";

/** How many deleted shares in a row creating one gets past. */
const creationAttempts = 10;

/** @see https://docs.aws.amazon.com/ram/latest/APIReference/Welcome.html */
export function createResourceSharing(runtime: Runtime): ResourceSharing {
  const client = runtime.trace(new RAMClient(clientConfig(runtime)));

  /**
   * Shares of audiences, newest last, so that whoever finds several takes the same first. Deleted ones, which stay listed for
   * about two hours, are left out.
   */
  const ownShares = async (audience?: Audience): Promise<ResourceShare[]> =>
    (await listTaggedShares(client, audience)).filter(isUsable).sort(byAge);

  /** @param resourceArns - Cards that the share begins with, or is not made where RAM has no room for them. */
  const createShare = async (
    audience: Audience,
    ordinal: number,
    principals: string[],
    resourceArns: string[] = [],
  ): Promise<ResourceShare> => {
    const key = audienceKey(audience);
    const allowExternalPrincipals = runtime.settings.shareOutsideOrganization;
    for (let attempt = 1; ; attempt += 1) {
      // Two who see no share at the same moment make the same one, because they come with the same token. For an unknown time
      // RAM answers a token with the share that it made, also once that is deleted: a share of another day or another attempt
      // gets another token.
      const day = runtime.now().toISOString().slice(0, 10);
      const share = [key, ordinal, principals, allowExternalPrincipals, day, attempt];
      const intent = JSON.stringify(share.concat(resourceArns));
      const { resourceShare } = await awsCall(
        "RAM CreateResourceShare",
        () =>
          client.send(
            new CreateResourceShareCommand({
              name: `cardway-${audience.lifecycle}-${audience.stage}-${audience.access}${ordinal === 1 ? "" : `-${ordinal}`}`,
              principals,
              ...(resourceArns.length > 0 && { resourceArns }),
              allowExternalPrincipals,
              tags: [{ key: audienceTag, value: key }],
              clientToken: uuidV5(intent, tokenNamespace),
            }),
          ),
        {
          ResourceShareLimitExceededException: quotaReached(key),
          InvalidParameterException: (error) => refused("RAM CreateResourceShare", key, error),
          OperationNotPermittedException: (error) => refused("RAM CreateResourceShare", key, error),
        },
      );
      if (resourceShare !== undefined && isUsable(resourceShare)) return resourceShare;
      if (attempt === creationAttempts) {
        throw new ResourceNotReadyError(`RAM has not created the resource share of ${key} yet.`);
      }
    }
  };

  const principalsOfShares: ResourceSharing["principalsOfShares"] = async (resourceShareArns) => {
    const states = new Map(resourceShareArns.map((arn): [string, PrincipalState[]] => [arn, []]));
    if (states.size === 0) return states;
    const associations = await listAssociations(client, {
      associationType: "PRINCIPAL",
      resourceShareArns: [...states.keys()],
    });
    for (const { resourceShareArn, entity: principal, ...rest } of associations) {
      states.get(resourceShareArn)?.push({ principal, ...rest });
    }
    return states;
  };

  const principalStates: ResourceSharing["principalStates"] = async (resourceShareArn) =>
    (await principalsOfShares([resourceShareArn])).get(resourceShareArn) ?? [];

  /** @param isStillIn - Whether RAM's lists know better, where RAM says that there is nothing to take out. */
  const disassociate = async (
    input: DisassociateResourceShareCommandInput,
    isStillIn: () => Promise<boolean> = async () => false,
  ): Promise<void> => {
    await awsCall(
      "RAM DisassociateResourceShare",
      async () => {
        await client.send(new DisassociateResourceShareCommand(input));
      },
      {
        // What is out already, or a share just made that is not known everywhere yet.
        UnknownResourceException: async () => {
          if (!(await isStillIn())) return;
          throw new ResourceNotReadyError(
            `RAM does not know yet what the resource share ${input.resourceShareArn} is to let go.`,
          );
        },
        InvalidStateTransitionException: () => {
          throw new ResourceNotReadyError(
            `The resource share ${input.resourceShareArn} is busy and lets nothing go yet.`,
          );
        },
      },
    );
  };

  const removePrincipals = (resourceShareArn: string, principals: string[]): Promise<void> =>
    disassociate({ resourceShareArn, principals });

  /** RAM may refuse to associate what is associated already; then reading back shows it. */
  const associate = async (
    input: AssociateResourceShareCommandInput & { resourceShareArn: string },
    audience: Audience,
    isAssociated: () => Promise<boolean>,
  ): Promise<"associated" | "full" | "not-ready"> => {
    const outcome = await awsCall<"associated", "full" | "not-ready" | Error>(
      "RAM AssociateResourceShare",
      async () => {
        await client.send(new AssociateResourceShareCommand(input));
        return "associated";
      },
      {
        // A share holds 5,000 cards; the next card opens the next share.
        ResourceShareLimitExceededException: () => "full",
        // RAM is eventually consistent: a share just made may not be known everywhere yet.
        UnknownResourceException: () => "not-ready",
        InvalidStateTransitionException: () => "not-ready",
        InvalidParameterException: (error) => error,
        OperationNotPermittedException: (error) => error,
      },
    );
    if (!(outcome instanceof Error)) return outcome;
    // The lists may lag behind what RAM itself says. ConfirmAccess reads back in any case.
    if (/already associated/i.test(outcome.message) || (await isAssociated())) return "associated";
    return refused("RAM AssociateResourceShare", audienceKey(audience), outcome);
  };

  /** A share that was made under other settings is opened to accounts outside the organisation, or closed to them. */
  const followSettings = async (resourceShareArn: string, audience: Audience): Promise<void> => {
    const { shareOutsideOrganization: allowExternalPrincipals } = runtime.settings;
    const share = (await ownShares(audience)).find((other) => other.resourceShareArn === resourceShareArn);
    if ((share?.allowExternalPrincipals ?? allowExternalPrincipals) === allowExternalPrincipals) return;
    const notReady = (): never => {
      throw new ResourceNotReadyError(`The resource share ${resourceShareArn} does not change yet.`);
    };
    await awsCall(
      "RAM UpdateResourceShare",
      () => client.send(new UpdateResourceShareCommand({ resourceShareArn, allowExternalPrincipals })),
      { UnknownResourceException: notReady, InvalidStateTransitionException: notReady },
    );
  };

  const addPrincipals: ResourceSharing["addPrincipals"] = async (resourceShareArn, audience, principals) => {
    await followSettings(resourceShareArn, audience);
    const outcome = await associate({ resourceShareArn, principals }, audience, async () => {
      const present = presentPrincipals(await principalStates(resourceShareArn));
      return principals.every((principal) => present.includes(principal));
    });
    if (outcome === "associated") return;
    if (outcome === "full") throw noRoom(resourceShareArn, audience);
    throw new ResourceNotReadyError(
      `The resource share ${resourceShareArn} does not take its principals yet.`,
    );
  };

  const isEmpty = async (resourceShareArn: string): Promise<boolean> => {
    const filter = { associationType: "RESOURCE" as const, resourceShareArns: [resourceShareArn] };
    return (await listAssociations(client, filter)).every(({ state }) => state === "failed");
  };

  const liveAccess: ResourceSharing["liveAccess"] = async (modelCardArn) => {
    const [associations, shares] = await Promise.all([
      listAssociations(client, { associationType: "RESOURCE", resourceArn: modelCardArn }),
      ownShares(),
    ]);
    const accessOf = accessThrough(shares);
    return associations.flatMap((association) => accessOf(association) ?? []);
  };

  return {
    liveAccess,

    async grant(modelCardArn, audience, principals) {
      const shares = await ownShares(audience);
      for (let ordinal = 1; ; ordinal += 1) {
        const known = shares[ordinal - 1];
        const share = known ?? (await createShare(audience, ordinal, principals));
        const { resourceShareArn } = share;
        if (resourceShareArn === undefined || share.status === "PENDING") {
          throw new ResourceNotReadyError(`The resource share of ${audienceKey(audience)} is still pending.`);
        }
        if (known !== undefined) {
          const present = presentPrincipals(await principalStates(resourceShareArn));
          const strangers = present.filter((principal) => !principals.includes(principal));
          if (strangers.length > 0) return { resourceShareArn, strangers };
          const missing = principals.filter((principal) => !present.includes(principal));
          if (missing.length > 0) await addPrincipals(resourceShareArn, audience, missing);
        }
        const card = { resourceShareArn, resourceArns: [modelCardArn] };
        const outcome = await associate(card, audience, async () =>
          (await liveAccess(modelCardArn)).some(
            (access) => access.resourceShareArn === resourceShareArn && access.state !== "failed",
          ),
        );
        if (outcome === "associated") return undefined;
        // A share that is listed as empty takes no card because the Region is full, or because the lists lag behind. In the second
        // case alone RAM makes the next share with the card in it, so none is left empty.
        if (outcome === "full" && ordinal >= shares.length && (await isEmpty(resourceShareArn))) {
          await createShare(audience, ordinal + 1, principals, [modelCardArn]);
          return undefined;
        }
        if (outcome === "not-ready") {
          throw new ResourceNotReadyError(
            `The resource share ${resourceShareArn} does not take the card yet.`,
          );
        }
      }
    },

    revoke: (modelCardArn, resourceShareArn) =>
      disassociate({ resourceShareArn, resourceArns: [modelCardArn] }, async () => {
        // Whoever made the share: one that was made a moment ago may not be known everywhere yet.
        const associations = await listAssociations(client, {
          associationType: "RESOURCE",
          resourceArn: modelCardArn,
        });
        return associations.some(
          (association) => association.resourceShareArn === resourceShareArn && isPresent(association),
        );
      }),

    removePrincipals,

    addPrincipals,

    async principalsOf(modelCardArn) {
      const principals = await allPages(async (nextToken) => {
        const answer = await awsCall("RAM ListPrincipals", () =>
          client.send(
            new ListPrincipalsCommand({
              resourceOwner: "SELF",
              resourceArn: modelCardArn,
              maxResults: 500,
              nextToken,
            }),
          ),
        );
        return { items: answer.principals, nextToken: answer.nextToken };
      });
      return principals.flatMap(({ id, resourceShareArn }) =>
        id === undefined || resourceShareArn === undefined ? [] : [{ principal: id, resourceShareArn }],
      );
    },

    principalStates,

    principalsOfShares,
  };
}

/** Oldest first; of one age, in an order that is the same for everybody. */
function byAge(one: ResourceShare, other: ResourceShare): number {
  const difference = (one.creationTime?.getTime() ?? 0) - (other.creationTime?.getTime() ?? 0);
  if (difference !== 0) return difference;
  return (one.resourceShareArn ?? "") < (other.resourceShareArn ?? "") ? -1 : 1;
}

function refused(operation: string, audience: string, error: Error): never {
  assertNotOutside(error, audience);
  throw new AwsCallFailedError(`${operation} was refused: ${error.name}: ${error.message}`, { cause: error });
}

function noRoom(resourceShareArn: string, audience: Audience): QuotaReachedError {
  return new QuotaReachedError(
    `A quota of RAM keeps ${audienceKey(audience)} from getting access: the resource share ${resourceShareArn} takes no more. Make room or ask AWS for a higher quota; the next look at the card tries again.`,
  );
}

/** What an association with one of these shares gives; `undefined` where the share is none of Cardway's. */
function accessThrough(shares: ResourceShare[]): (association: Association) => LiveAccess | undefined {
  const audiences = new Map(shares.map((share) => [share.resourceShareArn, audienceOf(share)]));
  return ({ entity: _card, external: _external, ...association }) => {
    const audience = audiences.get(association.resourceShareArn);
    return audience === undefined ? undefined : { audience, ...association };
  };
}
