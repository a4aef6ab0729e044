import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  type CreateResourceShareCommandInput,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
  GetResourceShareAssociationsCommand,
  GetResourceSharesCommand,
  type GetResourceSharesCommandInput,
  ListResourceSharePermissionsCommand,
  paginateGetResourceShares,
  RAMClient,
  UpdateResourceShareCommand,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import type { Authorize } from "../../../local/wire/service.ts";
import { calledAs, roleOf, userOf } from "../sagemaker/callers.ts";
import { sdkClientSettings } from "../sdk-request-handler.ts";
import { cardArn, dev, outsider, owner, region, startRam, test } from "./ram-in-process.ts";

async function create(client: RAMClient, input: Partial<CreateResourceShareCommandInput> = {}) {
  const { resourceShare } = await client.send(new CreateResourceShareCommand({ name: "dev", ...input }));
  return resourceShare?.resourceShareArn ?? "";
}

async function sharesOf(client: RAMClient, input: Partial<GetResourceSharesCommandInput> = {}) {
  const { resourceShares = [] } = await client.send(
    new GetResourceSharesCommand({ resourceOwner: "SELF", ...input }),
  );
  return resourceShares;
}

const namesOf = async (...parameters: Parameters<typeof sharesOf>) =>
  (await sharesOf(...parameters)).map(({ name }) => name);

const policyActions = ["Get", "Put", "Delete"].map((verb) => `sagemaker:${verb}ResourcePolicy`);

/** A client whose permissions are noted as they are asked about. */
function askedOf(service: ReturnType<typeof startRam>["service"]) {
  const asked: string[] = [];
  const authorize: Authorize = (permissions) => void asked.push(...permissions.map(({ action }) => action));
  const settings = sdkClientSettings(calledAs(service, userOf(owner)), { authorize, region });
  return { asked, client: new RAMClient(settings) };
}

describe("CreateResourceShare", () => {
  it("answers with the share, which allows external principals unless told otherwise", async () => {
    const { client, context } = startRam();

    const answer = await client.send(
      new CreateResourceShareCommand({
        name: "Cardway dev read-write",
        tags: [{ key: "cardway:audience", value: "default/dev" }],
        clientToken: "token",
      }),
    );

    const share = {
      resourceShareArn: expect.stringMatching(
        /^arn:aws:ram:eu-west-1:111111111111:resource-share\/[0-9a-f-]{36}$/,
      ),
      name: "Cardway dev read-write",
      owningAccountId: owner,
      allowExternalPrincipals: true,
      status: "ACTIVE",
      tags: [{ key: "cardway:audience", value: "default/dev" }],
      creationTime: context.clock.now(),
      lastUpdatedTime: context.clock.now(),
    };
    expect(answer.resourceShare).toStrictEqual(share);
    expect(answer.clientToken).toBe("token");
    expect(await sharesOf(client)).toStrictEqual([{ ...share, featureSet: "STANDARD" }]);
  });

  it.each([
    ["without tags", {}, []],
    ["with tags", { tags: [{ key: "cardway:audience", value: "default/dev" }] }, ["ram:TagResource"]],
    ["with cards", { resourceArns: [cardArn("churn")] }, policyActions],
  ])("asks %s for the permission to create and for what that takes", async (_what, input, further) => {
    const { service } = startRam();
    const { asked, client } = askedOf(service);

    await create(client, input);

    expect(asked).toStrictEqual(["ram:CreateResourceShare", ...further]);
  });

  it("asks whoever changes a share with cards whether they may change the cards' policies", async () => {
    const { service, client: administrator, cards } = startRam();
    cards.add(cardArn("churn"));
    const share = { resourceShareArn: await create(administrator, {}) };
    const { asked, client } = askedOf(service);
    const card = { ...share, resourceArns: [cardArn("churn")] };

    await client.send(new AssociateResourceShareCommand({ ...share, principals: [dev] }));
    await client.send(new AssociateResourceShareCommand(card));
    await client.send(new DisassociateResourceShareCommand({ ...share, principals: [dev] }));
    await client.send(new DeleteResourceShareCommand(share));

    expect(asked).toStrictEqual([
      "ram:AssociateResourceShare",
      "ram:AssociateResourceShare",
      ...policyActions,
      "ram:DisassociateResourceShare",
      ...policyActions,
      "ram:DeleteResourceShare",
      ...policyActions,
    ]);
  });

  it("makes shares of the same name", async () => {
    const { client } = startRam();
    await create(client);
    await create(client);

    expect(await namesOf(client)).toStrictEqual(["dev", "dev"]);
  });

  it("makes one share of calls with the same token and parameters, and refuses other parameters", async () => {
    const { client } = startRam();
    const input = { clientToken: "token", principals: [dev] };
    const first = await create(client, input);

    expect(await create(client, input)).toBe(first);

    await expect(create(client, { clientToken: "token", principals: [test] })).rejects.toMatchObject({
      name: "IdempotentParameterMismatchException",
    });
    expect(await sharesOf(client)).toHaveLength(1);
  });

  it("shows what a token made as it is now, and makes it anew once it is forgotten", async () => {
    const { client, context } = startRam();
    const first = await create(client, { clientToken: "token" });
    await client.send(new DeleteResourceShareCommand({ resourceShareArn: first }));

    const { resourceShare } = await client.send(
      new CreateResourceShareCommand({ name: "dev", clientToken: "token" }),
    );

    expect(resourceShare).toMatchObject({ resourceShareArn: first, status: "DELETED" });
    await context.clock.advance(2 * 3_600_000);
    expect(await create(client, { clientToken: "token" })).not.toBe(first);
  });

  it("attaches the default permission with the first card, or the one that is asked for", async () => {
    const { client, cards } = startRam();
    cards.add(cardArn("churn"));
    const permissionsOf = async (resourceShareArn: string) => {
      const { permissions = [] } = await client.send(
        new ListResourceSharePermissionsCommand({ resourceShareArn }),
      );
      return permissions.map(({ name, status }) => ({ name, status }));
    };

    expect(await permissionsOf(await create(client))).toStrictEqual([]);
    expect(await permissionsOf(await create(client, { resourceArns: [cardArn("churn")] }))).toStrictEqual([
      { name: "AWSRAMPermissionSageMakerModelCards", status: "ASSOCIATED" },
    ]);
    const permissionArns = ["arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerModelCardsAllowExport"];
    expect(await permissionsOf(await create(client, { permissionArns }))).toStrictEqual([
      { name: "AWSRAMPermissionSageMakerModelCardsAllowExport", status: "ASSOCIATED" },
    ]);
  });

  it.each([
    [
      { principals: ["me"] },
      "InvalidParameterException",
      "Principal ID me is malformed. Verify the ID and try again.",
    ],
    [
      { principals: [`arn:aws:iam::${dev}:root`] },
      "InvalidParameterException",
      `Principal ID arn:aws:iam::${dev}:root is malformed. Verify the ID and try again.`,
    ],
    [
      { principals: [`arn:aws:organizations::${owner}:organization/o-abc`] },
      "UnknownResourceException",
      "Organization o-abc could not be found.",
    ],
    [
      { principals: [`arn:aws:organizations::${owner}:ou/o-abc/ou-abc-def`] },
      "UnknownResourceException",
      "OrganizationalUnit ou-abc-def in unknown organization could not be found.",
    ],
    [
      { resourceArns: ["churn"] },
      "MalformedArnException",
      "The specified resource ARN churn is not valid. Verify the ARN and try again.",
    ],
    [
      { resourceArns: [`arn:aws:sagemaker:${region}:${owner}:model/churn`] },
      "MalformedArnException",
      "You cannot share the selected resource type.",
    ],
    [
      { resourceArns: [cardArn("churn", dev)] },
      "OperationNotPermittedException",
      `You cannot share the resource ${cardArn("churn", dev)}, because you do not own it.`,
    ],
    [
      { principals: [outsider], allowExternalPrincipals: false },
      "InvalidParameterException",
      `Principal ${outsider} is not in your AWS organization. You do not have permission to add external AWS accounts to a resource share.`,
    ],
    [
      { permissionArns: ["arn:aws:ram::aws:permission/ReadOnly"] },
      "UnknownResourceException",
      "Permission arn:aws:ram::aws:permission/ReadOnly could not be found.",
    ],
    [{ clientToken: "" }, "InvalidClientTokenException", "The specified client token is not valid."],
    [
      { tags: [{ key: "aws:x", value: "" }] },
      "TagPolicyViolationException",
      "The specified tag key is a reserved word and cannot be used.",
    ],
    [
      { resourceArns: Array.from({ length: 101 }, (_, index) => cardArn(`card-${index}`)) },
      "ResourceShareLimitExceededException",
      "You can associate up to 100 resources per call.",
    ],
  ])("refuses %j and makes no share", async (input, name, message) => {
    const { client } = startRam();

    await expect(create(client, input)).rejects.toMatchObject({ name, message });

    expect(await sharesOf(client)).toStrictEqual([]);
  });

  it("words a missing member as RAM's parameter error", async () => {
    const { client } = startRam();

    await expect(create(client, { name: "" })).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "1 validation error detected: Value '' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
  });
});

describe("UpdateResourceShare", () => {
  it("renames a share and closes it to external principals", async () => {
    const { client, context } = startRam();
    const resourceShareArn = await create(client);
    await context.clock.advance(1000);

    const { resourceShare } = await client.send(
      new UpdateResourceShareCommand({ resourceShareArn, name: "prod", allowExternalPrincipals: false }),
    );

    expect(resourceShare).toMatchObject({ name: "prod", allowExternalPrincipals: false });
    expect(await sharesOf(client)).toMatchObject([
      { name: "prod", allowExternalPrincipals: false, lastUpdatedTime: context.clock.now() },
    ]);
  });

  it("refuses a share of another account, one that does not exist, and what is no ARN", async () => {
    const { client, ramOf } = startRam();
    const resourceShareArn = await create(client);
    const update = (caller: RAMClient, arn: string) =>
      caller.send(new UpdateResourceShareCommand({ resourceShareArn: arn, name: "mine" }));
    const unknown = `arn:aws:ram:${region}:${owner}:resource-share/none`;

    await expect(update(ramOf(userOf(dev)), resourceShareArn)).rejects.toMatchObject({
      name: "OperationNotPermittedException",
    });
    await expect(update(ramOf(userOf(owner), "us-east-1"), resourceShareArn)).rejects.toMatchObject({
      name: "UnknownResourceException",
    });
    await expect(update(client, unknown)).rejects.toMatchObject({
      name: "UnknownResourceException",
      message: `ResourceShare ${unknown} could not be found.`,
    });
    await expect(update(client, "dev")).rejects.toMatchObject({
      name: "MalformedArnException",
      message: "The specified resource share ARN is not valid. Verify the ARN and try again.",
    });
  });

  it("refuses to change nothing", async () => {
    const { client } = startRam();
    const resourceShareArn = await create(client);

    await expect(client.send(new UpdateResourceShareCommand({ resourceShareArn }))).rejects.toMatchObject({
      name: "MissingRequiredParameterException",
    });
  });
});

describe("DeleteResourceShare", () => {
  it("lists the share as deleted for two hours, without anything in it", async () => {
    const { client, cards, context } = startRam();
    cards.add(cardArn("churn"));
    const resourceShareArn = await create(client, { principals: [dev], resourceArns: [cardArn("churn")] });

    const { returnValue } = await client.send(new DeleteResourceShareCommand({ resourceShareArn }));

    expect(returnValue).toBe(true);
    await context.clock.advance(2 * 3_600_000 - 1);
    expect(await sharesOf(client)).toMatchObject([{ status: "DELETED" }]);
    expect(await sharesOf(client, { resourceShareStatus: "ACTIVE" })).toStrictEqual([]);
    const { resourceShareAssociations } = await client.send(
      new GetResourceShareAssociationsCommand({ associationType: "RESOURCE" }),
    );
    expect(resourceShareAssociations).toMatchObject([{ status: "DISASSOCIATED" }]);
    await context.clock.advance(1);
    expect(await sharesOf(client)).toStrictEqual([]);
  });

  it("takes its time, during which the share cannot be changed and still gives access", async () => {
    const { client, cards, context, allows } = startRam({ delayMs: 60_000 });
    cards.add(cardArn("churn"));
    const resourceShareArn = await create(client, { principals: [dev], resourceArns: [cardArn("churn")] });
    await context.clock.advance(60_000);

    await client.send(new DeleteResourceShareCommand({ resourceShareArn }));

    const mayDescribe = () => allows(cardArn("churn"), "sagemaker:DescribeModelCard", userOf(dev));
    expect(await sharesOf(client)).toMatchObject([{ status: "DELETING" }]);
    expect(mayDescribe()).toBe(true);
    await expect(
      client.send(new UpdateResourceShareCommand({ resourceShareArn, name: "x" })),
    ).rejects.toMatchObject({ name: "InvalidStateTransitionException" });
    await context.clock.advance(60_000);
    expect(await sharesOf(client)).toMatchObject([{ status: "DELETED" }]);
    expect(mayDescribe()).toBe(false);
  });

  it("refuses a share that is deleted already, unless the same token comes again", async () => {
    const { client } = startRam();
    const resourceShareArn = await create(client);
    const remove = (clientToken?: string) =>
      client.send(new DeleteResourceShareCommand({ resourceShareArn, clientToken }));
    await remove("token");

    await expect(remove()).rejects.toMatchObject({ name: "UnknownResourceException" });
    await expect(remove("token")).resolves.toMatchObject({ returnValue: true, clientToken: "token" });
  });
});

describe("GetResourceShares", () => {
  it("filters by name, tags, permission and ARN", async () => {
    const { client, cards } = startRam();
    cards.add(cardArn("churn"));
    const tags = (stage: string) => [
      { key: "cardway:stage", value: stage },
      { key: "cardway:lifecycle", value: "default" },
    ];
    const devShare = await create(client, { tags: tags("dev"), resourceArns: [cardArn("churn")] });
    await create(client, { name: "test", tags: tags("test") });
    await create(client, { name: "untagged" });
    const tagFilters = (tagKey: string, ...tagValues: string[]) => ({ tagFilters: [{ tagKey, tagValues }] });

    expect(await namesOf(client, { name: "test" })).toStrictEqual(["test"]);
    expect(await namesOf(client, { resourceShareArns: [devShare] })).toStrictEqual(["dev"]);
    expect(await namesOf(client, tagFilters("cardway:stage", "dev", "prod"))).toStrictEqual(["dev"]);
    expect(await namesOf(client, tagFilters("cardway:stage"))).toStrictEqual(["dev", "test"]);
    expect(
      await namesOf(client, {
        tagFilters: [
          { tagKey: "cardway:lifecycle", tagValues: ["default"] },
          { tagKey: "cardway:stage", tagValues: ["test"] },
        ],
      }),
    ).toStrictEqual(["test"]);
    expect(
      await namesOf(client, {
        permissionArn: "arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerModelCards",
      }),
    ).toStrictEqual(["dev"]);
  });

  it("shows a consumer the shares that it takes part in, without their tags", async () => {
    const { client, ramOf } = startRam();
    const forAccount = await create(client, { principals: [dev], tags: [{ key: "a", value: "b" }] });
    const forRole = await create(client, { name: "reader", principals: [`arn:aws:iam::${dev}:role/reader`] });
    const other = await create(client, { name: "test", principals: [test] });
    const consumer = ramOf(roleOf(dev, "anybody"));

    const shares = await sharesOf(consumer, { resourceOwner: "OTHER-ACCOUNTS" });

    expect(shares.map(({ resourceShareArn }) => resourceShareArn)).toStrictEqual([forAccount, forRole]);
    expect(shares.map(({ tags }) => tags)).toStrictEqual([undefined, undefined]);
    expect(await sharesOf(consumer)).toStrictEqual([]);
    await expect(
      sharesOf(consumer, { resourceOwner: "OTHER-ACCOUNTS", resourceShareArns: [other] }),
    ).rejects.toMatchObject({ name: "UnknownResourceException" });
  });

  it("shows nobody a share of its own account as another's", async () => {
    const { client } = startRam();
    await create(client, { principals: [owner] });

    expect(await sharesOf(client, { resourceOwner: "OTHER-ACCOUNTS" })).toStrictEqual([]);
  });

  it("still shows a share to an account when one of its roles has left", async () => {
    const { client, context, ramOf } = startRam();
    const roles = ["reader", "writer"].map((name) => `arn:aws:iam::${dev}:role/${name}`);
    const resourceShareArn = await create(client, { principals: roles });
    await client.send(
      new DisassociateResourceShareCommand({ resourceShareArn, principals: roles.slice(0, 1) }),
    );

    await context.clock.advance(3 * 3_600_000);

    // The first call forgets what left long ago.
    for (const _call of ["first", "second"]) {
      expect(await sharesOf(ramOf(userOf(dev)), { resourceOwner: "OTHER-ACCOUNTS" })).toHaveLength(1);
    }
    await client.send(new DisassociateResourceShareCommand({ resourceShareArn, principals: roles.slice(1) }));
    expect(await sharesOf(ramOf(userOf(dev)), { resourceOwner: "OTHER-ACCOUNTS" })).toStrictEqual([]);
  });

  it("pages with a token that only the same list takes", async () => {
    const { client } = startRam();
    for (let index = 0; index < 7; index += 1) await create(client, { name: `share-${index}` });

    const pages: (string | undefined)[][] = [];
    for await (const page of paginateGetResourceShares({ client, pageSize: 3 }, { resourceOwner: "SELF" })) {
      pages.push((page.resourceShares ?? []).map(({ name }) => name));
    }

    expect(pages).toStrictEqual([
      ["share-0", "share-1", "share-2"],
      ["share-3", "share-4", "share-5"],
      ["share-6"],
    ]);
    const { nextToken } = await client.send(
      new GetResourceSharesCommand({ resourceOwner: "SELF", maxResults: 3 }),
    );
    for (const input of [{ nextToken, name: "x" }, { nextToken: "nonsense" }]) {
      await expect(sharesOf(client, input)).rejects.toMatchObject({ name: "InvalidNextTokenException" });
    }
    for (const maxResults of [0, 501]) {
      await expect(sharesOf(client, { maxResults })).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    }
  });

  it("refuses an owner that is none, and tags of others", async () => {
    const { client } = startRam();

    await expect(sharesOf(client, JSON.parse('{"resourceOwner":"ALL"}'))).rejects.toMatchObject({
      name: "InvalidParameterException",
      message: "ALL is not a valid resource owner. Specify either SELF or OTHER-ACCOUNTS and try again.",
    });
    await expect(
      sharesOf(client, { resourceOwner: "OTHER-ACCOUNTS", tagFilters: [{ tagKey: "a" }] }),
    ).rejects.toMatchObject({
      name: "InvalidParameterException",
      message:
        "You cannot use resourceOwner set to OTHER-ACCOUNTS and tagFilters in one request. Specify one parameter and try again.",
    });
  });
});
