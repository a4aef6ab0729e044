import {
  AcceptResourceShareInvitationCommand,
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceShareInvitationsCommand,
  GetResourceSharesCommand,
  paginateGetResourceShareAssociations,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { userOf } from "../sagemaker/callers.ts";
import { cardArn, dev, outsider, startRam, test } from "./ram-in-process.ts";

const churn = cardArn("churn");
const fraud = cardArn("fraud");

async function startWithShare(settings: Parameters<typeof startRam>[0] = {}) {
  const started = startRam(settings);
  for (const arn of [churn, fraud]) started.cards.add(arn);
  const made = await started.client.send(new CreateResourceShareCommand({ name: "dev" }));
  const resourceShareArn = made.resourceShare?.resourceShareArn ?? "";
  return {
    ...started,
    resourceShareArn,
    associate: (entities: { resourceArns?: string[]; principals?: string[] }) =>
      started.client.send(new AssociateResourceShareCommand({ resourceShareArn, ...entities })),
    async listed(associationType: "PRINCIPAL" | "RESOURCE") {
      const { resourceShareAssociations } = await started.client.send(
        new GetResourceShareAssociationsCommand({ associationType }),
      );
      return resourceShareAssociations?.map(({ status }) => status);
    },
  };
}

describe("RAM on a bad day", () => {
  it("ends an association as failed with its message, and takes it again", async () => {
    const { associate, behaviour, client, listed } = await startWithShare();
    behaviour.associationOutcome = (entity) => (entity === churn ? "RAM is unwell" : undefined);

    await associate({ resourceArns: [churn, fraud], principals: [dev] });

    const { resourceShareAssociations } = await client.send(
      new GetResourceShareAssociationsCommand({ associationType: "RESOURCE" }),
    );
    expect(
      resourceShareAssociations?.map(({ status, statusMessage }) => [status, statusMessage]),
    ).toStrictEqual([
      ["FAILED", "RAM is unwell"],
      ["ASSOCIATED", undefined],
    ]);
    behaviour.associationOutcome = () => undefined;
    await associate({ resourceArns: [churn] });
    expect(await listed("RESOURCE")).toStrictEqual(["ASSOCIATED", "ASSOCIATED"]);
  });

  it("fails a principal that is invited only after it has accepted", async () => {
    const { associate, listed, ramOf } = await startWithShare({
      behaviour: { associationOutcome: () => "RAM is unwell" },
    });
    await associate({ principals: [outsider] });
    expect(await listed("PRINCIPAL")).toStrictEqual(["ASSOCIATING"]);

    const receiver = ramOf(userOf(outsider));
    const { resourceShareInvitations } = await receiver.send(new GetResourceShareInvitationsCommand({}));
    const resourceShareInvitationArn = resourceShareInvitations?.[0]?.resourceShareInvitationArn;
    await receiver.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));

    expect(await listed("PRINCIPAL")).toStrictEqual(["FAILED"]);
  });

  it("invites accounts inside too where sharing within the organisation is off, and shares with none without", async () => {
    const { client, associate, listed, ramOf } = await startWithShare({ behaviour: { invitesInside: true } });
    await associate({ principals: [dev] });

    const { resourceShareInvitations } = await ramOf(userOf(dev)).send(
      new GetResourceShareInvitationsCommand({}),
    );

    expect(resourceShareInvitations).toMatchObject([{ status: "PENDING" }]);
    expect(await listed("PRINCIPAL")).toStrictEqual(["ASSOCIATING"]);
    const closed = { name: "closed", allowExternalPrincipals: false, principals: [dev] };
    await expect(client.send(new CreateResourceShareCommand(closed))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });

  it("throttles the operations that it is told to, and changes nothing then", async () => {
    const { associate, behaviour, listed } = await startWithShare();
    behaviour.throttle = (operation) => operation === "AssociateResourceShare";

    await expect(associate({ principals: [dev] })).rejects.toMatchObject({
      name: "ThrottlingException",
      message: "Rate exceeded",
      $metadata: { httpStatusCode: 429 },
    });

    expect(await listed("PRINCIPAL")).toStrictEqual([]);
  });

  it("does not know a new share by its ARN for a while, and lists it all the same", async () => {
    const { associate, client, context, resourceShareArn } = await startWithShare({
      behaviour: { unknownAfterCreationMs: 5_000 },
    });
    const unknown = { name: "UnknownResourceException" };

    await expect(associate({ resourceArns: [churn] })).rejects.toMatchObject(unknown);
    const named = { resourceOwner: "SELF" as const, resourceShareArns: [resourceShareArn] };
    await expect(client.send(new GetResourceSharesCommand(named))).rejects.toMatchObject(unknown);
    const { resourceShares } = await client.send(new GetResourceSharesCommand({ resourceOwner: "SELF" }));
    expect(resourceShares).toHaveLength(1);

    await context.clock.advance(5_000);
    await associate({ resourceArns: [churn] });
  });

  it("begins lists with an empty page that has a successor", async () => {
    const { associate, client, listed } = await startWithShare({ behaviour: { emptyPages: true } });
    await associate({ resourceArns: [churn, fraud] });

    expect(await listed("RESOURCE")).toStrictEqual([]);
    const pages: number[] = [];
    const pager = { client, pageSize: 1 };
    for await (const page of paginateGetResourceShareAssociations(pager, { associationType: "RESOURCE" })) {
      pages.push(page.resourceShareAssociations?.length ?? -1);
    }
    expect(pages).toStrictEqual([0, 1, 1]);
  });
});

describe("lists that lag behind", () => {
  const lagging = { behaviour: { listLagMs: 60_000 } };

  it("show a share, its associations and its deletion late, and access at once", async () => {
    const { allows, associate, client, context, listed, resourceShareArn } = await startWithShare(lagging);
    await associate({ resourceArns: [churn], principals: [dev] });
    const listedShares = async () =>
      (await client.send(new GetResourceSharesCommand({ resourceOwner: "SELF" }))).resourceShares?.map(
        ({ status }) => status,
      );

    expect([await listedShares(), await listed("RESOURCE")]).toStrictEqual([[], []]);
    const named = { associationType: "RESOURCE" as const, resourceShareArns: [resourceShareArn] };
    await expect(client.send(new GetResourceShareAssociationsCommand(named))).rejects.toMatchObject({
      name: "UnknownResourceException",
    });

    await context.clock.advance(60_000);
    expect([await listedShares(), await listed("RESOURCE")]).toStrictEqual([["ACTIVE"], ["ASSOCIATED"]]);

    await client.send(new DeleteResourceShareCommand({ resourceShareArn }));
    expect([await listedShares(), await listed("RESOURCE")]).toStrictEqual([["ACTIVE"], ["ASSOCIATED"]]);
    expect(allows(churn, "sagemaker:DescribeModelCard", userOf(dev))).toBe(false);
    await context.clock.advance(60_000);
    expect([await listedShares(), await listed("RESOURCE")]).toStrictEqual([["DELETED"], ["DISASSOCIATED"]]);
  });

  it("show what an association was that was made anew meanwhile", async () => {
    const { associate, client, context, listed, resourceShareArn } = await startWithShare(lagging);
    await associate({ resourceArns: [churn] });
    await context.clock.advance(100_000);
    await listed("RESOURCE");
    const input = { resourceShareArn, resourceArns: [churn] };
    await client.send(new DisassociateResourceShareCommand(input));
    await context.clock.advance(20_000);
    await associate({ resourceArns: [churn] });
    await context.clock.advance(20_000);

    expect(await listed("RESOURCE")).toStrictEqual(["ASSOCIATED"]);
    await context.clock.advance(30_000);
    expect(await listed("RESOURCE")).toStrictEqual(["DISASSOCIATED"]);
    await context.clock.advance(20_000);
    expect(await listed("RESOURCE")).toStrictEqual(["ASSOCIATED"]);
  });

  it("show an invitation late, and its answer too", async () => {
    const { associate, context, ramOf } = await startWithShare(lagging);
    await associate({ principals: [outsider] });
    const receiver = ramOf(userOf(outsider));
    const received = async () =>
      (await receiver.send(new GetResourceShareInvitationsCommand({}))).resourceShareInvitations ?? [];

    expect(await received()).toStrictEqual([]);
    await context.clock.advance(60_000);
    const resourceShareInvitationArn = (await received())[0]?.resourceShareInvitationArn;
    await receiver.send(new AcceptResourceShareInvitationCommand({ resourceShareInvitationArn }));

    expect(await received()).toMatchObject([{ status: "PENDING" }]);
    await context.clock.advance(60_000);
    expect(await received()).toMatchObject([{ status: "ACCEPTED" }]);
  });
});

describe("quotas that a test lowers", () => {
  const limits = {
    associationsPerShare: 2,
    associationsPerRegion: 3,
    sharesPerRegion: 2,
    pendingInvitations: 1,
  };
  const exceeded = { name: "ResourceShareLimitExceededException" };

  it("count cards and principals in a share and in the Region", async () => {
    const { associate, client } = await startWithShare({ behaviour: { limits } });
    await associate({ resourceArns: [churn, fraud] });

    await expect(associate({ resourceArns: [cardArn("third")] })).rejects.toMatchObject(exceeded);

    const next = { name: "dev-2", resourceArns: [churn] };
    await client.send(new CreateResourceShareCommand(next));
    const last = { name: "dev-3" };
    await expect(client.send(new CreateResourceShareCommand(last))).rejects.toMatchObject(exceeded);
  });

  it("count invitations that are open", async () => {
    const { associate } = await startWithShare({ behaviour: { limits } });
    await associate({ principals: [outsider] });

    await expect(associate({ principals: ["888888888888"] })).rejects.toMatchObject(exceeded);
    await associate({ principals: [test] });
  });
});
