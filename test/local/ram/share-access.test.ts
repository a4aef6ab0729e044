import {
  CreateResourceShareCommand,
  DeleteResourceShareCommand,
  DisassociateResourceShareCommand,
} from "@aws-sdk/client-ram";
import {
  AddTagsCommand,
  CreateModelCardCommand,
  DescribeModelCardCommand,
  ListModelCardsCommand,
  ListModelCardVersionsCommand,
  UpdateModelCardCommand,
} from "@aws-sdk/client-sagemaker";
import { describe, expect, it } from "vitest";
import { roleOf, userOf } from "../sagemaker/callers.ts";
import { cardArn, dev, owner, startRam, test } from "./ram-in-process.ts";

const churn = cardArn("churn");

async function startWithCard(principals: string[]) {
  const started = startRam();
  await started
    .sageMakerOf(userOf(owner))
    .send(new CreateModelCardCommand({ ModelCardName: "churn", Content: "{}", ModelCardStatus: "Draft" }));
  const { resourceShare } = await started.client.send(
    new CreateResourceShareCommand({ name: "stage", resourceArns: [churn], principals }),
  );
  return { ...started, resourceShareArn: resourceShare?.resourceShareArn ?? "" };
}

describe("access through a share", () => {
  it("lets another account read and update the owner's card by its ARN", async () => {
    const { sageMakerOf } = await startWithCard([dev]);
    const consumer = sageMakerOf(roleOf(dev, "scientist"));

    await consumer.send(
      new UpdateModelCardCommand({ ModelCardName: churn, ModelCardStatus: "PendingReview" }),
    );

    const card = await consumer.send(new DescribeModelCardCommand({ ModelCardName: churn }));
    expect(card).toMatchObject({ ModelCardArn: churn, ModelCardStatus: "PendingReview" });
    const { ModelCardVersionSummaryList } = await consumer.send(
      new ListModelCardVersionsCommand({ ModelCardName: churn }),
    );
    expect(ModelCardVersionSummaryList).toHaveLength(1);
    expect((await consumer.send(new ListModelCardsCommand({}))).ModelCardSummaries).toStrictEqual([]);
  });

  it("is refused by name, for other actions, and to everybody else", async () => {
    const { sageMakerOf } = await startWithCard([dev]);
    const consumer = sageMakerOf(userOf(dev));

    await expect(
      consumer.send(new DescribeModelCardCommand({ ModelCardName: "churn" })),
    ).rejects.toMatchObject({ name: "ResourceNotFound" });
    await expect(
      consumer.send(new AddTagsCommand({ ResourceArn: churn, Tags: [{ Key: "a", Value: "b" }] })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(
      sageMakerOf(userOf(test)).send(new DescribeModelCardCommand({ ModelCardName: churn })),
    ).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("of a role or user is theirs alone", async () => {
    const reader = roleOf(dev, "cardway-card-reader");
    const auditor = userOf(test, "auditor");
    const { allows } = await startWithCard([reader.principalArn, auditor.principalArn]);
    const mayDescribe = (caller: Parameters<typeof allows>[2]) =>
      allows(churn, "sagemaker:DescribeModelCard", caller);

    expect(mayDescribe(reader)).toBe(true);
    expect(mayDescribe(auditor)).toBe(true);
    expect(mayDescribe(roleOf(dev, "other"))).toBe(false);
    expect(mayDescribe(userOf(test, "other"))).toBe(false);
    // Neither the session's ARN nor the account is a principal of this share.
    expect(mayDescribe({ ...roleOf(dev, "other"), arn: reader.principalArn })).toBe(false);
  });

  it("includes export jobs only with the permission for them", async () => {
    const { client, allows, resourceShareArn } = await startWithCard([dev]);
    const mayExport = () => allows(churn, "sagemaker:CreateModelCardExportJob", userOf(dev));
    expect(mayExport()).toBe(false);
    await client.send(new DeleteResourceShareCommand({ resourceShareArn }));

    await client.send(
      new CreateResourceShareCommand({
        name: "export",
        resourceArns: [churn],
        principals: [dev],
        permissionArns: ["arn:aws:ram::aws:permission/AWSRAMPermissionSageMakerModelCardsAllowExport"],
      }),
    );

    expect(mayExport()).toBe(true);
    expect(allows(churn, "sagemaker:DeleteModelCard", userOf(dev))).toBe(false);
  });

  it("lasts as long as one of several shares gives it", async () => {
    const { client, allows, resourceShareArn } = await startWithCard([dev]);
    const second = await client.send(
      new CreateResourceShareCommand({ name: "second", resourceArns: [churn], principals: [dev] }),
    );
    const mayDescribe = () => allows(churn, "sagemaker:DescribeModelCard", userOf(dev));

    await client.send(new DisassociateResourceShareCommand({ resourceShareArn, resourceArns: [churn] }));
    expect(mayDescribe()).toBe(true);
    await client.send(
      new DisassociateResourceShareCommand({
        resourceShareArn: second.resourceShare?.resourceShareArn,
        principals: [dev],
      }),
    );

    expect(mayDescribe()).toBe(false);
  });
});
