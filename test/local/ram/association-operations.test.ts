import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  type CreateResourceShareCommandInput,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  type GetResourceShareAssociationsCommandInput,
  paginateGetResourceShareAssociations,
} from "@aws-sdk/client-ram";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { userOf } from "../sagemaker/callers.ts";
import { cardArn, dev, outsider, owner, startRam, test } from "./ram-in-process.ts";

const churn = cardArn("churn");
const fraud = cardArn("fraud");

/** A share of `owner`, and what can be done with it. */
async function startWithShare(
  settings: Parameters<typeof startRam>[0] = {},
  input: Partial<CreateResourceShareCommandInput> = {},
) {
  const started = startRam(settings);
  const { client, cards } = started;
  for (const arn of [churn, fraud]) cards.add(arn);
  const { resourceShare } = await client.send(new CreateResourceShareCommand({ name: "dev", ...input }));
  const resourceShareArn = resourceShare?.resourceShareArn ?? "";
  const change = { resourceShareArn };
  return {
    ...started,
    resourceShareArn,
    associate: async (entities: { resourceArns?: string[]; principals?: string[]; clientToken?: string }) =>
      (await client.send(new AssociateResourceShareCommand({ ...change, ...entities })))
        .resourceShareAssociations,
    disassociate: async (entities: {
      resourceArns?: string[];
      principals?: string[];
      clientToken?: string;
    }) =>
      (await client.send(new DisassociateResourceShareCommand({ ...change, ...entities })))
        .resourceShareAssociations,
    associations: async (
      associationType: "PRINCIPAL" | "RESOURCE",
      filters: Partial<GetResourceShareAssociationsCommandInput> = {},
    ) => {
      const answer = await client.send(
        new GetResourceShareAssociationsCommand({ associationType, ...filters }),
      );
      return answer.resourceShareAssociations ?? [];
    },
  };
}

describe("AssociateResourceShare", () => {
  it("answers that it is associating, and the next call finds it done", async () => {
    const { associate, associations, context, resourceShareArn } = await startWithShare();

    const answer = await associate({ resourceArns: [churn], principals: [dev] });

    const change = { resourceShareArn, status: "ASSOCIATING", external: false };
    expect(answer).toStrictEqual([
      { ...change, associatedEntity: churn, associationType: "RESOURCE" },
      { ...change, associatedEntity: dev, associationType: "PRINCIPAL" },
    ]);
    expect(await associations("RESOURCE")).toStrictEqual([
      {
        resourceShareArn,
        resourceShareName: "dev",
        associatedEntity: churn,
        associationType: "RESOURCE",
        status: "ASSOCIATED",
        creationTime: context.clock.now(),
        lastUpdatedTime: context.clock.now(),
        external: false,
      },
    ]);
    expect(await associations("PRINCIPAL")).toMatchObject([{ associatedEntity: dev, status: "ASSOCIATED" }]);
  });

  it("takes its time", async () => {
    const { associate, associations, context } = await startWithShare({ delayMs: 60_000 });
    await associate({ resourceArns: [churn] });

    await context.clock.advance(59_999);
    expect(await associations("RESOURCE")).toMatchObject([{ status: "ASSOCIATING" }]);
    await context.clock.advance(1);

    expect(await associations("RESOURCE")).toMatchObject([
      { status: "ASSOCIATED", lastUpdatedTime: context.clock.now() },
    ]);
  });

  it("takes a card that does not exist, and fails later", async () => {
    const { associate, associations, cards } = await startWithShare();
    const answer = await associate({ resourceArns: [cardArn("ghost")] });
    expect(answer).toMatchObject([{ status: "ASSOCIATING" }]);

    expect(await associations("RESOURCE")).toMatchObject([
      { status: "FAILED", statusMessage: "The specified resource could not be found in your AWS account" },
    ]);

    cards.add(cardArn("ghost"));
    await associate({ resourceArns: [cardArn("ghost")] });
    const [association] = await associations("RESOURCE");
    expect(association).toMatchObject({ status: "ASSOCIATED" });
    expect(association).not.toHaveProperty("statusMessage");
  });

  it("does nothing to what is associated already, or refuses it where AWS might", async () => {
    const { associate, associations, behaviour, context } = await startWithShare();
    await associate({ resourceArns: [churn] });
    await context.clock.advance(1000);

    const answer = await associate({ resourceArns: [churn, fraud, churn] });

    expect(answer).toMatchObject([
      { associatedEntity: churn, status: "ASSOCIATED" },
      { associatedEntity: fraud, status: "ASSOCIATING" },
    ]);
    const [first] = await associations("RESOURCE");
    expect(first?.lastUpdatedTime).not.toStrictEqual(context.clock.now());
    behaviour.reassociate = "error";
    await expect(associate({ resourceArns: [churn] })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  it("adds nothing where one of many cannot be added", async () => {
    const { associate, associations } = await startWithShare();

    await expect(associate({ resourceArns: [churn, "nonsense"], principals: [dev] })).rejects.toMatchObject({
      name: "MalformedArnException",
    });

    expect(await associations("RESOURCE")).toStrictEqual([]);
    expect(await associations("PRINCIPAL")).toStrictEqual([]);
  });

  it("refuses an external principal of a share that is closed to them", async () => {
    const { associate } = await startWithShare({}, { allowExternalPrincipals: false });

    await associate({ principals: [dev, `arn:aws:iam::${test}:role/cardway/reader`, owner] });

    for (const principal of [outsider, `arn:aws:iam::${outsider}:user/ann`]) {
      await expect(associate({ principals: [principal] })).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    }
  });

  it("refuses a card that was shared with the caller", async () => {
    const { associate, ramOf } = await startWithShare();
    await associate({ resourceArns: [churn], principals: [dev] });
    const consumer = ramOf(userOf(dev));

    await expect(
      consumer.send(new CreateResourceShareCommand({ name: "mine", resourceArns: [churn] })),
    ).rejects.toMatchObject({ name: "OperationNotPermittedException" });
  });

  it("gives the same answer to the same token", async () => {
    const { associate, associations } = await startWithShare();
    const first = await associate({ resourceArns: [churn], clientToken: "token" });

    expect(await associate({ resourceArns: [churn], clientToken: "token" })).toStrictEqual(first);

    await expect(associate({ resourceArns: [fraud], clientToken: "token" })).rejects.toMatchObject({
      name: "IdempotentParameterMismatchException",
    });
    expect(await associations("RESOURCE")).toHaveLength(1);
  });

  it("refuses a call without entities, and sources", async () => {
    const { client, associate, resourceShareArn, context } = await startWithShare();

    await expect(associate({})).rejects.toMatchObject({ name: "InvalidParameterException" });
    await expect(
      client.send(new AssociateResourceShareCommand({ resourceShareArn, sources: [dev] })),
    ).rejects.toMatchObject({ name: "InvalidParameterException" });

    expect(context.lines).toHaveLength(1);
  });

  it("holds 5,000 cards in a share and no more, and finds one of them at once", async () => {
    const { associate, disassociate, associations, cards, client } = await startWithShare();
    const all = Array.from({ length: 5001 }, (_, index) => cardArn(`card-${index}`));
    for (const arn of all) cards.add(arn);
    for (let index = 0; index < 5000; index += 100) {
      await associate({ resourceArns: all.slice(index, index + 100) });
    }

    await expect(associate({ resourceArns: all.slice(5000) })).rejects.toMatchObject({
      name: "ResourceShareLimitExceededException",
    });

    await disassociate({ resourceArns: all.slice(0, 1) });
    await associate({ resourceArns: all.slice(5000) });
    expect(await associations("RESOURCE", { resourceArn: all[5000] })).toMatchObject([
      { status: "ASSOCIATED" },
    ]);
    let listed = 0;
    for await (const page of paginateGetResourceShareAssociations(
      { client, pageSize: 500 },
      { associationType: "RESOURCE", associationStatus: "ASSOCIATED" },
    )) {
      listed += page.resourceShareAssociations?.length ?? 0;
    }
    expect(listed).toBe(5000);
  });
});

describe("DisassociateResourceShare", () => {
  it("lets access last until it is done", async () => {
    const { associate, disassociate, associations, allows, context } = await startWithShare({
      delayMs: 60_000,
    });
    await associate({ resourceArns: [churn], principals: [dev] });
    await context.clock.advance(60_000);

    const answer = await disassociate({ resourceArns: [churn] });

    const mayDescribe = () => allows(churn, "sagemaker:DescribeModelCard", userOf(dev));
    expect(answer).toMatchObject([{ associatedEntity: churn, status: "DISASSOCIATING" }]);
    await context.clock.advance(59_999);
    expect(mayDescribe()).toBe(true);
    await context.clock.advance(1);
    expect(mayDescribe()).toBe(false);
    expect(await associations("RESOURCE")).toMatchObject([{ status: "DISASSOCIATED" }]);
  });

  it("lists what has left for two hours", async () => {
    const { associate, disassociate, associations, context } = await startWithShare();
    await associate({ resourceArns: [churn], principals: [dev] });

    await disassociate({ resourceArns: [churn], principals: [dev] });

    await context.clock.advance(2 * 3_600_000 - 1);
    expect(await associations("PRINCIPAL")).toMatchObject([{ status: "DISASSOCIATED" }]);
    await context.clock.advance(1);
    expect(await associations("RESOURCE")).toStrictEqual([]);
    expect(await associations("PRINCIPAL")).toStrictEqual([]);
  });

  it("refuses what is on its way in, and association of what is on its way out", async () => {
    const { associate, disassociate, context } = await startWithShare({ delayMs: 60_000 });
    await associate({ resourceArns: [churn] });

    await expect(disassociate({ resourceArns: [churn] })).rejects.toMatchObject({
      name: "InvalidStateTransitionException",
      message: "At least one of the associations in the resource share is in ASSOCIATING status.",
    });
    await context.clock.advance(60_000);
    await disassociate({ resourceArns: [churn] });
    await expect(associate({ resourceArns: [churn] })).rejects.toMatchObject({
      message: "At least one of the associations in the resource share is in DISASSOCIATING status.",
    });
    await expect(disassociate({ resourceArns: [churn] })).rejects.toMatchObject({
      name: "InvalidStateTransitionException",
    });
  });

  it("refuses what is not associated, or does nothing where AWS might", async () => {
    const { associate, disassociate, behaviour } = await startWithShare({ delayMs: 60_000 });
    await expect(disassociate({ resourceArns: [churn] })).rejects.toMatchObject({
      name: "UnknownResourceException",
    });
    await associate({ principals: [outsider] });

    behaviour.disassociateAbsent = "no-op";

    expect(await disassociate({ resourceArns: [churn] })).toStrictEqual([]);
    expect(await disassociate({ principals: [outsider] })).toMatchObject([{ status: "DISASSOCIATING" }]);
    expect(await disassociate({ principals: [outsider] })).toMatchObject([{ status: "DISASSOCIATING" }]);
  });

  it("refuses what has left already", async () => {
    const { associate, disassociate, associations, behaviour } = await startWithShare();
    await associate({ resourceArns: [churn] });
    await disassociate({ resourceArns: [churn] });

    await expect(disassociate({ resourceArns: [churn] })).rejects.toMatchObject({
      name: "UnknownResourceException",
    });

    behaviour.disassociateAbsent = "no-op";
    expect(await disassociate({ resourceArns: [churn] })).toStrictEqual([]);
    expect(await associations("RESOURCE")).toMatchObject([{ status: "DISASSOCIATED" }]);
  });

  it("still works for a card that was deleted meanwhile", async () => {
    const { associate, disassociate, associations, cards } = await startWithShare();
    await associate({ resourceArns: [churn] });
    cards.delete(churn);

    expect(await associations("RESOURCE")).toMatchObject([{ status: "ASSOCIATED" }]);
    await disassociate({ resourceArns: [churn] });

    expect(await associations("RESOURCE")).toMatchObject([{ status: "DISASSOCIATED" }]);
  });

  it("never gives access through an association that failed", async () => {
    const { associate, disassociate, allows, context, switched } = await startWithShare();
    await associate({ resourceArns: [cardArn("ghost")], principals: [dev] });
    await context.clock.advance(1);
    switched.delayMs = 60_000;

    await disassociate({ resourceArns: [cardArn("ghost")] });

    expect(allows(cardArn("ghost"), "sagemaker:DescribeModelCard", userOf(dev))).toBe(false);
  });
});

describe("GetResourceShareAssociations", () => {
  it("filters by share, entity and status", async () => {
    const { client, associate, associations, resourceShareArn } = await startWithShare();
    await associate({ resourceArns: [churn, fraud], principals: [dev, outsider] });
    await client.send(
      new CreateResourceShareCommand({ name: "test", resourceArns: [churn], principals: [test] }),
    );
    const entities = async (...parameters: Parameters<typeof associations>) =>
      (await associations(...parameters)).map(
        ({ resourceShareName, associatedEntity }) => `${resourceShareName} ${associatedEntity}`,
      );

    expect(await entities("RESOURCE")).toStrictEqual([`dev ${churn}`, `dev ${fraud}`, `test ${churn}`]);
    expect(await entities("RESOURCE", { resourceArn: churn })).toStrictEqual([
      `dev ${churn}`,
      `test ${churn}`,
    ]);
    expect(
      await entities("RESOURCE", { resourceShareArns: [resourceShareArn], resourceArn: churn }),
    ).toStrictEqual([`dev ${churn}`]);
    expect(await entities("PRINCIPAL", { principal: test })).toStrictEqual([`test ${test}`]);
    expect(await entities("PRINCIPAL", { associationStatus: "ASSOCIATING" })).toStrictEqual([
      `dev ${outsider}`,
    ]);
    expect(await associations("PRINCIPAL", { principal: outsider })).toMatchObject([{ external: true }]);
  });

  it("refuses filters that do not go with the type, and shares that are not the caller's", async () => {
    const { associations, ramOf, resourceShareArn } = await startWithShare({}, { principals: [dev] });

    await expect(associations("PRINCIPAL", { resourceArn: churn })).rejects.toMatchObject({
      message: "You cannot specify a resource ARN when the association type is PRINCIPAL.",
    });
    await expect(associations("RESOURCE", { principal: dev })).rejects.toMatchObject({
      message: "You cannot specify a principal when the association type is RESOURCE.",
    });
    await expect(associations("RESOURCE", { resourceShareArns: ["dev"] })).rejects.toMatchObject({
      name: "MalformedArnException",
    });
    await expect(
      ramOf(userOf(dev)).send(
        new GetResourceShareAssociationsCommand({
          associationType: "RESOURCE",
          resourceShareArns: [resourceShareArn],
        }),
      ),
    ).rejects.toMatchObject({ name: "UnknownResourceException" });
  });

  it("tells after any sequence of changes exactly what is shared, and so does the access", async () => {
    const entities = [churn, fraud, dev, test];
    const step = fc.record({
      entity: fc.constantFrom(...entities),
      isAssociated: fc.boolean(),
      waitMs: fc.constantFrom(0, 30_000, 60_000, 3 * 3_600_000),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        const behaviour = { disassociateAbsent: "no-op" as const };
        const { associate, disassociate, associations, allows, context } = await startWithShare({
          behaviour,
          delayMs: 60_000,
        });
        const expected = new Map<string, { wanted: boolean; settlesAt: number }>();
        for (const { entity, isAssociated, waitMs } of steps) {
          await context.clock.advance(waitMs);
          const now = context.clock.now().getTime();
          const known = expected.get(entity) ?? { wanted: false, settlesAt: 0 };
          const change = entity.startsWith("arn:") ? { resourceArns: [entity] } : { principals: [entity] };
          const isRefused = known.wanted !== isAssociated && known.settlesAt > now;
          const outcome = (isAssociated ? associate(change) : disassociate(change)).then(
            () => "done",
            (error: Error) => error.name,
          );
          expect(await outcome).toBe(isRefused ? "InvalidStateTransitionException" : "done");
          if (!isRefused && known.wanted !== isAssociated) {
            expected.set(entity, { wanted: isAssociated, settlesAt: now + 60_000 });
          }
        }
        await context.clock.advance(60_000);

        const shared = [...(await associations("RESOURCE")), ...(await associations("PRINCIPAL"))]
          .filter(({ status }) => status === "ASSOCIATED")
          .map(({ associatedEntity }) => associatedEntity);
        const wanted = entities.filter((entity) => expected.get(entity)?.wanted === true);
        expect(new Set(shared)).toStrictEqual(new Set(wanted));
        for (const card of [churn, fraud]) {
          for (const account of [dev, test]) {
            expect(allows(card, "sagemaker:UpdateModelCard", userOf(account))).toBe(
              wanted.includes(card) && wanted.includes(account),
            );
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
