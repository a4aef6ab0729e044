import {
  AssociateResourceShareCommand,
  CreateResourceShareCommand,
  DisassociateResourceShareCommand,
  ListPrincipalsCommand,
  type ListPrincipalsCommandInput,
  ListResourcesCommand,
  type ListResourcesCommandInput,
  paginateListResources,
  type RAMClient,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { userOf } from "../sagemaker/callers.ts";
import { cardArn, dev, outsider, owner, startRam, test } from "./ram-in-process.ts";

const churn = cardArn("churn");
const fraud = cardArn("fraud");
const reader = `arn:aws:iam::${test}:role/reader`;

/** `churn` and `fraud` for dev, `churn` for a role of test and somebody outside who has not accepted. */
async function startWithShares() {
  const started = startRam();
  const { client, cards } = started;
  for (const arn of [churn, fraud]) cards.add(arn);
  const share = async (name: string, resourceArns: string[], principals: string[]) => {
    const answer = await client.send(new CreateResourceShareCommand({ name, resourceArns, principals }));
    return answer.resourceShare?.resourceShareArn ?? "";
  };
  const devShare = await share("dev", [churn, fraud], [dev]);
  const testShare = await share("test", [churn], [reader, outsider]);
  return {
    ...started,
    devShare,
    testShare,
    resources: async (input: Partial<ListResourcesCommandInput> = {}, by: RAMClient = client) =>
      (await by.send(new ListResourcesCommand({ resourceOwner: "SELF", ...input }))).resources ?? [],
    principals: async (input: Partial<ListPrincipalsCommandInput> = {}, by: RAMClient = client) =>
      (await by.send(new ListPrincipalsCommand({ resourceOwner: "SELF", ...input }))).principals ?? [],
  };
}

describe("ListResources", () => {
  it("lists every card once for each share that it is in", async () => {
    const { resources, context, devShare, testShare } = await startWithShares();

    const resource = {
      type: "sagemaker:ModelCard",
      status: "AVAILABLE",
      creationTime: context.clock.now(),
      lastUpdatedTime: context.clock.now(),
      resourceRegionScope: "REGIONAL",
    };
    expect(await resources()).toStrictEqual([
      { ...resource, arn: churn, resourceShareArn: devShare },
      { ...resource, arn: fraud, resourceShareArn: devShare },
      { ...resource, arn: churn, resourceShareArn: testShare },
    ]);
  });

  it("shows a consumer only what it can use, from the shares that it takes part in", async () => {
    const { client, resources, ramOf, devShare } = await startWithShares();
    const others = { resourceOwner: "OTHER-ACCOUNTS" as const };
    const arnsFor = async (accountId: string) =>
      (await resources(others, ramOf(userOf(accountId)))).map(({ arn }) => arn);

    expect(await arnsFor(dev)).toStrictEqual([churn, fraud]);
    expect(await arnsFor(test)).toStrictEqual([churn]);
    expect(await arnsFor(outsider)).toStrictEqual([]);
    expect(await arnsFor(owner)).toStrictEqual([]);

    await client.send(
      new DisassociateResourceShareCommand({ resourceShareArn: devShare, resourceArns: [churn] }),
    );
    expect(await arnsFor(dev)).toStrictEqual([fraud]);
  });

  it("tells the owner what is on its way, and what failed and why", async () => {
    const { client, resources, switched, context, devShare } = await startWithShares();
    await resources();
    switched.delayMs = 1000;
    await client.send(
      new DisassociateResourceShareCommand({ resourceShareArn: devShare, resourceArns: [fraud] }),
    );
    await client.send(
      new AssociateResourceShareCommand({ resourceShareArn: devShare, resourceArns: [cardArn("ghost")] }),
    );
    const statuses = async () =>
      (await resources({ resourceShareArns: [devShare] })).map(({ status, statusMessage }) => [
        status,
        statusMessage,
      ]);

    expect(await statuses()).toStrictEqual([
      ["AVAILABLE", undefined],
      ["AVAILABLE", undefined],
      ["PENDING", undefined],
    ]);

    await context.clock.advance(1000);
    expect(await statuses()).toStrictEqual([
      ["AVAILABLE", undefined],
      ["UNAVAILABLE", "The specified resource could not be found in your AWS account"],
    ]);
  });

  it("filters", async () => {
    const { resources } = await startWithShares();
    const count = async (input: Partial<ListResourcesCommandInput>) => (await resources(input)).length;

    expect(await count({ resourceArns: [churn, cardArn("ghost"), churn] })).toBe(2);
    expect(await count({ principal: dev })).toBe(2);
    expect(await count({ principal: reader })).toBe(1);
    expect(await count({ resourceType: "SageMaker:modelcard" })).toBe(3);
    expect(await count({ resourceType: "ec2:Subnet" })).toBe(0);
    expect(await count({ resourceRegionScope: "GLOBAL" })).toBe(0);
    await expect(count({ resourceType: "cards" })).rejects.toMatchObject({
      name: "InvalidResourceTypeException",
    });
  });

  it("pages over shares", async () => {
    const { client } = await startWithShares();

    const pages: (string | undefined)[][] = [];
    for await (const page of paginateListResources({ client, pageSize: 2 }, { resourceOwner: "SELF" })) {
      pages.push((page.resources ?? []).map(({ arn }) => arn));
    }

    expect(pages).toStrictEqual([[churn, fraud], [churn]]);
  });
});

describe("ListPrincipals", () => {
  it("lists who has access, not who is only invited", async () => {
    const { principals, context, devShare, testShare } = await startWithShares();

    const principal = {
      creationTime: context.clock.now(),
      lastUpdatedTime: context.clock.now(),
      external: false,
    };
    expect(await principals()).toStrictEqual([
      { ...principal, id: dev, resourceShareArn: devShare },
      { ...principal, id: reader, resourceShareArn: testShare },
    ]);
  });

  it("tells a consumer who shares with it", async () => {
    const { principals, ramOf, devShare } = await startWithShares();

    const sharing = await principals({ resourceOwner: "OTHER-ACCOUNTS" }, ramOf(userOf(dev)));

    expect(sharing).toMatchObject([{ id: owner, resourceShareArn: devShare, external: false }]);
  });

  it("filters", async () => {
    const { principals } = await startWithShares();
    const ids = async (input: Partial<ListPrincipalsCommandInput>) =>
      (await principals(input)).map(({ id }) => id);

    expect(await ids({ resourceArn: fraud })).toStrictEqual([dev]);
    expect(await ids({ principals: [reader, outsider] })).toStrictEqual([reader]);
    expect(await ids({ resourceType: "sagemaker:ModelCard" })).toStrictEqual([dev, reader]);
    expect(await ids({ resourceType: "ec2:Subnet" })).toStrictEqual([]);
  });
});
