import type { Context } from "aws-lambda";
import * as z from "zod";

/** What Lambda tells a function of a call. */
export function lambdaContext(functionName: string): Context {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionName,
    functionVersion: "1",
    invokedFunctionArn: `arn:aws:lambda:eu-central-1:111111111111:function:${functionName}`,
    memoryLimitInMB: "512",
    awsRequestId: "request-1",
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "1",
    getRemainingTimeInMillis: () => 30_000,
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** A request as API Gateway's HTTP API sends it, payload format 2.0. */
export function httpApiEvent(method: string, rawPath: string, body?: string, headers: object = {}) {
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath,
    rawQueryString: "",
    headers: {
      host: "approvals.example.com",
      "content-type": "application/x-www-form-urlencoded",
      ...headers,
    },
    requestContext: {
      accountId: "111111111111",
      apiId: "api",
      domainName: "approvals.example.com",
      http: { method, path: rawPath, protocol: "HTTP/1.1", sourceIp: "192.0.2.1", userAgent: "test" },
      stage: "$default",
    },
    ...(body !== undefined && { body: Buffer.from(body).toString("base64") }),
    isBase64Encoded: body !== undefined,
  };
}

/** What an HTTP API makes its response of. */
export const HttpApiAnswerSchema = z.object({
  statusCode: z.int(),
  headers: z.record(z.string(), z.string()),
  body: z.string(),
  isBase64Encoded: z.literal(false),
});
