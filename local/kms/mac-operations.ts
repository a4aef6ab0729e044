import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import { generateMac, macAlgorithm, requireUsable, verifyMac } from "./hmac-keys.ts";
import type { HmacKey, HmacKeys } from "./hmac-keys.ts";
import { keyAliases, keyArnOf, KeyIdSchema, locationOf } from "./operation-parts.ts";

const MacAlgorithmSchema = z.enum(["HMAC_SHA_384", "HMAC_SHA_256", "HMAC_SHA_224", "HMAC_SHA_512"]);
const MacInputSchema = z.strictObject({
  KeyId: KeyIdSchema,
  MacAlgorithm: MacAlgorithmSchema,
  Message: blob(4096),
  DryRun: z.boolean().optional(),
});

/** `GenerateMac` and `VerifyMac`. */
export function macOperations(keys: HmacKeys): Record<string, Operation> {
  return {
    GenerateMac: operation({
      input: MacInputSchema,
      action: "kms:GenerateMac",
      resource: keyArnOf(keys),
      context: keyAliases(keys),
      run(input, call) {
        const key = keys.find(input.KeyId, locationOf(call));
        requireUsable(key);
        requireAlgorithm(key, input.MacAlgorithm);
        refuseDryRun(input.DryRun);
        const mac = generateMac(key, input.Message).toString("base64");
        return { KeyId: key.keyArn, Mac: mac, MacAlgorithm: input.MacAlgorithm };
      },
    }),
    VerifyMac: operation({
      input: MacInputSchema.extend({ Mac: blob(6144) }),
      action: "kms:VerifyMac",
      resource: keyArnOf(keys),
      context: keyAliases(keys),
      run(input, call) {
        const key = keys.find(input.KeyId, locationOf(call));
        requireUsable(key);
        requireAlgorithm(key, input.MacAlgorithm);
        refuseDryRun(input.DryRun);
        if (!verifyMac(key, input.Message, input.Mac)) throw new AwsError("KMSInvalidMacException", "");
        return { KeyId: key.keyArn, MacAlgorithm: input.MacAlgorithm, MacValid: true };
      },
    }),
  };
}

/** Bytes, which AWS JSON carries as base64. */
function blob(maxBytes: number) {
  return z.string().transform((text, { issues }) => {
    const bytes = Buffer.from(text, "base64");
    if (bytes.toString("base64") !== text) {
      throw new AwsError("SerializationException", "A blob member is not valid base64.");
    }
    if (bytes.byteLength === 0) issues.push({ code: "too_small", minimum: 1, origin: "string", input: text });
    if (bytes.byteLength > maxBytes) {
      issues.push({ code: "too_big", maximum: maxBytes, origin: "string", input: text });
    }
    return bytes;
  });
}

function requireAlgorithm(key: HmacKey, algorithm: string): void {
  if (algorithm === macAlgorithm(key.keySpec)) return;
  throw new AwsError(
    "InvalidKeyUsageException",
    `Algorithm ${algorithm} is incompatible with key spec ${key.keySpec}.`,
  );
}

function refuseDryRun(dryRun: boolean | undefined): void {
  if (dryRun !== true) return;
  throw new AwsError(
    "DryRunOperationException",
    "The request would have succeeded, but the DryRun option is set.",
    412,
  );
}
