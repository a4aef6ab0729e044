import { Hono } from "hono";
import { describe, expect, it } from "vitest";
import { type BehindDoor, consoleDoor } from "../../../web/console/console-door.tsx";
import type { ConsoleIdentity } from "../../../web/console/console-identity.ts";
import { createTestCloud } from "../../workflow/test-cloud.ts";
import { pageText } from "../page-text.ts";
import { auditor, operator, testConsole } from "./test-console.ts";

const own = { "Sec-Fetch-Site": "same-origin", Origin: "null" };

const test = createTestCloud();

/** The real console, of a system that nothing has happened in. */
function consoleOf(identity: ConsoleIdentity | undefined) {
  return testConsole(test, () => identity);
}

/** Every route of the console with methods that it answers to, but for what stands before all of them. */
const routes = consoleOf(operator)
  .routes.filter(({ path }) => path !== "/*")
  .flatMap(({ method, path }) =>
    (method === "ALL" ? ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] : [method]).map((each) => ({
      method: each,
      path: path.replaceAll(/:[^/]+/g, "x").replaceAll("*", "x"),
    })),
  );
const looks = routes.filter(({ method }) => ["GET", "HEAD"].includes(method));
const acts = routes.filter(({ method }) => !["GET", "HEAD"].includes(method));

/** A console that acts on every post, and counts. */
function actingConsole(identity: ConsoleIdentity | undefined) {
  const app = new Hono<BehindDoor>();
  const acted: string[] = [];
  app.use(consoleDoor({ identityOf: () => identity }));
  app.all("/console/act", (context) => {
    acted.push(`${context.req.method} by ${context.get("identity").identity}`);
    return context.text("done");
  });
  const post = (headers: Record<string, string>) =>
    app.request("http://127.0.0.1:4567/console/act", {
      method: "POST",
      headers: { Host: "127.0.0.1:4567", ...headers },
    });
  return { app, acted, post };
}

describe("every route of the console", () => {
  it("has a page to open", () => {
    expect(looks).toContainEqual({ method: "GET", path: "/console" });
  });

  it.each(looks)("sends nobody to sign in: $method $path", async ({ method, path }) => {
    const answer = await consoleOf(undefined).request(path, { method });

    expect([answer.status, answer.headers.get("Location")]).toStrictEqual([
      302,
      `/console/login?return=${encodeURIComponent(path)}`,
    ]);
    expect(await answer.text()).toBe("");
  });

  it.each(acts)("does nothing for nobody: $method $path", async ({ method, path }) => {
    const answer = await consoleOf(undefined).request(path, { method, headers: own });

    expect(answer.status).toBe(401);
  });

  it.each(acts)("does nothing for an auditor: $method $path", async ({ method, path }) => {
    const answer = await consoleOf(auditor).request(path, { method, headers: own });

    expect(answer.status).toBe(403);
    expect(await pageText(answer)).toContain("You may only look");
  });

  it.each(acts)("does nothing for another site: $method $path", async ({ method, path }) => {
    const headers = { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" };
    const answer = await consoleOf(operator).request(path, { method, headers });

    expect(answer.status).toBe(403);
    expect(await pageText(answer)).toContain("This did not come from the console");
  });

  it("is kept from frames, scripts of others and caches", async () => {
    const answer = await consoleOf(operator).request("/console");

    expect(answer.headers.get("Content-Security-Policy")).toContain("default-src 'none'");
    expect(answer.headers.get("Content-Security-Policy")).toContain("script-src 'self'; connect-src 'self'");
    expect(answer.headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
  });
});

describe("the console's door", () => {
  it.each([
    ["a browser that says so", { "Sec-Fetch-Site": "same-origin", Origin: "null" }],
    ["an older browser, by its origin", { Origin: "http://127.0.0.1:4567" }],
  ])("lets an operator act from the console's own pages: %s", async (_what, headers) => {
    const { acted, post } = actingConsole(operator);

    expect((await post(headers)).status).toBe(200);
    expect(acted).toStrictEqual(["POST by person-1"]);
  });

  it.each<[what: string, headers: Record<string, string>]>([
    ["another site", { "Sec-Fetch-Site": "cross-site", Origin: "https://evil.example" }],
    ["another host of the same domain", { "Sec-Fetch-Site": "same-site", Origin: "http://a.127.0.0.1:4567" }],
    ["another port of the machine", { "Sec-Fetch-Site": "same-site", Origin: "http://127.0.0.1:3000" }],
    ["another port, in an older browser", { Origin: "http://127.0.0.1:3000" }],
    ["a frame without an origin, in an older browser", { Origin: "null" }],
    ["whoever says nothing", {}],
  ])("does not let an operator's browser act for %s", async (_what, headers) => {
    const { acted, post } = actingConsole(operator);

    expect((await post(headers)).status).toBe(403);
    expect(acted).toStrictEqual([]);
  });

  it("lets an auditor look and not act", async () => {
    const { app, acted, post } = actingConsole(auditor);

    await app.request("/console/act");
    await app.request("/console/act", { method: "PUT", headers: own });
    await post(own);

    expect(acted).toStrictEqual(["GET by person-2"]);
  });

  it("lets nobody do anything", async () => {
    const { app, acted, post } = actingConsole(undefined);

    await app.request("/console/act");
    const answer = await post(own);

    expect(answer.status).toBe(401);
    expect(await pageText(answer)).toContain("Your session is over");
    expect(acted).toStrictEqual([]);
  });
});
