import {
  AddTagsCommand,
  CreateModelCardCommand,
  DeleteTagsCommand,
  ListTagsCommand,
} from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import { startSageMaker } from "./sagemaker-in-process.ts";

const ResourceArn = "arn:aws:sagemaker:eu-west-1:111111111111:model-card/churn";

async function startWithTaggedCard() {
  const started = startSageMaker();
  await started.client.send(
    new CreateModelCardCommand({
      ModelCardName: "churn",
      Content: "{}",
      ModelCardStatus: "Draft",
      Tags: [{ Key: "Team", Value: "Risk" }],
    }),
  );
  const tags = async () => (await started.client.send(new ListTagsCommand({ ResourceArn }))).Tags;
  return { ...started, tags };
}

describe("tags of model cards", () => {
  it("are given at creation, added, overwritten and deleted", async () => {
    const { client, tags } = await startWithTaggedCard();

    const { Tags } = await client.send(
      new AddTagsCommand({
        ResourceArn,
        Tags: [
          { Key: "Team", Value: "Fraud" },
          { Key: "Übung/1", Value: "" },
        ],
      }),
    );

    const expected = [
      { Key: "Team", Value: "Fraud" },
      { Key: "Übung/1", Value: "" },
    ];
    expect(Tags).toStrictEqual(expected);
    expect(await tags()).toStrictEqual(expected);
    await client.send(new DeleteTagsCommand({ ResourceArn, TagKeys: ["Team", "absent"] }));
    expect(await tags()).toStrictEqual([{ Key: "Übung/1", Value: "" }]);
  });

  it("are 50 at most, not AWS's own, and each key once", async () => {
    const { client, tags } = await startWithTaggedCard();
    const many = Array.from({ length: 50 }, (_, index) => ({ Key: `key-${index}`, Value: "x" }));

    for (const Tags of [
      many,
      [{ Key: "aws:created", Value: "x" }],
      [
        { Key: "a", Value: "1" },
        { Key: "a", Value: "2" },
      ],
      [{ Key: "", Value: "1" }],
      [{ Key: "a!", Value: "1" }],
    ]) {
      await expect(client.send(new AddTagsCommand({ ResourceArn, Tags }))).rejects.toMatchObject({
        name: "ValidationException",
      });
    }

    expect(await tags()).toHaveLength(1);
  });

  it("are refused for other resources, and that is logged", async () => {
    const { client, context } = await startWithTaggedCard();

    await expect(
      client.send(
        new ListTagsCommand({ ResourceArn: "arn:aws:sagemaker:eu-west-1:111111111111:model/churn" }),
      ),
    ).rejects.toMatchObject({ name: "ValidationException" });

    expect(context.lines).toHaveLength(1);
  });

  it("are refused for a card that does not exist", async () => {
    const { client } = startSageMaker();

    await expect(client.send(new ListTagsCommand({ ResourceArn }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});
