import { createHmac } from "node:crypto";
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GenerateMacCommand,
  KMSClient,
  KMSInvalidMacException,
  ListAliasesCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
  VerifyMacCommand,
} from "@aws-sdk/client-kms";
import type { MacAlgorithmSpec } from "@aws-sdk/client-kms";
import { asyncProperty, assert as assertProperty, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { createKms } from "../../../local/kms/kms.ts";
import type { Permission } from "../../../local/wire/operation.ts";
import { sdkClientSettings, testContext } from "../sdk-request-handler.ts";

const location = { accountId: "111111111111", region: "eu-central-1" };
const hmac256 = { keyUsage: "GENERATE_VERIFY_MAC", keySpec: "HMAC_256" } as const;
const day = 24 * 60 * 60 * 1000;

function setUp() {
  const context = testContext();
  const kms = createKms(context);
  const client = new KMSClient(sdkClientSettings(kms.service));
  return { context, kms, client };
}

const message = (text: string) => new TextEncoder().encode(text);
const mac = (KeyId: string, text: string, MacAlgorithm: MacAlgorithmSpec = "HMAC_SHA_256") =>
  new GenerateMacCommand({ KeyId, Message: message(text), MacAlgorithm });

describe("GenerateMac and VerifyMac", () => {
  it("compute the same MAC as node:crypto when the key has a given secret", async () => {
    const { kms, client } = setUp();
    const secret = Buffer.from("a secret of the test");
    const { keyId, keyArn } = kms.createKey({ ...location, ...hmac256, secret });

    const answer = await client.send(mac(keyId, "hello"));

    expect(answer.KeyId).toBe(keyArn);
    expect(answer.MacAlgorithm).toBe("HMAC_SHA_256");
    expect(Buffer.from(answer.Mac ?? []).toString("hex")).toBe(
      createHmac("sha256", secret).update("hello").digest("hex"),
    );
  });

  it("use different key material for every key without a given secret", async () => {
    const { kms, client } = setUp();
    const first = await client.send(mac(kms.createKey({ ...location, ...hmac256 }).keyId, "hello"));

    const second = await client.send(mac(kms.createKey({ ...location, ...hmac256 }).keyId, "hello"));

    expect(second.Mac).not.toStrictEqual(first.Mac);
  });

  it("accept a MAC only for the message and the key it was made with", async () => {
    const { kms, client } = setUp();
    const { keyId } = kms.createKey({ ...location, ...hmac256 });

    const isAccepted = async (signed: string, claimed: string) => {
      const { Mac } = await client.send(mac(keyId, signed));
      const Message = message(claimed);
      try {
        await client.send(new VerifyMacCommand({ KeyId: keyId, Message, MacAlgorithm: "HMAC_SHA_256", Mac }));
        return true;
      } catch (error) {
        if (error instanceof KMSInvalidMacException) return false;
        throw error;
      }
    };
    const text = string({ minLength: 1, maxLength: 100 });

    await assertProperty(
      asyncProperty(text, text, async (signed, claimed) => {
        expect(await isAccepted(signed, signed)).toBe(true);
        expect(await isAccepted(signed, claimed)).toBe(signed === claimed);
      }),
      { numRuns: 50 },
    );
  });

  it("refuse a truncated MAC", async () => {
    const { kms, client } = setUp();
    const { keyId: KeyId } = kms.createKey({ ...location, ...hmac256 });
    const { Mac } = await client.send(mac(KeyId, "hello"));

    const verify = client.send(
      new VerifyMacCommand({
        KeyId,
        Message: message("hello"),
        MacAlgorithm: "HMAC_SHA_256",
        Mac: Mac?.slice(0, 16),
      }),
    );

    await expect(verify).rejects.toMatchObject({ name: "KMSInvalidMacException" });
  });

  it.each([
    ["HMAC_224", "HMAC_SHA_224", 28],
    ["HMAC_256", "HMAC_SHA_256", 32],
    ["HMAC_384", "HMAC_SHA_384", 48],
    ["HMAC_512", "HMAC_SHA_512", 64],
  ] as const)("make a MAC of the right length with %s", async (KeySpec, algorithm, length) => {
    const { client } = setUp();
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({ KeySpec, KeyUsage: "GENERATE_VERIFY_MAC" }),
    );

    const { Mac } = await client.send(mac(KeyMetadata?.KeyId ?? "", "hello", algorithm));

    expect(KeyMetadata?.MacAlgorithms).toStrictEqual([algorithm]);
    expect(Mac?.byteLength).toBe(length);
  });

  it("refuse an algorithm that is not the key's", async () => {
    const { kms, client } = setUp();
    const { keyId } = kms.createKey({ ...location, ...hmac256 });

    await expect(client.send(mac(keyId, "hello", "HMAC_SHA_512"))).rejects.toMatchObject({
      name: "InvalidKeyUsageException",
      message: "Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.",
    });
  });

  it("refuse an empty message and one of more than 4,096 bytes without repeating it", async () => {
    const { kms, client } = setUp();
    const { keyId } = kms.createKey({ ...location, ...hmac256 });

    await client.send(mac(keyId, "x".repeat(4096)));

    await expect(client.send(mac(keyId, ""))).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length greater than or equal to 1",
    });
    await expect(client.send(mac(keyId, "x".repeat(4097)))).rejects.toMatchObject({
      name: "ValidationException",
      message:
        "1 validation error detected: Value at 'message' failed to satisfy constraint: Member must have length less than or equal to 4096",
    });
  });

  it("find the key by id, ARN, alias and alias ARN", async () => {
    const { kms, client } = setUp();
    const { keyId, keyArn } = kms.createKey({ ...location, ...hmac256, alias: "alias/links" });

    const names = [keyId, keyArn, "alias/links", "arn:aws:kms:eu-central-1:111111111111:alias/links"];
    const macs = await Promise.all(names.map((name) => client.send(mac(name, "hello"))));

    expect(new Set(macs.map(({ Mac }) => Buffer.from(Mac ?? []).toString("hex"))).size).toBe(1);
    expect(macs.map(({ KeyId }) => KeyId)).toStrictEqual(names.map(() => keyArn));
  });

  it("ask for the permission on the key even when the caller names an alias", async () => {
    const { kms } = setUp();
    const { keyArn } = kms.createKey({ ...location, ...hmac256, alias: "alias/links" });
    const asked: Permission[] = [];
    const client = new KMSClient(
      sdkClientSettings(kms.service, {
        authorize: (permissions) => {
          asked.push(...permissions);
          return "User: x is not authorized to perform: kms:GenerateMac";
        },
      }),
    );

    const refused = client.send(mac("alias/links", "hello"));

    await expect(refused).rejects.toMatchObject({ name: "AccessDeniedException" });
    expect(asked).toStrictEqual([
      {
        action: "kms:GenerateMac",
        resource: keyArn,
        context: { "kms:RequestAlias": "alias/links", "kms:ResourceAliases": ["alias/links"] },
      },
    ]);
  });

  it.each([
    ["nonsense", "Invalid keyId 'nonsense'"],
    [
      "12345678-1234-1234-1234-123456789012",
      "Key 'arn:aws:kms:eu-central-1:111111111111:key/12345678-1234-1234-1234-123456789012' does not exist",
    ],
    ["alias/none", "Alias arn:aws:kms:eu-central-1:111111111111:alias/none is not found."],
    ["arn:aws:kms:us-east-1:111111111111:alias/none", "Invalid arn us-east-1"],
  ])("refuse the unknown key %s as AWS does", async (name, text) => {
    const { client } = setUp();

    await expect(client.send(mac(name, "hello"))).rejects.toMatchObject({
      name: "NotFoundException",
      message: text,
    });
  });
});

describe("keys", () => {
  it("are kept apart by account and Region", async () => {
    const { kms, client } = setUp();
    const { keyId } = kms.createKey({ ...location, ...hmac256 });
    const elsewhere = [
      new KMSClient(sdkClientSettings(kms.service, { accountId: "222222222222" })),
      new KMSClient(sdkClientSettings(kms.service, { region: "us-east-1" })),
    ];

    const here = await client.send(new ListKeysCommand({}));

    expect(here.Keys).toHaveLength(1);
    for (const other of elsewhere) {
      expect((await other.send(new ListKeysCommand({}))).Keys).toStrictEqual([]);
      await expect(other.send(new DescribeKeyCommand({ KeyId: keyId }))).rejects.toMatchObject({
        name: "NotFoundException",
      });
    }
  });

  it("name the alias of a request to policies only where the request uses it, also as an ARN", async () => {
    const { kms } = setUp();
    const { keyId } = kms.createKey({ ...location, ...hmac256, alias: "alias/links" });
    const asked: Permission[] = [];
    const client = new KMSClient(
      sdkClientSettings(kms.service, { authorize: (permissions) => void asked.push(...permissions) }),
    );

    await client.send(new DescribeKeyCommand({ KeyId: "arn:aws:kms:eu-central-1:111111111111:alias/links" }));
    await client.send(new DescribeKeyCommand({ KeyId: keyId }));

    expect(asked.map(({ context }) => context?.["kms:RequestAlias"])).toStrictEqual([
      "alias/links",
      undefined,
    ]);
  });

  it("are described with AWS's members", async () => {
    const { context, client } = setUp();
    const { KeyMetadata } = await client.send(
      new CreateKeyCommand({
        Description: "Approval links",
        KeySpec: "HMAC_256",
        KeyUsage: "GENERATE_VERIFY_MAC",
      }),
    );

    const described = await client.send(new DescribeKeyCommand({ KeyId: KeyMetadata?.Arn }));

    expect(described.KeyMetadata).toStrictEqual({
      AWSAccountId: "111111111111",
      Arn: "arn:aws:kms:eu-central-1:111111111111:key/00000000-0000-4000-8000-000000000001",
      CreationDate: context.clock.now(),
      CustomerMasterKeySpec: "HMAC_256",
      Description: "Approval links",
      Enabled: true,
      KeyId: "00000000-0000-4000-8000-000000000001",
      KeyManager: "CUSTOMER",
      KeySpec: "HMAC_256",
      KeyState: "Enabled",
      KeyUsage: "GENERATE_VERIFY_MAC",
      MacAlgorithms: ["HMAC_SHA_256"],
      MultiRegion: false,
      Origin: "AWS_KMS",
    });
  });

  it.each([
    [{}, "UnsupportedOperationException"],
    [{ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" }, "UnsupportedOperationException"],
    [{ KeySpec: "HMAC_256" }, "ValidationException"],
    [{ KeySpec: "HMAC_256", KeyUsage: "SIGN_VERIFY" }, "ValidationException"],
    [
      { KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC", MultiRegion: true },
      "UnsupportedOperationException",
    ],
    [{ KeySpec: "HMAC_256", KeyUsage: "GENERATE_VERIFY_MAC", Policy: "{}" }, "ValidationException"],
  ] as const)("refuse to be created with %j", async (input, code) => {
    const { client } = setUp();

    await expect(client.send(new CreateKeyCommand(input))).rejects.toMatchObject({ name: code });
  });

  it("make no MAC while they are disabled", async () => {
    const { kms, client } = setUp();
    const { keyId: KeyId, keyArn } = kms.createKey({ ...location, ...hmac256 });
    await client.send(new DisableKeyCommand({ KeyId }));

    await expect(client.send(mac(KeyId, "hello"))).rejects.toMatchObject({
      name: "DisabledException",
      message: `${keyArn} is disabled.`,
    });
    await client.send(new EnableKeyCommand({ KeyId }));
    expect((await client.send(mac(KeyId, "hello"))).Mac).toBeDefined();
  });

  it("make no MAC while their deletion is pending, and are gone when it is due", async () => {
    const { context, kms, client } = setUp();
    const { keyId: KeyId, keyArn } = kms.createKey({ ...location, ...hmac256, alias: "alias/links" });

    const scheduled = await client.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));

    expect(scheduled).toMatchObject({
      KeyId: keyArn,
      KeyState: "PendingDeletion",
      PendingWindowInDays: 7,
      DeletionDate: new Date(context.clock.now().getTime() + 7 * day),
    });
    await expect(client.send(mac(KeyId, "hello"))).rejects.toMatchObject({
      name: "KMSInvalidStateException",
      message: `${keyArn} is pending deletion.`,
    });
    await context.clock.advance(7 * day);
    await expect(client.send(mac(KeyId, "hello"))).rejects.toMatchObject({ name: "NotFoundException" });
    expect((await client.send(new ListAliasesCommand({}))).Aliases).toStrictEqual([]);
  });

  it("are disabled after their deletion was cancelled", async () => {
    const { kms, client } = setUp();
    const { keyId: KeyId } = kms.createKey({ ...location, ...hmac256 });
    await client.send(new ScheduleKeyDeletionCommand({ KeyId }));

    await client.send(new CancelKeyDeletionCommand({ KeyId }));

    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: "Disabled", Enabled: false });
    expect(KeyMetadata?.DeletionDate).toBeUndefined();
  });

  it("are listed page by page", async () => {
    const { kms, client } = setUp();
    const ids = Array.from({ length: 5 }, () => kms.createKey({ ...location, ...hmac256 }).keyId);

    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await client.send(new ListKeysCommand({ Limit: 2, Marker }));
      expect(page.Truncated).toBe(page.NextMarker !== undefined);
      seen.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId));
      Marker = page.NextMarker;
    } while (Marker !== undefined);

    expect(seen).toStrictEqual(ids);
  });
});

describe("aliases", () => {
  it("can be created, moved to another key and deleted", async () => {
    const { kms, client } = setUp();
    const first = kms.createKey({ ...location, ...hmac256 });
    const second = kms.createKey({ ...location, ...hmac256 });
    const AliasName = "alias/links";

    await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: first.keyId }));
    const before = await client.send(new DescribeKeyCommand({ KeyId: AliasName }));
    await client.send(new UpdateAliasCommand({ AliasName, TargetKeyId: second.keyArn }));
    const after = await client.send(new ListAliasesCommand({ KeyId: second.keyId }));
    await client.send(new DeleteAliasCommand({ AliasName }));

    expect(before.KeyMetadata?.KeyId).toBe(first.keyId);
    expect(after.Aliases).toMatchObject([
      {
        AliasName,
        AliasArn: "arn:aws:kms:eu-central-1:111111111111:alias/links",
        TargetKeyId: second.keyId,
      },
    ]);
    await expect(client.send(new DescribeKeyCommand({ KeyId: AliasName }))).rejects.toMatchObject({
      name: "NotFoundException",
    });
  });

  it("are refused when the name is taken, does not begin with alias/ or belongs to AWS", async () => {
    const { kms, client } = setUp();
    const { keyId: TargetKeyId } = kms.createKey({ ...location, ...hmac256, alias: "alias/links" });
    const create = (AliasName: string) => client.send(new CreateAliasCommand({ AliasName, TargetKeyId }));

    await expect(create("alias/links")).rejects.toMatchObject({
      name: "AlreadyExistsException",
      message: "An alias with the name arn:aws:kms:eu-central-1:111111111111:alias/links already exists",
    });
    await expect(create("links")).rejects.toMatchObject({ name: "ValidationException" });
    await expect(create("alias/aws/links")).rejects.toMatchObject({ name: "NotAuthorizedException" });
  });

  it("leave no key behind when an in-process key cannot have its alias", async () => {
    const { kms, client } = setUp();
    kms.createKey({ ...location, ...hmac256, alias: "alias/links" });

    expect(() => kms.createKey({ ...location, ...hmac256, alias: "alias/links" })).toThrow("already exists");

    expect((await client.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
  });
});
