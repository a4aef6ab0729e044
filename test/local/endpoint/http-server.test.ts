import { connect } from "node:net";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterEach, describe, expect, it } from "vitest";
import { PortInUseError, startHttpServer } from "../../../local/endpoint/http-server.ts";
import type { HttpServer, HttpServerOptions } from "../../../local/endpoint/http-server.ts";
import type { WireRequest } from "../../../local/wire/http.ts";
import { machine, sampleEndpoint } from "./sample-services.ts";

const servers: HttpServer[] = [];

async function start(options: Partial<HttpServerOptions> = {}) {
  const requests: WireRequest[] = [];
  const server = await startHttpServer({
    host: "127.0.0.1",
    port: 0,
    handle: async (request) => {
      requests.push(request);
      return Promise.resolve({ status: 200, headers: { "content-type": "text/plain" }, body: "done" });
    },
    maxBodyBytes: 1000,
    ...options,
  });
  servers.push(server);
  return { ...server, requests };
}

/** Sends bytes over a bare socket and gives all that comes back until the server closes, or until `enough` is seen. */
function talk(port: number, parts: string[], enough?: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let received = "";
    socket.on("data", (chunk) => {
      received += chunk.toString();
      const part = parts.shift();
      if (part !== undefined) socket.write(part);
      else if (enough !== undefined && received.includes(enough)) socket.destroy();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => resolve(received));
    const [first = ""] = parts.splice(0, 1);
    socket.write(first);
  });
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

describe("startHttpServer", () => {
  it("passes method, path, query, headers and body on as they were sent, for any name of this machine", async () => {
    const { port, requests } = await start();
    const head =
      "PUT /a%2Fb//c?x=1&x=2&y HTTP/1.1\r\nHost: LocalHost:80\r\nX-Amz-Target: T\r\nConnection: close\r\n";

    const answer = await talk(port, [`${head}Content-Length: 3\r\n\r\nabc`]);

    expect(answer).toMatch(
      /^HTTP\/1\.1 200 OK\r\ncontent-type: text\/plain\r\ncontent-length: 4\r\n[\s\S]*\r\n\r\ndone$/,
    );
    expect(requests).toMatchObject([{ method: "PUT", path: "/a%2Fb//c" }]);
    expect([...(requests[0]?.query ?? [])]).toStrictEqual([
      ["x", "1"],
      ["x", "2"],
      ["y", ""],
    ]);
    expect(requests[0]?.headers).toMatchObject({ host: "LocalHost:80", "x-amz-target": "T" });
    expect(Buffer.from(requests[0]?.body ?? "").toString()).toBe("abc");
  });

  it("answers under no name but this machine's own, so that no page of the internet can read it", async () => {
    const server = await start();

    const answer = await talk(server.port, [
      "GET /_aws/ses HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n",
    ]);

    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("takes chunked bodies, and the whole URL that a proxy's client sends", async () => {
    const { port, requests } = await start();
    const head = "POST http://sts.amazonaws.com?a=b HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n";

    await talk(port, [`${head}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n`]);

    expect(requests).toMatchObject([{ path: "/" }]);
    expect(requests[0]?.query.get("a")).toBe("b");
    expect(Buffer.from(requests[0]?.body ?? "").toString()).toBe("abcde");
  });

  it("answers several requests on one connection", async () => {
    const { port, requests } = await start();
    const get = "GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n";

    const answer = await talk(port, [
      get,
      get.replace("/one", "/two").replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n"),
    ]);

    expect(answer.match(/200 OK/g)).toHaveLength(2);
    expect(requests.map(({ path }) => path)).toStrictEqual(["/one", "/two"]);
  });

  it("tells a client to go on that expects it", async () => {
    const { port, requests } = await start();
    const head =
      "POST / HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";

    const answer = await talk(port, [head, "abc"]);

    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/);
    expect(requests).toHaveLength(1);
  });

  it("serves an SDK client over the wire", async () => {
    const { endpoint } = sampleEndpoint();
    const { url } = await start({ handle: (request) => endpoint.handle(request) });
    const credentials = { accessKeyId: "222222222222", secretAccessKey: "any" };
    const sfn = new SFNClient({ region: "eu-central-1", endpoint: url, credentials, maxAttempts: 1 });

    const answer = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine }));
    sfn.destroy();

    expect(answer.executionArn).toBe(`${machine}:one`);
  });

  it("answers a handler that rejects with an internal failure, and says so", async () => {
    const lines: string[] = [];
    const { url } = await start({
      handle: () => Promise.reject(new RangeError("secret")),
      log: (line) => lines.push(line),
    });

    const response = await fetch(url);

    expect(response.status).toBe(500);
    expect(lines.join("\n")).toMatch(/^GET: unexpected RangeError\n\s+at /);
    expect(lines.join("\n")).not.toContain("secret");
  });
});

describe("a body that is too long", () => {
  const json = "Host: localhost\r\nX-Amz-Target: T.O\r\nContent-Type: application/x-amz-json-1.0\r\n";

  it("is refused in the request's protocol, by its declared length", async () => {
    const { port, requests } = await start();

    const answer = await talk(port, [
      `POST / HTTP/1.1\r\n${json}Content-Length: 1001\r\n\r\n${"a".repeat(1001)}`,
    ]);

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain(
      '{"__type":"RequestEntityTooLargeException","message":"The request body is longer than 1000 bytes."}',
    );
    expect(requests).toStrictEqual([]);
  });

  it("is refused while it comes in chunks", async () => {
    const { port, requests } = await start();
    const chunk = `1f4\r\n${"a".repeat(500)}\r\n`;

    const answer = await talk(port, [
      `POST / HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\n${chunk.repeat(4)}0\r\n\r\n`,
    ]);

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(requests).toStrictEqual([]);
  });

  it("is taken at exactly the limit", async () => {
    const { url } = await start();

    expect((await fetch(url, { method: "POST", body: "a".repeat(1000) })).status).toBe(200);
  });

  it("is refused before it is sent where the client asks first", async () => {
    const { port } = await start();

    const answer = await talk(port, [
      `POST / HTTP/1.1\r\n${json}Expect: 100-continue\r\nContent-Length: 5000\r\n\r\n`,
    ]);

    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it("is answered to a client that reads nothing before it has sent everything", async () => {
    const { url } = await start();

    const response = await fetch(url, { method: "POST", body: "a".repeat(6000) });

    expect(response.status).toBe(413);
  });

  it("is not read for ever", async () => {
    const { port } = await start();

    const answer = await new Promise<{ sent: number; received: string }>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      let sent = 0;
      let received = "";
      const chunk = `1f4\r\n${"a".repeat(500)}\r\n`;
      const sendMore = () => {
        if (socket.destroyed) return;
        sent += chunk.length;
        socket.write(chunk, () => setImmediate(sendMore));
      };
      socket.on("data", (data) => (received += data.toString()));
      socket.on("error", () => socket.destroy());
      socket.on("close", () => resolve({ sent, received }));
      socket.write(`POST / HTTP/1.1\r\n${json}Transfer-Encoding: chunked\r\n\r\n`, sendMore);
    });

    expect(answer.received).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer.sent).toBeGreaterThan(1000);
  });
});

describe("a client that misbehaves", () => {
  it.each([
    ["garbage", "no http at all\r\n\r\n"],
    ["a header without a name", "GET / HTTP/1.1\r\n: x\r\n\r\n"],
    ["two lengths", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"],
    ["endless headers", `GET / HTTP/1.1\r\nHost: localhost\r\nX: ${"a".repeat(100_000)}\r\n\r\n`],
  ])("gets an error for %s, and the next one an answer", async (_what, text) => {
    const { port, url } = await start();

    const answer = await talk(port, [text]);
    const next = await fetch(url);

    expect(answer).toMatch(/^(HTTP\/1\.1 4\d\d |$)/);
    expect(next.status).toBe(200);
  });

  it("may go away in the middle of a request, and before the answer", async () => {
    let finish = () => {};
    const started = Promise.withResolvers<void>();
    const { port, url } = await start({
      handle: async ({ path }) => {
        if (path === "/slow") {
          started.resolve();
          await new Promise<void>((resolve) => (finish = resolve));
        }
        return { status: 200, headers: {}, body: "done" };
      },
    });

    const unfinished = connect(port, "127.0.0.1");
    unfinished.write("POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nabc", () =>
      unfinished.destroy(),
    );
    const slow = connect(port, "127.0.0.1");
    slow.write("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await started.promise;
    slow.destroy();
    finish();

    expect((await fetch(url)).status).toBe(200);
  });
});

describe("the port", () => {
  it("that is in use is named, with what to do", async () => {
    const { port } = await start();

    const second = startHttpServer({
      host: "127.0.0.1",
      port,
      flag: "--aws-port",
      handle: () => Promise.reject(new Error("unused")),
    });

    await expect(second).rejects.toThrow(PortInUseError);
    await expect(second).rejects.toMatchObject({
      name: "PortInUseError",
      message: `Port ${port} of 127.0.0.1 is in use. Stop the program that uses it, or choose another port with --aws-port <number>.`,
    });
  });

  it("is free again soon after a close, even with connections that are open and a request that hangs", async () => {
    const first = await start({ handle: () => new Promise(() => {}) });
    const idle = connect(first.port, "127.0.0.1");
    const hanging = talk(first.port, ["GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"]);
    await new Promise((resolve) => idle.once("connect", resolve));

    const before = performance.now();
    await first.close();
    const took = performance.now() - before;
    const second = await start({ port: first.port });

    expect(took).toBeLessThan(1000);
    expect(await hanging).toBe("");
    expect(second.port).toBe(first.port);
    idle.destroy();
  });

  it("may be closed twice", async () => {
    const server = await start();

    await server.close();

    await expect(server.close()).resolves.toBe(undefined);
  });
});
