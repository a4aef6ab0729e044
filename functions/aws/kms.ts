import { DescribeKeyCommand, GenerateMacCommand, KMSClient, VerifyMacCommand } from "@aws-sdk/client-kms";
import { AwsCallFailedError, LinkKeyGoneError } from "../errors.ts";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** Signs approval links; only the function that asks approvers may. */
export interface LinkSigner {
  /**
   * ARN of the key itself that new links are signed with. It is another one after the alias was moved, so whoever signs
   * keeps it: only that key verifies the link.
   */
  currentKeyArn(): Promise<string>;
  /**
   * @param keyArn - The key itself, as {@link LinkSigner.currentKeyArn} answered.
   * @throws {LinkKeyGoneError} that key cannot be used any more.
   */
  sign(message: string, keyArn: string): Promise<Uint8Array>;
}

/** Verifies approval links; only the approval page may. */
export interface LinkVerifier {
  /**
   * Constant-time, inside KMS. A key that is gone, disabled or about to be deleted makes its links invalid, not an error.
   *
   * @param keyArn - The key that signed the link.
   * @throws {AwsCallFailedError} the key has no alias any more by which policies allow it.
   */
  verify(message: string, mac: Uint8Array, keyArn: string): Promise<boolean>;
}

const MacAlgorithm = "HMAC_SHA_256";

/**
 * @param keyId - Key id, key ARN, alias name or alias ARN of the key for new links.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html
 */
export function createLinkSigner(runtime: Runtime, keyId: string): LinkSigner {
  const client = runtime.trace(new KMSClient(clientConfig(runtime)));
  return {
    async currentKeyArn() {
      const answer = await awsCall("KMS DescribeKey", () =>
        client.send(new DescribeKeyCommand({ KeyId: keyId })),
      );
      const arn = answer.KeyMetadata?.Arn ?? "";
      if (arn === "") throw new AwsCallFailedError(`KMS DescribeKey named no key for ${keyId}`);
      return arn;
    },
    async sign(message, keyArn) {
      const gone = (cause: Error): never => {
        throw new LinkKeyGoneError(
          `KMS GenerateMac was refused with the key of this request: ${cause.name}. Enable the key, or give it its alias back.`,
          { cause },
        );
      };
      const answer = await awsCall(
        "KMS GenerateMac",
        () =>
          client.send(
            new GenerateMacCommand({
              KeyId: keyArn,
              MacAlgorithm,
              Message: new TextEncoder().encode(message),
            }),
          ),
        {
          NotFoundException: gone,
          DisabledException: gone,
          KMSInvalidStateException: gone,
          // A key that has lost its alias is one that no policy allows any more.
          AccessDeniedException: gone,
        },
      );
      if (answer.Mac === undefined || answer.Mac.byteLength === 0) {
        throw new AwsCallFailedError(`KMS GenerateMac answered without a MAC of ${keyArn}`);
      }
      return answer.Mac;
    },
  };
}

/** @see https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html */
export function createLinkVerifier(runtime: Runtime): LinkVerifier {
  const client = runtime.trace(new KMSClient(clientConfig(runtime)));
  const invalid = () => undefined;
  return {
    async verify(message, mac, keyArn) {
      if (mac.byteLength === 0) return false;
      const answer = await awsCall(
        "KMS VerifyMac",
        () =>
          client.send(
            new VerifyMacCommand({
              KeyId: keyArn,
              MacAlgorithm,
              Message: new TextEncoder().encode(message),
              Mac: mac,
            }),
          ),
        {
          KMSInvalidMacException: invalid,
          NotFoundException: invalid,
          DisabledException: invalid,
          KMSInvalidStateException: invalid,
        },
      );
      return answer?.MacValid === true;
    },
  };
}
