import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DisableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { describe, expect, it } from "vitest";
import { createLinkSigner, createLinkVerifier } from "../../../functions/aws/kms.ts";
import { type Runtime, clientConfig } from "../../../functions/runtime/runtime.ts";
import settings from "../../../lifecycle.config.ts";
import { createDirectRequestHandler } from "../../../local/endpoint/direct-request-handler.ts";
import { createEndpoint } from "../../../local/endpoint/endpoint.ts";
import { createIdentity } from "../../../local/identity/identity.ts";
import { createKms } from "../../../local/kms/kms.ts";
import { linkKeyAlias, roleArnOf } from "../../../stacks/definitions/deployment.ts";
import { modelCardAccountRoles } from "../../../stacks/definitions/roles.ts";
import { testContext } from "../../local/sdk-request-handler.ts";

const accountId = "111111111111";
const region = "eu-central-1";
const hmac256 = { accountId, region, keyUsage: "GENERATE_VERIFY_MAC", keySpec: "HMAC_256" } as const;
const aliasArn = `arn:aws:kms:${region}:${accountId}:${linkKeyAlias}`;
const retiredAlias = `${linkKeyAlias}-2026`;
const day = 24 * 60 * 60 * 1000;

const runtimeWith = (
  requestHandler: NonNullable<Runtime["requestHandler"]>,
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
): Runtime => ({
  environment: {
    AWS_REGION: region,
    AWS_ENDPOINT_URL: "http://localhost:4566",
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
  },
  settings,
  now: () => new Date("2026-11-21T14:05:00.000Z"),
  requestHandler,
  trace: (client) => client,
});

const administrator = { accessKeyId: accountId, secretAccessKey: "test" };

/** The local KMS, its administrator, and both functions with the roles that they are deployed with. */
function setUp() {
  const context = testContext();
  const kms = createKms(context);
  const identity = createIdentity(context, {
    modelCardAccountId: accountId,
    resourcePolicyAllows: () => false,
  });
  const endpoint = createEndpoint({ context, services: [kms.service], identity, homeRegion: region });
  const deployment = { modelCardAccountId: accountId, region, approvalPageUrl: "http://localhost:4567" };
  for (const { roleName, trust, policy } of modelCardAccountRoles(deployment)) {
    identity.putRole({
      roleArn: roleArnOf(roleName, accountId),
      trust,
      policies: [{ name: roleName, document: policy }],
    });
  }
  const runtimeAs = (credentials: Parameters<typeof runtimeWith>[1]) =>
    runtimeWith(createDirectRequestHandler(endpoint), credentials);
  const runtimeOf = (functionName: string) =>
    runtimeAs(identity.credentialsOf(roleArnOf(functionName, accountId), functionName));

  return {
    clock: context.clock,
    kms,
    operator: new KMSClient(clientConfig(runtimeAs(administrator))),
    administratorRuntime: runtimeAs(administrator),
    signer: createLinkSigner(runtimeOf("cardway-request-approval"), aliasArn),
    verifier: createLinkVerifier(runtimeOf("cardway-approval-page")),
  };
}

/** A link as it is signed now. */
async function signed(message: string, { signer }: Pick<ReturnType<typeof setUp>, "signer">) {
  const keyArn = await signer.currentKeyArn();
  return { message, mac: await signer.sign(message, keyArn), keyArn };
}

describe("createLinkSigner and createLinkVerifier", () => {
  it("verify a link only with its message, its MAC and its key", async () => {
    const cloud = setUp();
    const { keyArn } = cloud.kms.createKey({ ...hmac256, alias: linkKeyAlias });
    const other = cloud.kms.createKey({ ...hmac256, alias: `${linkKeyAlias}-other` });

    const link = await signed("a link", cloud);

    expect(link.keyArn).toBe(keyArn);
    expect(await cloud.verifier.verify("a link", link.mac, keyArn)).toBe(true);
    expect(await cloud.verifier.verify("another link", link.mac, keyArn)).toBe(false);
    expect(await cloud.verifier.verify("a link", link.mac.slice(1), keyArn)).toBe(false);
    expect(await cloud.verifier.verify("a link", new Uint8Array(), keyArn)).toBe(false);
    expect(await cloud.verifier.verify("a link", link.mac, other.keyArn)).toBe(false);
  });

  it("rotate with overlap: the new key signs, and the old one verifies its links under a second alias", async () => {
    const cloud = setUp();
    const { operator, verifier, kms } = cloud;
    const oldKey = kms.createKey({ ...hmac256, alias: linkKeyAlias });
    const oldLink = await signed("old", cloud);
    const newKey = kms.createKey(hmac256);

    await operator.send(new CreateAliasCommand({ AliasName: retiredAlias, TargetKeyId: oldKey.keyId }));
    await operator.send(new UpdateAliasCommand({ AliasName: linkKeyAlias, TargetKeyId: newKey.keyId }));
    const newLink = await signed("new", cloud);

    expect([oldLink.keyArn, newLink.keyArn]).toStrictEqual([oldKey.keyArn, newKey.keyArn]);
    expect(await verifier.verify("old", oldLink.mac, oldLink.keyArn)).toBe(true);
    expect(await verifier.verify("new", newLink.mac, newLink.keyArn)).toBe(true);
    expect(await verifier.verify("old", oldLink.mac, newLink.keyArn)).toBe(false);
  });

  it("sign with the very key that was asked for, also when the alias moves in between", async () => {
    const { operator, signer, verifier, kms } = setUp();
    const oldKey = kms.createKey({ ...hmac256, alias: linkKeyAlias });
    const newKey = kms.createKey(hmac256);
    const keyArn = await signer.currentKeyArn();

    await operator.send(new CreateAliasCommand({ AliasName: retiredAlias, TargetKeyId: oldKey.keyId }));
    await operator.send(new UpdateAliasCommand({ AliasName: linkKeyAlias, TargetKeyId: newKey.keyId }));
    const mac = await signer.sign("a link", keyArn);

    expect(await verifier.verify("a link", mac, keyArn)).toBe(true);
    expect(await verifier.verify("a link", mac, newKey.keyArn)).toBe(false);
  });

  it("may not use a key without one of Cardway's aliases, nor one that has lost its last", async () => {
    const cloud = setUp();
    const { operator, verifier, signer, kms } = cloud;
    kms.createKey({ ...hmac256, alias: linkKeyAlias });
    const stranger = kms.createKey({ ...hmac256, alias: "alias/payroll" });
    const link = await signed("a link", cloud);
    await operator.send(new DeleteAliasCommand({ AliasName: linkKeyAlias }));

    const refused = { name: "AwsCallFailedError", message: expect.stringContaining("AccessDeniedException") };
    await expect(signer.sign("a link", stranger.keyArn)).rejects.toMatchObject({ name: "LinkKeyGoneError" });
    await expect(verifier.verify("a link", link.mac, stranger.keyArn)).rejects.toMatchObject(refused);
    await expect(verifier.verify("a link", link.mac, link.keyArn)).rejects.toMatchObject(refused);
    await expect(signer.currentKeyArn()).rejects.toMatchObject(refused);
  });

  it("take no link of a key that is disabled", async () => {
    const cloud = setUp();
    cloud.kms.createKey({ ...hmac256, alias: linkKeyAlias });
    const { message, mac, keyArn } = await signed("a link", cloud);

    await cloud.operator.send(new DisableKeyCommand({ KeyId: keyArn }));

    expect(await cloud.verifier.verify(message, mac, keyArn)).toBe(false);
  });

  it("take no link of a key whose deletion is pending", async () => {
    const cloud = setUp();
    cloud.kms.createKey({ ...hmac256, alias: linkKeyAlias });
    const { message, mac, keyArn } = await signed("a link", cloud);

    await cloud.operator.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn }));

    expect(await cloud.verifier.verify(message, mac, keyArn)).toBe(false);
  });

  it("take no link of a key that is gone", async () => {
    const cloud = setUp();
    cloud.kms.createKey({ ...hmac256, alias: linkKeyAlias });
    const { message, mac, keyArn } = await signed("a link", cloud);
    // A key loses its aliases with its life, so only somebody who may use every key hears that it is gone.
    const verifier = createLinkVerifier(cloud.administratorRuntime);

    await cloud.operator.send(new ScheduleKeyDeletionCommand({ KeyId: keyArn, PendingWindowInDays: 7 }));
    await cloud.clock.advance(7 * day);

    expect(await verifier.verify(message, mac, keyArn)).toBe(false);
  });

  it("refuse to sign with a disabled key", async () => {
    const cloud = setUp();
    const { keyArn } = cloud.kms.createKey({ ...hmac256, alias: linkKeyAlias });

    await cloud.operator.send(new DisableKeyCommand({ KeyId: keyArn }));

    await expect(cloud.signer.sign("a link", keyArn)).rejects.toMatchObject({
      name: "LinkKeyGoneError",
      message: expect.stringContaining("DisabledException"),
    });
  });

  it.each([{}, { KeyMetadata: {} }, { KeyMetadata: { Arn: "" } }, { Mac: "" }])(
    "never take the answer %j for a key or for a MAC",
    async (answer) => {
      const requestHandler = {
        metadata: { handlerProtocol: "h1" },
        async handle() {
          const headers = { "content-type": "application/x-amz-json-1.1" };
          return {
            response: { statusCode: 200, headers, body: new Blob([JSON.stringify(answer)]).stream() },
          };
        },
      };
      const signer = createLinkSigner(runtimeWith(requestHandler, administrator), linkKeyAlias);

      await expect(signer.currentKeyArn()).rejects.toMatchObject({ name: "AwsCallFailedError" });
      await expect(signer.sign("a link", "key")).rejects.toMatchObject({ name: "AwsCallFailedError" });
    },
  );
});
