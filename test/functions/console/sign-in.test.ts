import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { consoleApi } from "../../../stacks/definitions/console-api.ts";
import { textOf } from "../../web/page-text.ts";
import { type TestIssuer, startIssuer } from "../oidc/test-issuer.ts";
import { consoleUrl, createConsoleGateway, opening } from "./console-gateway.ts";

let issuer: TestIssuer;
beforeAll(async () => {
  issuer = await startIssuer();
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  issuer.mend();
});
afterAll(() => issuer.stop());

const session = "__Host-cardway";
const login = "__Host-cardway-login";

/** A browser before the console. */
function open(environment: Record<string, string> = {}) {
  const gateway = createConsoleGateway(issuer.fetch, environment);
  /** Goes to a page without a session, and through the issuer; answers the address that it comes back to. */
  const toCallback = async (page = "/console"): Promise<string> => {
    const first = await gateway.visit(page);
    const second = await gateway.visit(first.location ?? "");
    return issuer.visit(second.location ?? "");
  };
  return { ...gateway, toCallback, signIn: async () => gateway.visit(await toCallback()) };
}

describe("the way into the console", () => {
  it("leads a person without a session to the issuer and back to the page that was asked for", async () => {
    const { visit, jar } = open();

    const asked = await visit("/console?card=a%26b");
    expect([asked.status, asked.location]).toStrictEqual([
      302,
      "/console/login?return=%2Fconsole%3Fcard%3Da%2526b",
    ]);
    const sent = await visit(asked.location ?? "");
    const issuerPage = new URL(sent.location ?? "");
    expect(issuerPage.origin + issuerPage.pathname).toBe("https://login.example.com/authorize");
    expect(Object.fromEntries(issuerPage.searchParams)).toMatchObject({
      redirect_uri: `${consoleUrl}/console/callback`,
      scope: "openid profile",
      code_challenge_method: "S256",
    });
    const back = await visit(await issuer.visit(issuerPage.href));
    expect([back.status, back.location]).toStrictEqual([303, "/console?card=a%26b"]);

    const page = await visit(back.location ?? "");
    expect(page.status).toBe(200);
    expect(textOf(page.text)).toContain("Olive Operator operator Sign out Overview");
    expect([...jar.keys()]).toStrictEqual([session]);
  });

  it("keeps the session where no script reads it and no other site sends it, for as long as the ID token lasts", async () => {
    const { signIn } = open();

    const { cookies } = await signIn();

    const attributes = cookies
      .find((cookie) => cookie.startsWith(`${session}=ey`))
      ?.split("; ")
      .slice(1);
    expect(attributes).toStrictEqual([
      expect.stringMatching(/^Max-Age=3(599|600)$/),
      "Path=/",
      "HttpOnly",
      "Secure",
      "SameSite=Lax",
    ]);
  });

  it("leaves an auditor in to look, and lets nothing else of theirs through", async () => {
    issuer.person = { sub: "person-2", name: "Audrey Auditor", groups: ["risk-auditors"] };
    const { signIn, visit } = open();
    await signIn();

    const looked = await visit("/console");
    const acted = await visit("/console", {
      method: "POST",
      headers: { ...opening, "sec-fetch-site": "same-origin" },
    });

    expect(textOf(looked.text)).toContain("Audrey Auditor auditor Sign out Overview");
    expect(acted.decision).toStrictEqual({ isAuthorized: false });
  });

  it("is shut for whoever has no role, and says whom to ask", async () => {
    issuer.person = { sub: "person-3", name: "<b>Norbert</b>", groups: ["staff"] };
    const { signIn, jar } = open();

    const answer = await signIn();

    expect(answer.status).toBe(403);
    expect(textOf(answer.text)).toContain(
      "You are signed in as <b>Norbert</b>. Ask whoever manages groups at login.example.com to put you into one of these",
    );
    expect(textOf(answer.text)).toContain("to act: ml-operators to look: risk-auditors");
    expect([...jar.keys()]).toStrictEqual([]);
  });

  it.each([
    "https://evil.example/console",
    "//evil.example/console",
    "/\\evil.example",
    "/console//evil.example",
    "/console/../approvals",
    "/consoles",
    "/console/login",
    "/console/logout",
    "javascript:alert(1)",
    "/console/%0d%0aSet-Cookie:x",
  ])("leads to no other page than the console's own, whatever a link asks for: %s", async (asked) => {
    const { visit } = open();
    const sent = await visit(`/console/login?${new URLSearchParams({ return: asked }).toString()}`);

    const back = await visit(await issuer.visit(sent.location ?? ""));

    const { origin, pathname } = new URL(back.location ?? "", consoleUrl);
    expect(origin).toBe(consoleUrl);
    expect(pathname).toMatch(/^\/console(\/%0d%0aSet-Cookie:x)?$/);
  });

  it.each([
    ["before anybody began", async (page: string, jar: Map<string, string>) => (jar.clear(), page)],
    ["with another state", async (page: string) => page.replace(/state=[^&]+/, "state=other")],
    ["without a state", async (page: string) => page.replace(/&state=[^&]+/, "")],
    [
      "with a changed cookie",
      async (page: string, jar: Map<string, string>) => (jar.set(login, "bm9uc2Vuc2U"), page),
    ],
  ])("does not take an answer %s", async (_what, change) => {
    const { visit, jar, toCallback } = open();
    const page = await change(await toCallback(), jar);
    issuer.requested.length = 0;

    const answer = await visit(page);

    expect(answer.status).toBe(400);
    expect(textOf(answer.text)).toContain("This sign-in is over");
    expect([...jar.keys()]).toStrictEqual([]);
    expect(issuer.requested).toStrictEqual([]);
  });

  it("takes an answer once: neither its browser nor another one gets in by it again", async () => {
    const { visit, jar, toCallback } = open();
    const page = await toCallback();
    const begun = jar.get(login) ?? "";
    expect((await visit(page)).status).toBe(303);

    jar.clear();
    expect((await visit(page)).status).toBe(400);
    jar.set(login, begun);
    const replayed = await visit(page);

    expect(replayed.status).toBe(403);
    expect(textOf(replayed.text)).toContain("the error invalid_grant");
    expect(jar.has(session)).toBe(false);
  });

  it("does not take a code in another browser, which did not begin there", async () => {
    const begun = open();
    const page = await begun.toCallback();
    const other = open();
    await other.toCallback();

    expect((await other.visit(page)).status).toBe(400);
    expect(other.jar.has(session)).toBe(false);
  });

  it("does not wait for longer than ten minutes", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { visit, jar, toCallback } = open();
    const page = await toCallback();

    vi.setSystemTime(Date.now() + 601_000);

    expect((await visit(page)).status).toBe(400);
    expect(jar.has(session)).toBe(false);
  });

  it.each<[what: string, change: () => void, status: number, words: string]>([
    ["a denied sign-in", () => (issuer.denies = "access_denied"), 403, "the error access_denied"],
    ["an error with a text of its own", () => (issuer.denies = "Call 0900 1234"), 403, "the error unknown"],
    ["a nonce of another sign-in", () => (issuer.claims = { nonce: "x".repeat(43) }), 403, "not accepted"],
    ["an ID token of another client", () => (issuer.claims = { aud: "other" }), 403, "not accepted"],
    [
      "an ID token of another issuer",
      () => (issuer.claims = { iss: "https://evil.example" }),
      403,
      "not accepted",
    ],
    [
      "a clock that is slow by two hours",
      () => (issuer.clockAheadSeconds = -7_200),
      403,
      "Two clocks differ",
    ],
    ["a token that no cookie holds", () => (issuer.claims = { many: "g".repeat(4_000) }), 403, "too large"],
  ])("explains %s, and gives no session", async (_what, change, status, words) => {
    const { visit, jar, toCallback } = open();
    change();

    const answer = await visit(await toCallback());

    expect(answer.status).toBe(status);
    expect(textOf(answer.text)).toContain(words);
    expect(textOf(answer.text)).toContain("Sign in again");
    expect([...jar.keys()]).toStrictEqual([]);
  });

  it("does not take an ID token that another key has signed, though it comes from the issuer's address", async () => {
    const { visit, jar, toCallback } = open();
    const page = await toCallback();
    const strange = await issuer.newKey();
    vi.spyOn(issuer, "idToken").mockImplementation(async (claims = {}) => {
      vi.restoreAllMocks();
      return issuer.idToken(claims, strange);
    });

    expect((await visit(page)).status).toBe(403);
    expect([...jar.keys()]).toStrictEqual([]);
  });

  it.each(["no-connection", "server-error", "no-json"] as const)(
    "says so where the issuer cannot be reached (%s), at the begin and at the end",
    async (outage) => {
      const { visit, toCallback } = open();
      const page = await toCallback();
      issuer.outage = outage;

      const ended = await visit(page);
      const begun = await open().visit("/console/login");

      for (const { status, text } of [begun, ended]) {
        expect(status).toBe(503);
        expect(textOf(text)).toContain("The issuer cannot be reached");
      }
    },
  );

  it("ends by the console's own button, and by no other page's", async () => {
    const { signIn, visit, jar } = open();
    await signIn();
    const post = (headers: Record<string, string>) => visit("/console/logout", { method: "POST", headers });

    const foreign = await post({ "sec-fetch-site": "cross-site", origin: "https://evil.example" });
    expect([foreign.status, jar.has(session)]).toStrictEqual([403, true]);
    const own = await post({ "sec-fetch-site": "same-origin", origin: "null" });

    expect([own.status, jar.has(session)]).toStrictEqual([200, false]);
    expect((await visit("/console")).status).toBe(302);
  });

  it("writes down neither tokens nor who somebody is", async () => {
    const written: string[] = [];
    for (const stream of [process.stdout, process.stderr]) {
      vi.spyOn(stream, "write").mockImplementation((text) => {
        written.push(String(text));
        return true;
      });
    }
    const { signIn, visit, jar, toCallback } = open({ LOG_LEVEL: "DEBUG" });
    await signIn();
    await visit("/console");
    jar.set(session, `${jar.get(session)}x`);
    await visit("/console");
    issuer.claims = { aud: "other" };
    await visit(await toCallback());

    expect(written.length).toBeGreaterThan(4);
    expect(written.join("\n")).not.toMatch(/eyJ|Olive|person-1|code=|state=/);
  });
});

describe("the authoriser", () => {
  const fetching = { accept: "text/html", "sec-fetch-mode": "cors", "sec-fetch-site": "same-origin" };

  it("lets nobody through but to open a page, which sends them to sign in", async () => {
    const { visit } = open();

    expect((await visit("/console")).decision).toStrictEqual({
      isAuthorized: true,
      context: { role: "nobody" },
    });
    // A browser that says nothing of how it fetches.
    expect((await visit("/console", { headers: { accept: "text/html,*/*" } })).location).toContain("/login");
    expect((await visit("/console", { headers: fetching })).decision).toStrictEqual({ isAuthorized: false });
    expect((await visit("/console", { headers: {} })).decision).toStrictEqual({ isAuthorized: false });
    expect((await visit("/console", { method: "POST" })).decision).toStrictEqual({ isAuthorized: false });
  });

  it.each<[what: string, make: () => Promise<string> | string]>([
    ["nonsense", () => "nonsense"],
    ["an empty session", () => ""],
    ["an expired session", () => issuer.idToken({ exp: Math.floor(Date.now() / 1_000) - 60 })],
    ["a session of another client", () => issuer.idToken({ aud: "other" })],
    ["a session without a role", () => issuer.idToken({ groups: [] })],
    ["a session by an unknown key", async () => issuer.idToken({}, await issuer.newKey())],
  ])("takes %s for nobody's", async (_what, make) => {
    const { visit, jar } = open();
    jar.set(session, await make());

    expect((await visit("/console")).location).toBe("/console/login?return=%2Fconsole");
    expect((await visit("/console", { headers: fetching })).decision).toStrictEqual({ isAuthorized: false });
  });

  it("lets nobody in while the issuer's keys are out of reach, and says so in its log without failing", async () => {
    const { visit, jar } = open();
    jar.set(session, await issuer.idToken());
    issuer.outage = "no-connection";

    expect((await visit("/console")).decision).toStrictEqual({
      isAuthorized: true,
      context: { role: "nobody" },
    });
    expect((await visit("/console", { headers: fetching })).decision).toStrictEqual({ isAuthorized: false });
  });

  it("names the person to the console", async () => {
    const { visit, signIn } = open();
    await signIn();

    expect((await visit("/console", { headers: fetching })).decision).toStrictEqual({
      isAuthorized: true,
      context: { role: "operator", identity: "person-1", name: "Olive Operator" },
    });
  });

  it("stands before every path but the four of the sign-in and the stylesheet", () => {
    const open = consoleApi.routes.filter(({ authorized }) => !authorized);

    expect(open.map(({ route, folder }) => `${route} ${folder}`)).toStrictEqual([
      "GET /console/login console-login",
      "GET /console/callback console-login",
      "POST /console/logout console-login",
      "GET /styles.css console-login",
    ]);
  });

  it("does not start without an issuer in the settings", async () => {
    const { runtime } = createConsoleGateway(issuer.fetch);
    const { handler } = await import("../../../functions/console-authorizer/handler.ts");
    const deployment = { ...runtime.settings.deployment, console: undefined };

    expect(() => handler.start({ ...runtime, settings: { ...runtime.settings, deployment } })).toThrow(
      /no deployment\.console/,
    );
  });
});

describe("the console's function", () => {
  it("believes the authoriser alone, whatever a request says of itself", async () => {
    const { visit } = open();

    const answer = await visit("/console", {
      headers: { ...opening, "x-role": "operator", authorization: "Bearer operator" },
    });

    expect(answer.status).toBe(302);
  });

  it("leads from the bare address to the console", async () => {
    const { signIn, visit } = open();
    await signIn();

    expect((await visit("/")).location).toBe("/console");
    expect((await visit("/favicon.ico")).status).toBe(404);
  });

  it("shows the sign-in's pages in the style of all others", async () => {
    const { visit } = open();

    expect((await visit("/styles.css?v=1", { headers: {} })).text).toContain("prefers-color-scheme");
  });
});
