import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stylesheetPath } from "../../web/stylesheet-path.ts";
import { AwsCallFailedError } from "../../functions/errors.ts";
import { approvalFixture, post, send } from "./approval-fixture.ts";
import { hiddenFields, textOf } from "./page-text.ts";

describe("createApprovalApp", () => {
  const unknownRequest = "5f7c3a52-3c6f-5c8c-9a56-0f0f5a3f7e11";
  const invalidLinks: [string, (path: string) => string][] = [
    ["a changed MAC", (path) => `${path.slice(0, -43)}${"A".repeat(43)}`],
    ["a MAC that is cut", (path) => path.slice(0, -1)],
    ["a MAC that is far too long", (path) => path + "A".repeat(9000)],
    ["a MAC that is not base64url", (path) => `${path.slice(0, -1)}%20`],
    ["an approver who was not asked", (path) => path.replace("model-approver", "risk-officer")],
    ["an unknown approver", (path) => path.replace("model-approver", "nobody")],
    ["an unknown request", (path) => path.replace(/[0-9a-f-]{36}/, unknownRequest)],
    ["a request id that is none", (path) => path.replace(/[0-9a-f-]{36}/, "..%2f..%2fetc")],
    ["a missing part", (path) => path.slice(0, path.lastIndexOf("/"))],
    ["a slash at the end", (path) => `${path}/`],
    ["broken percent encoding", (path) => path.replace("model-approver", "%E0%A4%A")],
    ["no path", () => "/"],
  ];

  it.each(invalidLinks)("answers %s like every other invalid link", async (_case, change) => {
    const { app, path, logged, request } = approvalFixture();
    const other = approvalFixture();

    const answer = await app.request(change(path()));
    const posted = await post(app, change(path()), { decision: "approve", comment: "" });
    const known = await other.app.request("/approvals/a/b/c");

    const page = await answer.text();
    expect([answer.status, posted.status]).toStrictEqual([404, 404]);
    expect(page).toBe(await known.text());
    expect(textOf(page)).toContain("This link is not valid");
    expect(page).not.toMatch(/Customer|approver|version/);
    expect(request().status).toBe("open");
    expect(logged).toStrictEqual([]);
  });

  it.each(["OPTIONS", "PUT", "PATCH", "DELETE"])("refuses %s and names what it takes", async (method) => {
    const { app, path } = approvalFixture();

    const answer = await app.request(path(), { method });

    expect(answer.status).toBe(405);
    expect(answer.headers.get("Allow")).toBe("GET, HEAD, POST");
  });

  it("answers HEAD like GET, without the page", async () => {
    const { app, path } = approvalFixture();

    const answer = await app.request(path(), { method: "HEAD" });

    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe("");
  });

  it.each<[string, (fixture: ReturnType<typeof approvalFixture>) => Promise<Response> | Response]>([
    ["a page", ({ app, path }) => app.request(path())],
    ["a decision", ({ app, path }) => post(app, path(), { decision: "approve", comment: "" })],
    ["a form that is sent back", ({ app, path }) => post(app, path(), { decision: "maybe" })],
    ["a form that is too large", ({ app, path }) => post(app, path(), "x".repeat(30_000))],
    ["an invalid link", ({ app }) => app.request("/approvals/a/b/c")],
    ["a method that is not taken", ({ app, path }) => app.request(path(), { method: "PUT" })],
    [
      "an unexpected error",
      ({ app, path, dependencies }) => {
        dependencies.modelCards.read = async () => {
          throw new TypeError("a bug");
        };
        return app.request(path());
      },
    ],
  ])("sends its headers with %s", async (_case, call) => {
    const answer = await call(approvalFixture());

    expect(Object.fromEntries(answer.headers)).toMatchObject({
      "content-security-policy":
        "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    });
    expect(answer.headers.has("Set-Cookie")).toBe(false);
    expect(answer.headers.has("X-Powered-By")).toBe(false);
  });

  it("serves the stylesheet that its pages name, to be kept for a while", async () => {
    const { app, path } = approvalFixture();
    const html = await (await app.request(path())).text();
    const href = /<link rel="stylesheet" href="([^"]+)"/.exec(html)?.[1] ?? "";

    const answer = await app.request(href);
    const refused = await app.request(href, { method: "POST" });

    expect(href).toMatch(new RegExp(`^${stylesheetPath}\\?v=[0-9a-f]{12}$`));
    expect(answer.headers.get("Content-Type")).toBe("text/css; charset=utf-8");
    expect(answer.headers.get("Cache-Control")).toBe("public, max-age=86400");
    expect(await answer.text()).toContain("prefers-color-scheme: dark");
    expect([refused.status, refused.headers.get("Allow")]).toStrictEqual([405, "GET, HEAD"]);
  });

  it.each([
    ["<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"],
    ['"><img src=x onerror=alert(1)>', "&quot;&gt;&lt;img src=x onerror=alert(1)&gt;"],
    ["javascript:alert(1)", "javascript:alert(1)"],
  ])("shows %s as text wherever a person can write", async (hostile, escaped) => {
    const { app, path, change, request } = approvalFixture({
      content: JSON.stringify({
        [hostile]: { [hostile]: hostile },
        model_overview: { model_owner: hostile },
      }),
    });
    change({
      status: "rejected",
      card: { ...request().card, modelCardName: hostile },
      approvers: [{ approverId: "model-approver", name: hostile, roles: [], deputy: false }],
      votes: [
        {
          approverId: "model-approver",
          name: hostile,
          roles: [],
          approve: false,
          comment: hostile,
          at: "2026-11-21T13:02:00.000Z",
        },
      ],
    });

    const html = await (await app.request(path())).text();

    expect(html.split(escaped).length).toBeGreaterThan(6);
    expect(html).not.toMatch(/<script|<img|href="javascript/);
  });

  it("shows any JSON without failing and without a tag of its own", async () => {
    const fixture = approvalFixture();
    const hostile = fc.constantFrom(
      "<x-hostile>",
      '"x-hostile"',
      "isEscaped",
      "__proto__",
      "toString",
      "metric_data",
      "type",
      "value",
      "name",
    );
    const word = fc.oneof(hostile, fc.string());
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        word,
        fc.constantFrom(true, null, 1, -0.5, 1e300, "linear_graph", "bar_chart", "matrix"),
        fc.array(tie("json"), { maxLength: 4 }),
        fc.dictionary(word, tie("json"), { maxKeys: 5 }),
      ),
    }));

    await fc.assert(
      fc.asyncProperty(fc.dictionary(word, json), async (content) => {
        fixture.world.content = JSON.stringify(content);

        const answer = await fixture.app.request(fixture.path());

        expect(answer.status).toBe(200);
        expect(await answer.text()).not.toMatch(/<x-hostile|[^&]"x-hostile"/);
      }),
      { numRuns: 150 },
    );
  });

  it("shows content that is nested without end as far as people can read it", async () => {
    const deep = `{"training_details": ${"[".repeat(40_000)}1${"]".repeat(40_000)}}`;
    const { app, path } = approvalFixture({ content: deep });

    const answer = await app.request(path());

    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain("nested too deeply to show here; see the JSON below");
  });

  it("limits how often one link is used, whatever the method, and no other link with it", async () => {
    const { app, path, world, request } = approvalFixture({ ratePerLink: { burst: 3, perMinute: 1 } });
    await app.request(path());
    await app.request(path(), { method: "HEAD" });
    await send(app, path(), "decision=approve");

    const limited = await post(app, path(), { decision: "approve" });
    const other = await app.request(path("risk-officer"));
    world.now = new Date(world.now.getTime() + 60_000);
    const later = await app.request(path());

    expect([limited.status, limited.headers.get("Retry-After")]).toStrictEqual([429, "60"]);
    expect(textOf(await limited.text())).toContain("This link was used too often Nothing was recorded");
    expect(limited.headers.get("Cache-Control")).toBe("no-store");
    expect([other.status, later.status]).toStrictEqual([200, 200]);
    expect(request().status).toBe("open");
  });

  it("gives every page another token", async () => {
    const { app, path } = approvalFixture();

    const [one, two] = await Promise.all([app.request(path()), app.request(path())]);

    const tokens = [hiddenFields(await one.text()), hiddenFields(await two.text())];
    expect(tokens[0]?.["token"]).toBeDefined();
    expect(tokens[0]).not.toStrictEqual(tokens[1]);
  });

  it("takes a link of an ended request for no link once its key was put away, and says so of an open one to the log", async () => {
    const { app, path, change, dependencies, logged } = approvalFixture();
    const denied = Object.assign(new Error("not authorized"), { name: "AccessDeniedException" });
    dependencies.verifier.verify = async () => {
      throw new AwsCallFailedError("KMS VerifyMac was refused", { cause: denied });
    };

    const open = await app.request(path());
    change({ status: "approved", endedAt: "2026-11-21T13:02:00.000Z" });
    const ended = await app.request(path());

    expect([open.status, ended.status]).toStrictEqual([500, 404]);
    expect(logged).toStrictEqual(["The approval page failed: AwsCallFailedError (AccessDeniedException)."]);
  });
});
