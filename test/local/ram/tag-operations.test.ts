import {
  CreateResourceShareCommand,
  GetResourceSharesCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { userOf } from "../sagemaker/callers.ts";
import { dev, startRam } from "./ram-in-process.ts";

async function startWithTaggedShare() {
  const started = startRam();
  const { client } = started;
  const { resourceShare } = await client.send(
    new CreateResourceShareCommand({ name: "dev", tags: [{ key: "stage", value: "dev" }] }),
  );
  const resourceShareArn = resourceShare?.resourceShareArn;
  const tags = async () =>
    (await client.send(new GetResourceSharesCommand({ resourceOwner: "SELF" }))).resourceShares?.[0]?.tags;
  return { ...started, resourceShareArn, tags };
}

describe("tags of resource shares", () => {
  it("are added, overwritten and removed", async () => {
    const { client, resourceShareArn, tags } = await startWithTaggedShare();

    await client.send(
      new TagResourceCommand({
        resourceShareArn,
        tags: [
          { key: "stage", value: "test" },
          { key: "team", value: "" },
        ],
      }),
    );

    expect(await tags()).toStrictEqual([
      { key: "stage", value: "test" },
      { key: "team", value: "" },
    ]);
    await client.send(new UntagResourceCommand({ resourceShareArn, tagKeys: ["stage", "team", "absent"] }));
    expect(await tags()).toBeUndefined();
  });

  it("are 50 at most and not AWS's own", async () => {
    const { client, resourceShareArn } = await startWithTaggedShare();
    const tag = (keys: string[]) =>
      client.send(
        new TagResourceCommand({ resourceShareArn, tags: keys.map((key) => ({ key, value: "x" })) }),
      );

    await tag(Array.from({ length: 49 }, (_, index) => `key-${index}`));

    await expect(tag(["one-more"])).rejects.toMatchObject({ name: "TagLimitExceededException" });
    await expect(tag(["AWS:mine"])).rejects.toMatchObject({ name: "TagPolicyViolationException" });
    await expect(tag([""])).rejects.toMatchObject({ name: "InvalidParameterException" });
  });

  it("are the owner's, and only shares have them", async () => {
    const { client, ramOf, resourceShareArn, context } = await startWithTaggedShare();
    const tags = [{ key: "a", value: "b" }];
    const permission = "arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerModelCards";

    await expect(
      ramOf(userOf(dev)).send(new TagResourceCommand({ resourceShareArn, tags })),
    ).rejects.toMatchObject({ name: "OperationNotPermittedException" });
    for (const resource of [{}, { resourceArn: permission }, { resourceArn: permission, resourceShareArn }]) {
      await expect(client.send(new TagResourceCommand({ ...resource, tags }))).rejects.toMatchObject({
        name: "InvalidParameterException",
      });
    }
    expect(context.lines).toHaveLength(1);
  });
});
