import {
  CreateResourceShareCommand,
  GetPermissionCommand,
  ListPermissionsCommand,
  type ListPermissionsCommandInput,
  ListResourceSharePermissionsCommand,
} from "@aws-sdk/client-ram";
import { describe, expect, it } from "vitest";
import { userOf } from "../sagemaker/callers.ts";
import { cardArn, dev, startRam, test } from "./ram-in-process.ts";

const arnOf = (name: string) => `arn:aws:ram::aws:permission/${name}`;

describe("ListPermissions", () => {
  it("lists AWS's two permissions for model cards, one of them the default", async () => {
    const { client } = startRam();
    const list = async (input: ListPermissionsCommandInput) =>
      (await client.send(new ListPermissionsCommand(input))).permissions ?? [];

    const permissions = await list({ resourceType: "sagemaker:modelcard" });

    expect(permissions).toMatchObject([
      {
        arn: arnOf("AWSRAMPermissionSageMakerModelCards"),
        version: "1",
        defaultVersion: true,
        resourceType: "sagemaker:ModelCard",
        isResourceTypeDefault: true,
        permissionType: "AWS_MANAGED",
      },
      { arn: arnOf("AWSRAMPermissionSageMakerModelCardsAllowExport"), isResourceTypeDefault: false },
    ]);
    expect(permissions[0]?.creationTime).toBeInstanceOf(Date);
    expect(await list({})).toHaveLength(2);
    expect(await list({ permissionType: "CUSTOMER_MANAGED" })).toStrictEqual([]);
    expect(await list({ resourceType: "ec2:Subnet" })).toStrictEqual([]);
  });
});

describe("GetPermission", () => {
  it.each(["AWSRAMPermissionSageMakerModelCards", "AWSRAMPermissionSageMakerModelCardsAllowExport"])(
    "shows that %s includes the update",
    async (name) => {
      const { client } = startRam();

      const { permission } = await client.send(new GetPermissionCommand({ permissionArn: arnOf(name) }));

      expect(permission).toMatchObject({ name, status: "ATTACHABLE" });
      expect(JSON.parse(permission?.permission ?? "")).toMatchObject({
        Effect: "Allow",
        Action: expect.arrayContaining(["sagemaker:DescribeModelCard", "sagemaker:UpdateModelCard"]),
      });
    },
  );

  it("refuses permissions and versions that do not exist", async () => {
    const { client } = startRam();
    const get = (permissionArn: string, permissionVersion?: number) =>
      client.send(new GetPermissionCommand({ permissionArn, permissionVersion }));

    await expect(get(arnOf("ReadOnly"))).rejects.toMatchObject({ name: "UnknownResourceException" });
    await expect(get(arnOf("AWSRAMPermissionSageMakerModelCards"), 2)).rejects.toMatchObject({
      name: "UnknownResourceException",
    });
    await expect(get("ReadOnly")).rejects.toMatchObject({ name: "MalformedArnException" });
  });
});

describe("ListResourceSharePermissions", () => {
  it("can be read by the owner and by those who take part in the share, nobody else", async () => {
    const { client, ramOf, cards } = startRam();
    cards.add(cardArn("churn"));
    const { resourceShare } = await client.send(
      new CreateResourceShareCommand({ name: "dev", resourceArns: [cardArn("churn")], principals: [dev] }),
    );
    const command = new ListResourceSharePermissionsCommand({
      resourceShareArn: resourceShare?.resourceShareArn,
    });

    for (const reader of [client, ramOf(userOf(dev))]) {
      expect((await reader.send(command)).permissions).toMatchObject([
        { name: "AWSRAMPermissionSageMakerModelCards", status: "ASSOCIATED" },
      ]);
    }
    await expect(ramOf(userOf(test)).send(command)).rejects.toMatchObject({
      name: "OperationNotPermittedException",
    });
  });
});
