import { GenerateMacCommand, KMSClient, VerifyMacCommand } from "@aws-sdk/client-kms";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** Signs approval links; only the function that asks approvers may. */
export interface LinkSigner {
  sign(message: string): Promise<Uint8Array>;
}

/** Verifies approval links; only the approval page may. */
export interface LinkVerifier {
  /** Constant-time, inside KMS. */
  verify(message: string, mac: Uint8Array): Promise<boolean>;
}

const MacAlgorithm = "HMAC_SHA_256";

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html */
export function createLinkSigner(runtime: Runtime, keyId: string): LinkSigner {
  const client = runtime.trace(new KMSClient(clientConfig(runtime)));
  return {
    async sign(message) {
      const answer = await awsCall("KMS GenerateMac", () =>
        client.send(
          new GenerateMacCommand({ KeyId: keyId, MacAlgorithm, Message: new TextEncoder().encode(message) }),
        ),
      );
      return answer.Mac ?? new Uint8Array();
    },
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html */
export function createLinkVerifier(runtime: Runtime, keyId: string): LinkVerifier {
  const client = runtime.trace(new KMSClient(clientConfig(runtime)));
  return {
    async verify(message, mac) {
      if (mac.byteLength === 0) return false;
      const answer = await awsCall(
        "KMS VerifyMac",
        () =>
          client.send(
            new VerifyMacCommand({
              KeyId: keyId,
              MacAlgorithm,
              Message: new TextEncoder().encode(message),
              Mac: mac,
            }),
          ),
        { KMSInvalidMacException: () => undefined },
      );
      return answer?.MacValid === true;
    },
  };
}
