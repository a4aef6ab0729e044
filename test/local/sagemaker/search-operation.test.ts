import {
  AddTagsCommand,
  CreateModelCardCommand,
  DeleteModelCardCommand,
  DeleteTagsCommand,
  SearchCommand,
  type SearchCommandInput,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import type { ModelCardBehaviour } from "../../../local/sagemaker/sagemaker.ts";
import { userOf } from "./callers.ts";
import { region, startSageMaker } from "./sagemaker-in-process.ts";

const arnOf = (name: string): string => `arn:aws:sagemaker:${region}:111111111111:model-card/${name}`;
const byName = { Resource: "ModelCard", SortBy: "ModelCardName", SortOrder: "Ascending" } as const;

/** Cards created a second after each other. */
async function startWithCards(names: string[], behaviour: Partial<ModelCardBehaviour> = {}) {
  const started = startSageMaker(behaviour);
  for (const name of names) {
    await started.client.send(
      new CreateModelCardCommand({ ModelCardName: name, Content: "{}", ModelCardStatus: "Draft" }),
    );
    await started.context.clock.advance(1000);
  }
  const search = async (input: SearchCommandInput = byName) => {
    const { Results = [] } = await started.client.send(new SearchCommand(input));
    return Results.map(({ ModelCard }) => ModelCard);
  };
  const namesFound = async (input?: SearchCommandInput) =>
    (await search(input)).map((card) => card?.ModelCardName);
  return { ...started, search, namesFound };
}

describe("Search", () => {
  it("finds a card once, as its latest version, with its tags and what its content says of the model", async () => {
    const { client, context } = startSageMaker();
    const creationTime = context.clock.now();
    const Content = JSON.stringify({
      model_overview: { model_id: "model-1" },
      intended_uses: { risk_rating: "High" },
      model_package_details: { model_package_group_name: "group" },
    });
    const Tags = [{ Key: "team", Value: "risk" }];
    const SecurityConfig = { KmsKeyId: "key" };
    await client.send(
      new CreateModelCardCommand({
        ModelCardName: "churn",
        Content: "{}",
        ModelCardStatus: "Draft",
        Tags,
        SecurityConfig,
      }),
    );
    await context.clock.advance(1000);
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", Content }));
    await client.send(new UpdateModelCardCommand({ ModelCardName: "churn", ModelCardStatus: "Approved" }));

    const { $metadata: _, ...answer } = await client.send(new SearchCommand({ Resource: "ModelCard" }));

    expect(answer).toStrictEqual({
      Results: [
        {
          ModelCard: {
            ModelCardArn: arnOf("churn"),
            ModelCardName: "churn",
            ModelCardVersion: 2,
            Content,
            ModelCardStatus: "Approved",
            SecurityConfig,
            CreationTime: creationTime,
            CreatedBy: {},
            LastModifiedTime: context.clock.now(),
            LastModifiedBy: {},
            Tags,
            ModelId: "model-1",
            RiskRating: "High",
            ModelPackageGroupName: "group",
          },
        },
      ],
      TotalHits: { Value: 1, Relation: "EqualTo" },
    });
  });

  it("sorts by last change, newest first, where nothing else is asked for", async () => {
    const { client, namesFound } = await startWithCards(["b", "c", "a"]);
    await client.send(new UpdateModelCardCommand({ ModelCardName: "b", ModelCardStatus: "Approved" }));

    expect(await namesFound({ Resource: "ModelCard" })).toStrictEqual(["b", "a", "c"]);
    expect(await namesFound({ Resource: "ModelCard", SortBy: "CreationTime" })).toStrictEqual([
      "a",
      "c",
      "b",
    ]);
    expect(await namesFound()).toStrictEqual(["a", "b", "c"]);
  });

  it("pages with a token that only the same search takes", async () => {
    const { client, namesFound } = await startWithCards(["a", "b", "c"]);
    const { NextToken } = await client.send(new SearchCommand({ ...byName, MaxResults: 2 }));

    expect(await namesFound({ ...byName, MaxResults: 2, NextToken })).toStrictEqual(["c"]);
    for (const input of [
      { ...byName, NextToken, SortOrder: "Descending" as const },
      { ...byName, NextToken: "nonsense" },
      { ...byName, MaxResults: 0 },
      { ...byName, MaxResults: 101 },
    ]) {
      await expect(namesFound(input)).rejects.toMatchObject({ name: "ValidationException" });
    }
  });

  it("follows tags and deletions, and knows the cards of its own account and Region only", async () => {
    const { client, clientOf, search, namesFound } = await startWithCards(["a", "b"]);
    await client.send(
      new AddTagsCommand({ ResourceArn: arnOf("a"), Tags: [{ Key: "team", Value: "risk" }] }),
    );
    expect((await search())[0]?.Tags).toStrictEqual([{ Key: "team", Value: "risk" }]);
    await client.send(new DeleteTagsCommand({ ResourceArn: arnOf("a"), TagKeys: ["team"] }));
    expect((await search())[0]?.Tags).toStrictEqual([]);
    await client.send(new DeleteModelCardCommand({ ModelCardName: "a" }));
    expect(await namesFound()).toStrictEqual(["b"]);

    for (const other of [clientOf(userOf("222222222222")), clientOf(userOf("111111111111"), "eu-north-1")]) {
      expect((await other.send(new SearchCommand(byName))).Results).toStrictEqual([]);
    }
  });

  it("finds a card that is being deleted until it is gone", async () => {
    const { client, context, namesFound } = await startWithCards(["a"], { deletingMs: 60_000 });
    await client.send(new DeleteModelCardCommand({ ModelCardName: "a" }));

    expect(await namesFound()).toStrictEqual(["a"]);
    await context.clock.advance(60_000);
    expect(await namesFound()).toStrictEqual([]);
  });

  it("shows each card as it was some time ago where it is switched to be behind", async () => {
    const { client, context, search, namesFound } = await startWithCards([], { searchLagMs: 60_000 });
    const Tags = [{ Key: "team", Value: "risk" }];
    await client.send(
      new CreateModelCardCommand({ ModelCardName: "a", Content: "{}", ModelCardStatus: "Draft", Tags }),
    );
    await context.clock.advance(59_000);
    expect(await namesFound()).toStrictEqual([]);

    await client.send(new UpdateModelCardCommand({ ModelCardName: "a", ModelCardStatus: "Approved" }));
    await client.send(new DeleteTagsCommand({ ResourceArn: arnOf("a"), TagKeys: ["team"] }));
    await context.clock.advance(1000);
    expect(await search()).toMatchObject([{ ModelCardStatus: "Draft", Tags }]);

    await client.send(new DeleteModelCardCommand({ ModelCardName: "a" }));
    await context.clock.advance(59_000);
    expect(await search()).toMatchObject([{ ModelCardStatus: "Approved", Tags: [] }]);
    await context.clock.advance(1000);
    expect(await namesFound()).toStrictEqual([]);
  });

  it("refuses what is left out, and logs that", async () => {
    const { context, namesFound } = await startWithCards(["a"]);
    const Filters = [{ Name: "ModelId", Value: "model-1" }];

    for (const [input, message] of [
      [{ Resource: "TrainingJob" }, "Resource TrainingJob is not supported."],
      [{ Resource: "ModelCard", SortBy: "ModelId" }, "SortBy ModelId is not supported."],
      [{ ...byName, SearchExpression: { Filters } }, expect.stringContaining("searchExpression")],
      [
        { ...byName, CrossAccountFilterOption: "CrossAccount" },
        expect.stringContaining("crossAccountFilterOption"),
      ],
      [{ ...byName, VisibilityConditions: [] }, expect.stringContaining("visibilityConditions")],
    ] satisfies [SearchCommandInput, unknown][]) {
      await expect(namesFound(input)).rejects.toMatchObject({ name: "ValidationException", message });
    }

    expect(context.lines).toHaveLength(5);
  });
});
