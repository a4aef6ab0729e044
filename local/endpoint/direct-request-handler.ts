import { Readable } from "node:stream";
import type { WireResponse } from "../wire/http.ts";
import type { Endpoint } from "./endpoint.ts";

/** What an SDK client hands to its request handler, as far as it is needed here. */
interface SdkRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

interface SdkResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array | Readable;
}

/**
 * A `requestHandler` for SDK v3 clients that calls the local endpoint in process, without a socket:
 * `new SFNClient({ requestHandler: createDirectRequestHandler(endpoint), … })`.
 */
export function createDirectRequestHandler(endpoint: Endpoint) {
  return {
    metadata: { handlerProtocol: "direct" },

    async handle(request: SdkRequest): Promise<{ response: SdkResponse }> {
      const response = await endpoint.handle({
        method: request.method,
        path: request.path,
        query: searchParamsOf(request.query ?? {}),
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
        ),
        body: bytesOf(request.body),
      });
      return {
        response: { statusCode: response.status, headers: response.headers, body: bodyOf(response) },
      };
    },

    /** Clients offer their HTTP options to a handler; without a connection there is nothing to set. */
    updateHttpClientConfig(): void {},

    httpHandlerConfigs(): object {
      return {};
    },

    destroy(): void {},
  };
}

function searchParamsOf(query: Record<string, string | string[] | null>): URLSearchParams {
  return new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) =>
      [value ?? ""].flat().map((one): [string, string] => [name, one]),
    ),
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError("A streamed request body cannot be sent without a socket");
}

/**
 * Text as bytes, which clients read at once. Bytes may be an object of Amazon S3, which clients read as a stream; they
 * change what they are given into their own type, so it must not be the service's.
 */
function bodyOf({ body }: WireResponse): Uint8Array | Readable {
  return typeof body === "string"
    ? new TextEncoder().encode(body)
    : Readable.from([Buffer.from(body)], { objectMode: false });
}
