import { AwsError } from "../wire/aws-error.ts";
import type { Call } from "../wire/caller.ts";
import { errorResponse } from "../wire/error-response.ts";
import type { WireRequest, WireResponse } from "../wire/http.ts";
import type { Operation } from "../wire/operation.ts";
import { RawAnswer } from "../wire/raw-answer.ts";
import type { Log, Service } from "../wire/service.ts";
import { describeInvalidInput } from "../wire/validation.ts";
import { toXml } from "../wire/xml.ts";
import { receivedBody } from "./request-body.ts";
import { type RequestTarget, requestTarget } from "./request-target.ts";
import { S3Error, invalidArgument } from "./s3-error.ts";

/** An operation of Amazon S3 and where it is found. Its input also has `Bucket`, `Key`, `Body` and `Checksum`. */
export interface S3Route {
  name: string;
  method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** What the request's address names. */
  target: "account" | "bucket" | "object";
  operation: Operation;
  /** Query parameters that tell the operation from others. */
  fixed?: Record<string, string>;
  /** Query parameters that become members of the input: `{ "max-keys": "MaxKeys" }`. */
  query?: Record<string, string>;
  /** Headers that become members of the input. */
  headers?: Record<string, string>;
  /** Whether `x-amz-meta-…` becomes the member `Metadata`. */
  takesMetadata?: true;
}

const namespace = "http://s3.amazonaws.com/doc/2006-03-01/";

/** Lists whose elements have none around them. */
const flattened = {
  Bucket: { element: "Bucket" },
  ChecksumAlgorithm: { element: "ChecksumAlgorithm" },
  CommonPrefixes: { element: "CommonPrefixes" },
  Contents: { element: "Contents" },
};

/** What says who calls and what was sent, and is seen to before an operation is looked for. */
const commonHeader =
  /^x-amz-(algorithm|credential|date|expires|signedheaders|signature|content-sha256|security-token|user-agent|decoded-content-length|trailer|sdk-checksum-algorithm|checksum-(crc32|crc32c|crc64nvme|sha1|sha256))$/;

/**
 * A service that speaks REST with XML as Amazon S3 does: the address names a bucket or an object, errors are XML, and what
 * is asked for beyond an operation's members is `NotImplemented`, which S3 itself answers too.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTAPI.html
 */
export function s3Service(routes: readonly S3Route[], baseUrl: () => string): Service {
  async function run(
    sent: WireRequest,
    call: Call,
    { authorize, log }: Parameters<Service["handle"]>[2],
  ): Promise<WireResponse> {
    const request = withHeadersOfUrl(sent);
    const target = requestTarget(request, baseUrl());
    const route = routeOf(routes, request, target);
    if (route === undefined) throw notImplemented(`${request.method} of ${kindOf(target)}`, request, log);
    const beyond = [
      ...[...request.query.keys()].filter((name) => !isKnownParameter(name, route)),
      ...Object.keys(request.headers).filter((name) => !isKnownHeader(name, route)),
    ];
    if (beyond.length > 0) throw notImplemented(`${route.name} with ${beyond.join(", ")}`, request, log);
    const outcome = route.operation.prepare(inputOf(route, request, target));
    if ("invalid" in outcome) throw invalidArgument(describeInvalidInput(outcome.invalid).message);
    const refusal = authorize(outcome.prepared.permissions(call), call);
    if (refusal !== undefined) throw new S3Error("AccessDenied", refusal, 403);
    const result = await outcome.prepared.run(call);
    return result instanceof RawAnswer ? result.response : xmlResponse(result);
  }

  return {
    signingName: "s3",
    async handle(request, call, environment) {
      const response = await run(request, call, environment).catch((error: unknown) => {
        if (!(error instanceof AwsError)) throw error;
        const { requestId } = call;
        const { headers, ...rest } = errorResponse(error, { protocol: "rest-xml", requestId });
        return { ...rest, headers: { ...headers, ...(error instanceof S3Error && error.headers) } };
      });
      const headers = { ...response.headers, "x-amz-request-id": call.requestId };
      // An answer to HEAD has no body, and an error then no code: the status says it.
      const isBare = request.method === "HEAD" || response.status === 304;
      return { ...response, headers, body: isBare ? "" : response.body };
    },
  };
}

/** A presigned URL carries the headers of S3 among its parameters. */
function withHeadersOfUrl(request: WireRequest): WireRequest {
  const parameters = [...request.query];
  const isHeader = ([name]: [string, string]) => name.toLowerCase().startsWith("x-amz-");
  const headers = parameters.filter(isHeader).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...request,
    query: new URLSearchParams(parameters.filter((parameter) => !isHeader(parameter))),
    headers: { ...Object.fromEntries(headers), ...request.headers },
  };
}

function routeOf(
  routes: readonly S3Route[],
  { method, query }: WireRequest,
  target: RequestTarget,
): S3Route | undefined {
  return routes.find(
    (route) =>
      route.method === method &&
      route.target === kindOf(target) &&
      Object.entries(route.fixed ?? {}).every(([name, value]) => query.get(name) === value),
  );
}

function kindOf({ bucket, key }: RequestTarget): S3Route["target"] {
  if (bucket === undefined) return "account";
  return key === undefined ? "bucket" : "object";
}

function isKnownParameter(name: string, { fixed = {}, query = {} }: S3Route): boolean {
  return name === "x-id" || Object.hasOwn(fixed, name) || Object.hasOwn(query, name);
}

function isKnownHeader(name: string, { headers = {}, takesMetadata }: S3Route): boolean {
  if (!name.startsWith("x-amz-") || commonHeader.test(name) || Object.hasOwn(headers, name)) return true;
  return takesMetadata === true && name.startsWith("x-amz-meta-");
}

function inputOf(route: S3Route, request: WireRequest, { bucket, key }: RequestTarget): object {
  const { query = {}, headers = {} } = route;
  const { content, checksum } = receivedBody(request);
  const metadata = Object.entries(request.headers).filter(([name]) => name.startsWith("x-amz-meta-"));
  return {
    ...present(query, (name) => request.query.get(name)),
    ...present(headers, (name) => request.headers[name]),
    ...(route.takesMetadata && { Metadata: Object.fromEntries(metadata) }),
    Bucket: bucket,
    Key: key,
    ...(request.method === "PUT" && { Body: content, Checksum: checksum }),
  };
}

function present(
  members: Record<string, string>,
  valueOf: (name: string) => string | null | undefined,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).flatMap(([name, member]) => {
      const value = valueOf(name);
      return value === null || value === undefined ? [] : [[member, value]];
    }),
  );
}

/** @param result - The answer's one element with its members. */
function xmlResponse(result: object): WireResponse {
  const body = Object.entries(result)
    .map(([element, members]) => `<${element} xmlns="${namespace}">${toXml(members, flattened)}</${element}>`)
    .join("");
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}

function notImplemented(what: string, { query }: WireRequest, log: Log): S3Error {
  const parameters = [...query.keys()].filter((name) => name !== "x-id");
  log(
    `s3: ${what}${parameters.length > 0 ? ` (${parameters.join(", ")})` : ""} is not built in the local endpoint`,
  );
  return new S3Error(
    "NotImplemented",
    "A header you provided implies functionality that is not implemented.",
    501,
  );
}
