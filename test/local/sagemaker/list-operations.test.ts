import {
  CreateModelCardCommand,
  ListModelCardsCommand,
  type ListModelCardsCommandInput,
  ListModelCardVersionsCommand,
  paginateListModelCardVersions,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { VirtualClock } from "../../../local/clock.ts";
import { listOperations } from "../../../local/sagemaker/list-operations.ts";
import { ModelCardStore } from "../../../local/sagemaker/model-card-store.ts";
import { userOf } from "./callers.ts";
import { ownerAccountId, region, startSageMaker } from "./sagemaker-in-process.ts";

/** Cards created a second after each other. */
async function startWithCards(...names: string[]) {
  const started = startSageMaker();
  for (const name of names) {
    await started.client.send(
      new CreateModelCardCommand({ ModelCardName: name, Content: "{}", ModelCardStatus: "Draft" }),
    );
    await started.context.clock.advance(1000);
  }
  const list = async (input: ListModelCardsCommandInput = {}) => {
    const { ModelCardSummaries = [] } = await started.client.send(new ListModelCardsCommand(input));
    return ModelCardSummaries.map(({ ModelCardName }) => ModelCardName);
  };
  return { ...started, list };
}

describe("ListModelCards", () => {
  it("sums every card up with the status of its latest version", async () => {
    const { client, context } = await startWithCards("churn");
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content: "{}" }));
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: "Approved" }));

    const { ModelCardSummaries, NextToken } = await client.send(new ListModelCardsCommand({}));

    expect(NextToken).toBeUndefined();
    expect(ModelCardSummaries).toStrictEqual([
      {
        ModelCardName: "churn",
        ModelCardArn: "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn",
        ModelCardStatus: "Approved",
        CreationTime: new Date(context.clock.now().getTime() - 1000),
        LastModifiedTime: context.clock.now(),
      },
    ]);
  });

  it("sorts by creation time, or by name, in either direction", async () => {
    const { list } = await startWithCards("b", "c", "a");

    expect(await list()).toStrictEqual(["b", "c", "a"]);
    expect(await list({ SortOrder: "Descending" })).toStrictEqual(["a", "c", "b"]);
    expect(await list({ SortBy: "Name" })).toStrictEqual(["a", "b", "c"]);
    expect(await list({ SortBy: "Name", SortOrder: "Descending" })).toStrictEqual(["c", "b", "a"]);
  });

  it("sorts cards that came after it was asked before", async () => {
    const { client, list } = await startWithCards("b", "a");
    await list();
    await list({ SortBy: "Name" });

    await client.send(
      new CreateModelCardCommand({ ModelCardName: "aa", Content: "{}", ModelCardStatus: "Draft" }),
    );
    await client.send(
      new CreateModelCardCommand({ ModelCardName: "0", Content: "{}", ModelCardStatus: "Draft" }),
    );

    // Created in the same millisecond: by name.
    expect(await list()).toStrictEqual(["b", "a", "0", "aa"]);
    expect(await list({ SortBy: "Name" })).toStrictEqual(["0", "a", "aa", "b"]);
  });

  it("filters by name, status and creation time", async () => {
    const { client, context, list } = await startWithCards("churn-1", "fraud", "Churn-2");
    await client.send(new UpdateModelCardCommand({ ModelCardName: "fraud", ModelCardStatus: "Approved" }));
    const secondsAgo = (seconds: number) => new Date(context.clock.now().getTime() - seconds * 1000);

    expect(await list({ NameContains: "churn" })).toStrictEqual(["churn-1", "Churn-2"]);
    expect(await list({ ModelCardStatus: "Approved" })).toStrictEqual(["fraud"]);
    expect(await list({ CreationTimeAfter: secondsAgo(2) })).toStrictEqual(["Churn-2"]);
    expect(await list({ CreationTimeBefore: secondsAgo(2) })).toStrictEqual(["churn-1"]);
  });

  it("pages with a token that only the same list takes", async () => {
    const { client, list } = await startWithCards("a", "b", "c");
    const { NextToken } = await client.send(new ListModelCardsCommand({ MaxResults: 2 }));

    expect(await list({ MaxResults: 2, NextToken })).toStrictEqual(["c"]);
    for (const input of [
      { NextToken, SortBy: "Name" as const },
      { NextToken: "nonsense" },
      { NextToken: "" },
    ]) {
      await expect(list(input)).rejects.toMatchObject({ name: "ValidationException" });
    }
  });

  it("shows ten cards where no number is asked for, and refuses numbers out of bounds", async () => {
    const { list } = await startWithCards(...Array.from({ length: 11 }, (_, index) => `card-${index}`));

    expect(await list()).toHaveLength(10);
    await expect(list({ MaxResults: 101 })).rejects.toMatchObject({
      message:
        "1 validation error detected: Value '101' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 100",
    });
    await expect(list({ MaxResults: 0 })).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("lists 10,000 cards page by page, in both orders", () => {
    const { store, listAll } = storeOf(10_000);

    expect(listAll("Name")).toStrictEqual(
      store.list({ accountId: ownerAccountId, region }, "Name").map(({ name }) => name),
    );
    expect(listAll("CreationTime")).toHaveLength(10_000);
  });
});

/** Lists straight from the store, because 10,000 calls of a client take longer than what is measured. */
function storeOf(cards: number) {
  const store = new ModelCardStore({ clock: new VirtualClock() });
  const creationTime = new Date(0);
  for (let index = 0; index < cards; index += 1) {
    store.add({
      accountId: ownerAccountId,
      region,
      name: `card-${index}`,
      creationTime: new Date(index),
      createdBy: {},
      kmsKeyId: undefined,
      tags: new Map(),
      versions: [
        {
          version: 1,
          status: "Draft",
          content: "{}",
          metadata: {},
          creationTime,
          lastModifiedTime: creationTime,
          lastModifiedNanoseconds: "000000",
          lastModifiedBy: {},
        },
      ],
    });
  }
  const call = { caller: userOf(ownerAccountId), region, requestId: "request" };
  const PageSchema = z.object({
    ModelCardSummaries: z.array(z.object({ ModelCardName: z.string() })),
    NextToken: z.string().optional(),
  });
  const listAll = (SortBy: "Name" | "CreationTime") => {
    const operation = listOperations(store)["ListModelCards"];
    const names: string[] = [];
    let NextToken: string | undefined;
    do {
      const outcome = operation?.prepare({ SortBy, MaxResults: 100, NextToken });
      const answer = outcome !== undefined && "prepared" in outcome ? outcome.prepared.run(call) : undefined;
      const page = PageSchema.parse(answer);
      names.push(...page.ModelCardSummaries.map(({ ModelCardName }) => ModelCardName));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return names;
  };
  return { store, listAll };
}

describe("ListModelCardVersions", () => {
  it("lists all versions with their own status and times", async () => {
    const { client, context } = await startWithCards("churn");
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: "Approved" }));
    await context.clock.advance(1000);
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content: "{}" }));
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: "Draft" }));

    const { ModelCardVersionSummaryList } = await client.send(
      new ListModelCardVersionsCommand({
        ModelCardName: "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn",
        SortOrder: "Descending",
      }),
    );

    const now = context.clock.now().getTime();
    const version = {
      ModelCardName: "churn",
      ModelCardArn: "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn",
    };
    expect(ModelCardVersionSummaryList).toStrictEqual([
      {
        ...version,
        ModelCardStatus: "Draft",
        ModelCardVersion: 2,
        CreationTime: new Date(now),
        LastModifiedTime: new Date(now),
      },
      {
        ...version,
        ModelCardStatus: "Approved",
        ModelCardVersion: 1,
        CreationTime: new Date(now - 2000),
        LastModifiedTime: new Date(now - 1000),
      },
    ]);
  });

  it("pages and filters", async () => {
    const { client } = await startWithCards("churn");
    for (let version = 2; version <= 5; version += 1) {
      await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content: "{}" }));
    }
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: "Approved" }));

    const pages: (number | undefined)[][] = [];
    for await (const page of paginateListModelCardVersions(
      { client, pageSize: 3 },
      { ModelCardName: "churn", ModelCardStatus: "Draft" },
    )) {
      pages.push((page.ModelCardVersionSummaryList ?? []).map(({ ModelCardVersion }) => ModelCardVersion));
    }

    expect(pages).toStrictEqual([[1, 2, 3], [4]]);
  });

  it("refuses a card that does not exist", async () => {
    const { client } = startSageMaker();

    await expect(
      client.send(new ListModelCardVersionsCommand({ ModelCardName: "churn" })),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
  });
});
