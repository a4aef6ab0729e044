import type { LocalContext } from "../context.ts";
import { awsJsonService } from "../wire/aws-json.ts";
import type { Service } from "../wire/service.ts";
import { aliasOperations } from "./alias-operations.ts";
import { HmacKeys } from "./hmac-keys.ts";
import type { KeyLocation } from "./hmac-keys.ts";
import { keyOperations } from "./key-operations.ts";
import { macOperations } from "./mac-operations.ts";

export interface Kms {
  service: Service;
  /**
   * Creates an HMAC key in process, as the deployment of a stack does.
   *
   * @param request.alias - For example `alias/cardway-approval-links`.
   * @param request.secret - Key material, so that MACs survive a restart; random if left out.
   * @throws {AwsError} `AlreadyExistsException` where the alias is taken.
   */
  createKey(
    request: KeyLocation & {
      alias?: string;
      keyUsage: "GENERATE_VERIFY_MAC";
      keySpec: "HMAC_256";
      secret?: Uint8Array;
    },
  ): { keyId: string; keyArn: string };
}

/**
 * The HMAC part of AWS KMS: keys, aliases, `GenerateMac` and `VerifyMac`.
 *
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
export function createKms(context: LocalContext): Kms {
  const keys = new HmacKeys(context);

  return {
    service: awsJsonService({
      signingName: "kms",
      targetPrefix: "TrentService",
      version: "1.1",
      sensitive: ["Message", "Mac"],
      operations: { ...keyOperations(keys, context), ...aliasOperations(keys), ...macOperations(keys) },
    }),
    createKey(request) {
      if (request.alias !== undefined) keys.requireFreeAlias(request.alias, request);
      const key = keys.create(request);
      if (request.alias !== undefined) keys.createAlias(request.alias, key);
      return { keyId: key.keyId, keyArn: key.keyArn };
    },
  };
}
