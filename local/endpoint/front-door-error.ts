import { AwsError } from "../wire/aws-error.ts";
import { errorResponse } from "../wire/error-response.ts";
import type { Protocol } from "../wire/error-response.ts";
import type { WireRequest, WireResponse } from "../wire/http.ts";

/** The errors that a request meets before, or beside, the service it is for, by their AWS Query name. */
const namesElsewhere: Record<string, string> = {
  ExpiredToken: "ExpiredTokenException",
  IncompleteSignature: "IncompleteSignatureException",
  InvalidAction: "UnknownOperationException",
  InvalidClientTokenId: "UnrecognizedClientException",
  MissingAuthenticationToken: "MissingAuthenticationTokenException",
  RequestEntityTooLarge: "RequestEntityTooLargeException",
  SignatureDoesNotMatch: "InvalidSignatureException",
};

/** The same errors as Amazon S3 calls them. */
const namesInS3: Record<string, string> = {
  IncompleteSignature: "AuthorizationHeaderMalformed",
  InternalFailure: "InternalError",
  InvalidClientTokenId: "InvalidAccessKeyId",
  RequestEntityTooLarge: "EntityTooLarge",
};

/**
 * An answer that no service gave, in the words of the protocol that the request speaks.
 *
 * @param error - With the code that AWS Query uses; the JSON protocols have other names for the same errors.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
 */
export function frontDoorError(
  request: Pick<WireRequest, "headers" | "query">,
  error: AwsError,
  requestId: string,
): WireResponse {
  const protocol = protocolOf(request);
  const code = namesIn(protocol)[error.code] ?? error.code;
  return errorResponse(new AwsError(code, error.message, error.status), { protocol, requestId });
}

/** The answer to a request that a bug kept from being answered. */
export function internalFailure(): AwsError {
  return new AwsError(
    "InternalFailure",
    "The request processing has failed because of an unknown error, exception or failure.",
    500,
  );
}

function namesIn(protocol: Protocol): Record<string, string> {
  if (protocol === "aws-query") return {};
  return protocol === "rest-xml" ? namesInS3 : namesElsewhere;
}

function protocolOf({ headers, query }: Pick<WireRequest, "headers" | "query">): Protocol {
  const scope = headers["authorization"] ?? query.get("X-Amz-Credential") ?? "";
  // Only Amazon S3 speaks REST with XML here, and its bodies can be of any content type.
  if (scope.includes("/s3/aws4_request")) return "rest-xml";
  const contentType = headers["content-type"] ?? "";
  if (contentType.startsWith("application/x-amz-json-1.0")) return "aws-json-1.0";
  if (headers["x-amz-target"] !== undefined) return "aws-json-1.1";
  if (contentType.startsWith("application/x-www-form-urlencoded") || query.has("Action")) return "aws-query";
  return "rest-json";
}
