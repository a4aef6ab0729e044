import { AwsError } from "../wire/aws-error.ts";
import type { WireRequest } from "../wire/http.ts";

/** What a request's signature says about it. The signature itself is not verified: any secret key works. */
export interface CredentialScope {
  accessKeyId: string;
  sessionToken?: string;
  region: string;
  signingName: string;
}

/**
 * Reads the SigV4 credential scope from the `Authorization` header or from a presigned URL.
 *
 * @returns nothing for a request that is not signed.
 * @throws {AwsError} `IncompleteSignature` or `SignatureDoesNotMatch` for a scope that AWS would refuse, and for a region
 *   of another partition, such as `us-gov-west-1`: all ARNs here are of the partition `aws`.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function credentialScopeOf({ headers, query }: WireRequest): CredentialScope | undefined {
  const authorization = headers["authorization"];
  const credential =
    authorization === undefined ? query.get("X-Amz-Credential") : credentialIn(authorization);
  if (credential === null) return undefined;

  const [accessKeyId = "", , region = "", signingName = "", term, ...rest] = credential.split("/");
  if (accessKeyId === "" || signingName === "" || term === undefined || rest.length > 0) {
    throw incomplete(
      "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.",
    );
  }
  if (term !== "aws4_request") {
    throw mismatch("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  requireRegion(region);
  const sessionToken = headers["x-amz-security-token"] ?? query.get("X-Amz-Security-Token");
  return { accessKeyId, region, signingName, ...(sessionToken === null ? {} : { sessionToken }) };
}

/** Regions of the partition `aws`, as its endpoint rules describe them. */
const regionOfAws = /^(us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-\d{1,2}$/;

function requireRegion(region: string): void {
  if (regionOfAws.test(region) || region === "aws-global") return;
  if (!/^[a-z]{2,}(-[a-z]+)+-\d{1,2}$/.test(region)) {
    throw mismatch("Credential should be scoped to a valid region.");
  }
  throw mismatch(
    `Credential should be scoped to a valid region: ${region} is not a region of the partition aws, the only one that the local endpoint plays.`,
  );
}

function credentialIn(authorization: string): string {
  const match = /^AWS4-HMAC-SHA256\s+(?:.*[\s,])?Credential=([^\s,]+)/.exec(authorization);
  const credential = match?.[1];
  if (credential === undefined) {
    throw incomplete("Authorization header requires 'Credential' parameter.");
  }
  return credential;
}

function incomplete(message: string): AwsError {
  return new AwsError("IncompleteSignature", message, 400);
}

function mismatch(message: string): AwsError {
  return new AwsError("SignatureDoesNotMatch", message, 403);
}
