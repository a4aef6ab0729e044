import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GenerateMacCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { conditionContext } from "../../../local/identity/policy-conditions.ts";
import { evaluate } from "../../../local/identity/policy-evaluation.ts";
import { createKms } from "../../../local/kms/kms.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import type { PolicyDocument } from "../../../stacks/definitions/policy.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

const location = { accountId: "111111111111", region: "eu-central-1" };
const hmac256 = { keyUsage: "GENERATE_VERIFY_MAC", keySpec: "HMAC_256" } as const;
const MacAlgorithm = "HMAC_SHA_256";
const Message = new TextEncoder().encode("a link");
const generateMac = (KeyId: string) => new GenerateMacCommand({ KeyId, MacAlgorithm, Message });
const aliasArn = (name: string) => `arn:aws:kms:${location.region}:${location.accountId}:${name}`;

const byAlias: PolicyDocument = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Action: "kms:*",
      Resource: "arn:aws:kms:eu-central-1:111111111111:key/*",
      Condition: { "ForAnyValue:StringLike": { "kms:ResourceAliases": "alias/links*" } },
    },
  ],
};

/** A client of an administrator, one that `byAlias` decides about, and what was asked of policies for the first. */
function setUp() {
  const kms = createKms(testContext());
  const asked: Permission[] = [];
  const administrator = new KMSClient(
    sdkClientSettings(kms.service, { authorize: (permissions) => void asked.push(...permissions) }),
  );
  const limited = new KMSClient(
    sdkClientSettings(kms.service, {
      authorize: (permissions) => {
        const allowed = permissions.every(
          ({ action, resource, context = {} }) =>
            evaluate([{ name: "by-alias", document: byAlias }], {
              action,
              resource,
              context: conditionContext(context),
            }).decision === "allowed",
        );
        return allowed ? undefined : "User: x is not authorized";
      },
    }),
  );
  return { kms, asked, administrator, limited };
}

describe("kms:ResourceAliases", () => {
  it("allows a key through its alias, whatever name the request uses", async () => {
    const { kms, administrator, limited } = setUp();
    const { keyId, keyArn } = kms.createKey({ ...location, ...hmac256, alias: "alias/links-2026" });
    await administrator.send(new CreateAliasCommand({ AliasName: "alias/another", TargetKeyId: keyId }));

    const names = [keyId, keyArn, "alias/links-2026", "alias/another", aliasArn("alias/another")];
    const answers = await Promise.all(names.map((name) => limited.send(generateMac(name))));

    expect(answers.map(({ KeyId }) => KeyId)).toStrictEqual(names.map(() => keyArn));
  });

  it("refuses a key without such an alias, also where a key elsewhere has one", async () => {
    const { kms, limited } = setUp();
    const bare = kms.createKey({ ...location, ...hmac256 });
    const other = kms.createKey({ ...location, ...hmac256, alias: "alias/payroll" });
    kms.createKey({ ...location, ...hmac256, region: "us-east-1", alias: "alias/links" });
    kms.createKey({ ...location, ...hmac256, accountId: "222222222222", alias: "alias/links" });

    for (const name of [bare.keyArn, other.keyArn, "alias/payroll", "alias/links"]) {
      await expect(limited.send(generateMac(name))).rejects.toMatchObject({ name: "AccessDeniedException" });
    }
  });

  it("lets the old key verify under a second alias and the new one sign after the alias has moved", async () => {
    const { kms, administrator, limited } = setUp();
    const oldKey = kms.createKey({ ...location, ...hmac256, alias: "alias/links" });
    const newKey = kms.createKey({ ...location, ...hmac256 });
    const { Mac } = await limited.send(generateMac("alias/links"));
    const verifyOld = () =>
      limited.send(new VerifyMacCommand({ KeyId: oldKey.keyArn, MacAlgorithm, Message, Mac }));

    await administrator.send(new UpdateAliasCommand({ AliasName: "alias/links", TargetKeyId: newKey.keyId }));
    await expect(verifyOld()).rejects.toMatchObject({ name: "AccessDeniedException" });
    await administrator.send(
      new CreateAliasCommand({ AliasName: "alias/links-old", TargetKeyId: oldKey.keyId }),
    );

    expect((await verifyOld()).MacValid).toBe(true);
    expect((await limited.send(generateMac("alias/links"))).KeyId).toBe(newKey.keyArn);
    expect((await limited.send(generateMac(newKey.keyArn))).KeyId).toBe(newKey.keyArn);
  });

  it("holds every alias of the key in each operation on it", async () => {
    const { kms, asked, administrator } = setUp();
    const { keyArn: KeyId } = kms.createKey({ ...location, ...hmac256, alias: "alias/b" });
    await administrator.send(new CreateAliasCommand({ AliasName: "alias/a", TargetKeyId: KeyId }));
    asked.length = 0;

    const { Mac } = await administrator.send(generateMac(KeyId));
    await administrator.send(new VerifyMacCommand({ KeyId, MacAlgorithm, Message, Mac }));
    await administrator.send(new DescribeKeyCommand({ KeyId }));
    await administrator.send(new DisableKeyCommand({ KeyId }));
    await administrator.send(new EnableKeyCommand({ KeyId }));
    await administrator.send(new ScheduleKeyDeletionCommand({ KeyId }));
    await administrator.send(new CancelKeyDeletionCommand({ KeyId }));

    const actions = [
      "kms:GenerateMac",
      "kms:VerifyMac",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:EnableKey",
      "kms:ScheduleKeyDeletion",
      "kms:CancelKeyDeletion",
    ];
    expect(asked).toStrictEqual(
      actions.map((action) => ({
        action,
        resource: KeyId,
        context: { "kms:ResourceAliases": ["alias/a", "alias/b"] },
      })),
    );
  });

  it("holds only aliases of the key's own Region", async () => {
    const { kms } = setUp();
    const region = "us-east-1";
    kms.createKey({ ...location, ...hmac256, alias: "alias/here" });
    const { keyArn: KeyId } = kms.createKey({ ...location, ...hmac256, region, alias: "alias/there" });
    const asked: Permission[] = [];
    const authorize = (permissions: Permission[]) => void asked.push(...permissions);
    const client = new KMSClient(sdkClientSettings(kms.service, { region, authorize }));

    await client.send(new DescribeKeyCommand({ KeyId }));

    expect(asked[0]?.context).toStrictEqual({ "kms:ResourceAliases": ["alias/there"] });
  });

  it("holds for each resource of an operation on aliases the aliases of that very key", async () => {
    const { kms, asked, administrator } = setUp();
    const oldKey = kms.createKey({ ...location, ...hmac256, alias: "alias/links" });
    const newKey = kms.createKey({ ...location, ...hmac256, alias: "alias/next" });
    const AliasName = "alias/links";

    await administrator.send(new UpdateAliasCommand({ AliasName, TargetKeyId: newKey.keyId }));
    await administrator.send(new DeleteAliasCommand({ AliasName }));
    await administrator.send(new CreateAliasCommand({ AliasName, TargetKeyId: newKey.keyId }));

    expect(
      asked.map(({ action, resource, context }) => [action, resource, context?.["kms:ResourceAliases"]]),
    ).toStrictEqual([
      ["kms:UpdateAlias", aliasArn(AliasName), []],
      ["kms:UpdateAlias", oldKey.keyArn, ["alias/links"]],
      ["kms:UpdateAlias", newKey.keyArn, ["alias/next"]],
      ["kms:DeleteAlias", aliasArn(AliasName), []],
      ["kms:DeleteAlias", newKey.keyArn, ["alias/links", "alias/next"]],
      ["kms:CreateAlias", aliasArn(AliasName), []],
      ["kms:CreateAlias", newKey.keyArn, ["alias/next"]],
    ]);
  });
});
