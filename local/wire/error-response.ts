import type { AwsError } from "./aws-error.ts";
import type { WireResponse } from "./http.ts";
import { toWireJson } from "./wire-json.ts";
import { toXml } from "./xml.ts";

/** How a service words its answers. */
export type Protocol = "aws-json-1.0" | "aws-json-1.1" | "aws-query" | "rest-json" | "rest-xml";

/** An error in the words of a protocol, as SDKs and the `aws` command line take it apart. */
export function errorResponse(
  error: AwsError,
  { protocol, requestId }: { protocol: Protocol; requestId: string },
): WireResponse {
  const { status } = error;
  if (protocol === "aws-query") {
    const shape = { Type: status >= 500 ? "Receiver" : "Sender", Code: error.code, Message: error.message };
    return {
      status,
      headers: { "content-type": "text/xml" },
      body: `<ErrorResponse>${toXml({ Error: shape, RequestId: requestId })}</ErrorResponse>`,
    };
  }
  if (protocol === "rest-xml") {
    const shape = { Code: error.code, Message: error.message, ...error.members, RequestId: requestId };
    return {
      status,
      headers: { "content-type": "application/xml" },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error>${toXml(shape)}</Error>`,
    };
  }
  const members = { message: error.message, ...error.members };
  return {
    status,
    headers: { "content-type": contentTypes[protocol], "x-amzn-errortype": error.code },
    body: toWireJson(protocol === "rest-json" ? members : { __type: error.code, ...members }),
  };
}

const contentTypes = {
  "aws-json-1.0": "application/x-amz-json-1.0",
  "aws-json-1.1": "application/x-amz-json-1.1",
  "rest-json": "application/json",
};
