import { Readable } from "node:stream";
import type { LocalContext } from "../../local/context.ts";
import { VirtualClock } from "../../local/clock.ts";
import type { Caller } from "../../local/wire/caller.ts";
import type { Authorize, Service } from "../../local/wire/service.ts";

/** What an SDK client hands to its request handler, as far as a service needs it. */
interface SdkRequest {
  method: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: unknown;
}

/** The settings of an SDK client whose calls go straight to `service`, without a socket and without signatures. */
export function sdkClientSettings(
  service: Service,
  options: {
    accountId?: string;
    region?: string;
    authorize?: Authorize;
    log?: (line: string) => void;
  } = {},
) {
  const { accountId = "111111111111", region = "eu-central-1" } = options;
  const caller: Caller = {
    accountId,
    principalArn: `arn:aws:iam::${accountId}:user/tester`,
    arn: `arn:aws:iam::${accountId}:user/tester`,
    userId: "AIDATESTER",
    accessKeyId: accountId,
  };
  const environment = {
    authorize: options.authorize ?? (() => undefined),
    log: options.log ?? (() => undefined),
  };
  let calls = 0;
  return {
    region,
    endpoint: "http://localhost:4566",
    credentials: { accessKeyId: accountId, secretAccessKey: "test" },
    maxAttempts: 1,
    requestHandler: {
      metadata: { handlerProtocol: "h1" },
      async handle(request: SdkRequest) {
        calls += 1;
        const query = new URLSearchParams();
        for (const [name, value] of Object.entries(request.query ?? {})) {
          for (const single of [value ?? ""].flat()) query.append(name, single);
        }
        const headers = Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
        );
        const call = { caller, region, requestId: `request-${calls}` };
        const response = await service.handle(
          { method: request.method, path: request.path, query, headers, body: bytesOf(request.body) },
          call,
          environment,
        );
        const responseHeaders: Record<string, string> = {
          "x-amzn-requestid": call.requestId,
          ...response.headers,
        };
        const body = Readable.from([Buffer.from(response.body)]);
        return { response: { statusCode: response.status, headers: responseHeaders, body } };
      },
    },
  };
}

/** A context whose time stands still, whose ids count up and whose log lines are kept. */
export function testContext(): LocalContext & { clock: VirtualClock; lines: string[] } {
  let ids = 0;
  const lines: string[] = [];
  return {
    clock: new VirtualClock(),
    newId: () => `00000000-0000-4000-8000-${String((ids += 1)).padStart(12, "0")}`,
    random: () => 0.5,
    log: (line) => lines.push(line),
    lines,
  };
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError("The test's request handler takes no streams.");
}
