import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { systemClock } from "../clock.ts";
import { isLoopbackHost } from "../../web/loopback-host.ts";
import { AwsError } from "../wire/aws-error.ts";
import type { WireRequest, WireResponse } from "../wire/http.ts";
import type { Log } from "../wire/service.ts";
import { frontDoorError, internalFailure } from "./front-door-error.ts";
import { declaredLength, drainThenEnd, readBody } from "./request-body.ts";
import { describeUnexpected } from "./unexpected-error.ts";

/** Somebody else listens on the port. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
}

export interface HttpServer {
  /** For example `http://127.0.0.1:4566`. */
  url: string;
  port: number;
  /** Takes no more requests and resolves within a second; what still runs then is cut off. */
  close(): Promise<void>;
}

export interface HttpServerOptions {
  host: "127.0.0.1";
  /** 0 takes a free port. */
  port: number;
  handle: (request: WireRequest) => Promise<WireResponse>;
  /** A longer body is answered with HTTP 413 and not kept; 8 MiB if left out. */
  maxBodyBytes?: number;
  /** The command line flag that chooses another port, for the text of `PortInUseError`. */
  flag?: string;
  /** Hears of a handler that fails, which is a bug. */
  log?: Log;
}

const defaultMaxBodyBytes = 8 * 1024 * 1024;
/** How much of a body that is too long is read on, so that its client gets to read the answer. */
const drainFactor = 8;
/** How long a client may take to send one request. */
const requestTimeoutMs = 60_000;
/** How long a connection may be idle. A client that sends its next request just when it is closed gets no answer at all. */
const keepAliveTimeoutMs = 60_000;
/** How long a close waits for answers that are on their way. */
const closeGraceMs = 200;

/**
 * Serves a handler over HTTP/1.1 on one port: keep-alive, `Expect: 100-continue`, chunked bodies; only under this machine's
 * own names.
 *
 * @throws {PortInUseError} the port is taken.
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, maxBodyBytes = defaultMaxBodyBytes } = options;
  const server = createServer({ requestTimeout: requestTimeoutMs, keepAliveTimeout: keepAliveTimeoutMs });
  server.on("request", (message, response) => void answer(message, response, options));
  server.on("checkContinue", (message, response) => {
    if (declaredLength(message) <= maxBodyBytes) response.writeContinue();
    server.emit("request", message, response);
  });

  await listen(server, options);
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : options.port;
  return { url: `http://${host}:${port}`, port, close: () => close(server) };
}

async function answer(
  message: IncomingMessage,
  response: ServerResponse,
  { handle, maxBodyBytes = defaultMaxBodyBytes, log }: HttpServerOptions,
): Promise<void> {
  const head = headOf(message);
  try {
    const body = await readBody(message, maxBodyBytes);
    if (body === undefined) refuseBody(message, response, head, maxBodyBytes);
    else if (isOwnHost(head.headers["host"] ?? "")) send(response, await handle({ ...head, body }));
    else send(response, frontDoorError(head, foreignHost(), ""));
  } catch (error) {
    // Where the client went away in the middle of its request, nobody is left to be told.
    if (!message.complete) response.destroy();
    else {
      log?.(`${head.method}: unexpected ${describeUnexpected(error)}`);
      send(response, frontDoorError(head, internalFailure(), ""));
    }
  }
}

/** A bucket's name may stand before `localhost`, which is this machine whatever stands before it (RFC 6761). */
function isOwnHost(host: string): boolean {
  return isLoopbackHost(host.replace(/^[a-z0-9.-]+\.(?=localhost\b)/i, ""));
}

function foreignHost(): AwsError {
  return new AwsError("AccessDenied", "The local endpoint answers only as localhost or 127.0.0.1.", 403);
}

type RequestHead = Omit<WireRequest, "body">;

function headOf({ method = "GET", url = "/", headers }: IncomingMessage): RequestHead {
  // An HTTP proxy's client sends the whole URL. The path must stay as sent: labels in it are percent-encoded.
  const target = url.replace(/^https?:\/\/[^/?]*/i, "");
  const queryStart = target.indexOf("?");
  return {
    method,
    path: (queryStart < 0 ? target : target.slice(0, queryStart)) || "/",
    query: new URLSearchParams(queryStart < 0 ? "" : target.slice(queryStart + 1)),
    headers: Object.fromEntries(
      Object.entries(headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, [value].flat().join(", ")]],
      ),
    ),
  };
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  // An answer to HEAD tells the length of a body that it does not have.
  const length = headers["content-length"] ?? Buffer.byteLength(body);
  response.writeHead(status, { ...headers, "content-length": length }).end(body);
}

function refuseBody(
  message: IncomingMessage,
  response: ServerResponse,
  head: RequestHead,
  maxBodyBytes: number,
): void {
  const tooLarge = new AwsError(
    "RequestEntityTooLarge",
    `The request body is longer than ${maxBodyBytes} bytes.`,
    413,
  );
  const { status, headers, body } = frontDoorError(head, tooLarge, "");
  response.writeHead(status, {
    ...headers,
    "content-length": Buffer.byteLength(body),
    connection: "close",
  });
  // A client that waits for `100 Continue` sends nothing more.
  if (head.headers["expect"] !== undefined) response.end(body);
  else {
    response.write(body);
    drainThenEnd(message, response, drainFactor * maxBodyBytes);
  }
}

function listen(server: Server, { host, port, flag = "--port" }: HttpServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => {
      const inUse = "code" in error && error.code === "EADDRINUSE";
      const advice = `Port ${port} of ${host} is in use. Stop the program that uses it, or choose another port with ${flag} <number>.`;
      reject(inUse ? new PortInUseError(advice, { cause: error }) : error);
    });
    server.listen(port, host, resolve);
  });
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  const cancel = systemClock.after(closeGraceMs, () => server.closeAllConnections());
  await closed;
  cancel();
}
