import * as z from "zod";
import type { LocalContext } from "../context.ts";
import { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import { hmacKeySpecs, macAlgorithm, requireNotPendingDeletion } from "./hmac-keys.ts";
import type { HmacKey, HmacKeys } from "./hmac-keys.ts";
import { keyAliases, keyArnOf, KeyIdSchema, locationOf, pageOf, resourceAliases } from "./operation-parts.ts";

const otherKeySpecs = [
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "ECC_NIST_P256",
  "ECC_NIST_P384",
  "ECC_NIST_P521",
  "ECC_NIST_EDWARDS25519",
  "ECC_SECG_P256K1",
  "SYMMETRIC_DEFAULT",
  "SM2",
  "ML_DSA_44",
  "ML_DSA_65",
  "ML_DSA_87",
] as const;
const KeySpecSchema = z.enum([...hmacKeySpecs, ...otherKeySpecs]);

/** `CreateKey`, `DescribeKey`, `ListKeys` and what switches a key on and off. */
export function keyOperations(keys: HmacKeys, context: LocalContext): Record<string, Operation> {
  const notBuilt = (what: string): AwsError => {
    context.log(`kms: ${what} is not built in the local endpoint`);
    return new AwsError("UnsupportedOperationException", `${what} is not built in the local endpoint.`);
  };

  return {
    CreateKey: operation({
      input: z.strictObject({
        Description: z.string().max(8192).optional(),
        KeySpec: KeySpecSchema.optional(),
        CustomerMasterKeySpec: KeySpecSchema.optional(),
        KeyUsage: z
          .enum(["ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT"])
          .optional(),
        Origin: z.string().optional(),
        MultiRegion: z.boolean().optional(),
      }),
      action: "kms:CreateKey",
      run(input, call) {
        const requested = input.KeySpec ?? input.CustomerMasterKeySpec ?? "SYMMETRIC_DEFAULT";
        const keySpec = hmacKeySpecs.find((hmac) => hmac === requested);
        if (keySpec === undefined) throw notBuilt(`A key with the KeySpec ${requested}`);
        if (input.KeyUsage === undefined) {
          throw new AwsError(
            "ValidationException",
            "You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.",
          );
        }
        if (input.KeyUsage !== "GENERATE_VERIFY_MAC") {
          throw new AwsError(
            "ValidationException",
            `KeyUsage ${input.KeyUsage} is not compatible with KeySpec ${keySpec}`,
          );
        }
        if (input.Origin !== undefined && input.Origin !== "AWS_KMS") throw notBuilt("An Origin");
        if (input.MultiRegion === true) throw notBuilt("A multi-Region key");
        const description = input.Description;
        const key = keys.create({
          ...locationOf(call),
          keySpec,
          ...(description === undefined ? {} : { description }),
        });
        return { KeyMetadata: keyMetadata(key) };
      },
    }),
    DescribeKey: operation({
      input: z.strictObject({ KeyId: KeyIdSchema }),
      action: "kms:DescribeKey",
      resource: keyArnOf(keys),
      context: keyAliases(keys),
      run: (input, call) => ({ KeyMetadata: keyMetadata(keys.find(input.KeyId, locationOf(call))) }),
    }),
    ListKeys: operation({
      input: z.strictObject({ Limit: z.int().min(1).max(1000).default(100), Marker: z.string().optional() }),
      action: "kms:ListKeys",
      run(input, call) {
        const page = pageOf(keys.list(locationOf(call)), ({ keyId }) => keyId, input);
        return {
          Keys: page.entries.map(({ keyId, keyArn }) => ({ KeyId: keyId, KeyArn: keyArn })),
          ...page.more,
        };
      },
    }),
    EnableKey: operation({
      input: z.strictObject({ KeyId: KeyIdSchema }),
      action: "kms:EnableKey",
      resource: keyArnOf(keys),
      context: resourceAliases(keys),
      run(input, call) {
        const key = keys.findByKeyId(input.KeyId, locationOf(call));
        requireNotPendingDeletion(key);
        key.enabled = true;
        keys.changed(key);
        return {};
      },
    }),
    DisableKey: operation({
      input: z.strictObject({ KeyId: KeyIdSchema }),
      action: "kms:DisableKey",
      resource: keyArnOf(keys),
      context: resourceAliases(keys),
      run(input, call) {
        const key = keys.findByKeyId(input.KeyId, locationOf(call));
        requireNotPendingDeletion(key);
        key.enabled = false;
        keys.changed(key);
        return {};
      },
    }),
    ScheduleKeyDeletion: operation({
      input: z.strictObject({ KeyId: KeyIdSchema, PendingWindowInDays: z.int().min(7).max(30).default(30) }),
      action: "kms:ScheduleKeyDeletion",
      resource: keyArnOf(keys),
      context: resourceAliases(keys),
      run(input, call) {
        const key = keys.findByKeyId(input.KeyId, locationOf(call));
        requireNotPendingDeletion(key);
        const pendingMs = input.PendingWindowInDays * 24 * 60 * 60 * 1000;
        key.enabled = false;
        key.deletionDate = new Date(context.clock.now().getTime() + pendingMs);
        keys.changed(key);
        return {
          KeyId: key.keyArn,
          DeletionDate: key.deletionDate,
          KeyState: keyState(key),
          PendingWindowInDays: input.PendingWindowInDays,
        };
      },
    }),
    CancelKeyDeletion: operation({
      input: z.strictObject({ KeyId: KeyIdSchema }),
      action: "kms:CancelKeyDeletion",
      resource: keyArnOf(keys),
      context: resourceAliases(keys),
      run(input, call) {
        const key = keys.findByKeyId(input.KeyId, locationOf(call));
        if (key.deletionDate === undefined) {
          throw new AwsError("KMSInvalidStateException", `${key.keyArn} is not pending deletion.`);
        }
        delete key.deletionDate;
        keys.changed(key);
        return { KeyId: key.keyArn };
      },
    }),
  };
}

function keyState(key: HmacKey): "PendingDeletion" | "Enabled" | "Disabled" {
  if (key.deletionDate !== undefined) return "PendingDeletion";
  return key.enabled ? "Enabled" : "Disabled";
}

function keyMetadata(key: HmacKey): object {
  return {
    AWSAccountId: key.accountId,
    KeyId: key.keyId,
    Arn: key.keyArn,
    CreationDate: key.createdAt,
    Enabled: key.enabled && key.deletionDate === undefined,
    Description: key.description,
    KeyUsage: "GENERATE_VERIFY_MAC",
    KeyState: keyState(key),
    ...(key.deletionDate === undefined ? {} : { DeletionDate: key.deletionDate }),
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    CustomerMasterKeySpec: key.keySpec,
    KeySpec: key.keySpec,
    MacAlgorithms: [macAlgorithm(key.keySpec)],
    MultiRegion: false,
  };
}
