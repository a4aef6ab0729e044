import { describe, expect, it } from "vitest";
import type { ConsoleRole } from "../../functions/lifecycle/console-role.ts";
import { createInboxApp } from "../../web/inbox-app.tsx";
import { createLocalApp } from "../../web/local-app.tsx";
import { createTestCloud } from "../workflow/test-cloud.ts";
import { approvalFixture, post } from "./approval-fixture.ts";
import { testConsole } from "./console/test-console.ts";
import { pageText } from "./page-text.ts";

const mail = {
  Id: "mail-1",
  Timestamp: "2026-11-21T09:00:00.000Z",
  Region: "eu-central-1",
  Source: "cardway@example.com",
  Destination: { ToAddresses: ["model-approver@example.com"] },
  Subject: "Subject 1",
  Body: { text_part: "Hello", html_part: "<p>Hello</p>" },
};

function localApp(role: ConsoleRole = "operator") {
  const approval = approvalFixture();
  return {
    ...approval,
    app: createLocalApp({
      approvals: approval.app,
      inbox: createInboxApp({ messages: () => [mail] }),
      operations: testConsole(createTestCloud(), () => ({
        role,
        identity: `local-${role}`,
        name: `Local ${role}`,
      })),
    }),
  };
}

describe("createLocalApp", () => {
  it("says what it is and leads to the inbox and the console", async () => {
    const { app } = localApp();

    const answer = await app.request("/");

    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain("Cardway on this machine");
    expect(html).toContain('href="/inbox"');
    expect(html).toContain('href="/console"');
  });

  it("serves the approval page and takes its decisions", async () => {
    const { app, path, request } = localApp();

    const opened = await app.request(path());
    const decided = await post(app, path(), { decision: "approve", comment: "" });

    expect(await pageText(opened)).toContain("Approve Customer-Churn-Model-Card version 2?");
    expect(decided.status).toBe(200);
    expect(request().status).toBe("approved");
  });

  it("keeps each part's own headers and refusals", async () => {
    const { app, path } = localApp();

    const approval = await app.request(path());
    const inbox = await app.request("/inbox");
    const foreign = await app.request("/inbox", { headers: { Host: "evil.example" } });
    const refused = await app.request(path(), { method: "PUT" });

    expect(approval.headers.get("Content-Security-Policy")).not.toContain("frame-src");
    expect(inbox.headers.get("Content-Security-Policy")).toContain("frame-src 'self'");
    expect(foreign.status).toBe(421);
    expect([refused.status, refused.headers.get("Allow")]).toStrictEqual([405, "GET, HEAD, POST"]);
  });

  it("serves the inbox and the mails in it", async () => {
    const { app } = localApp();

    expect(await pageText(await app.request("/inbox"))).toContain("Subject 1");
    expect(await (await app.request("/inbox/mail-1/html")).text()).toContain("<p>Hello</p>");
  });

  it("serves the console to the machine's own user, without a sign-in", async () => {
    const { app } = localApp("auditor");

    const answer = await app.request("/console", { headers: { Host: "localhost:4567" } });

    const text = await pageText(answer);
    expect(text).toContain("Local auditor");
    expect(text).toContain("Nothing needs anybody.");
    expect(text).not.toContain("Sign out");
  });

  it.each(["evil.example", "evil.example:4567", "127.0.0.1.nip.io", "localhost.evil.example", "0.0.0.0"])(
    "does not serve the console under the name %s, which a page of the internet can make point here",
    async (host) => {
      const { app } = localApp();

      for (const [path, method] of [
        ["/console", "GET"],
        ["/console/anything", "POST"],
      ] as const) {
        const answer = await app.request(path, {
          method,
          headers: { Host: host, Origin: `http://${host}`, "Sec-Fetch-Site": "same-origin" },
        });

        expect(answer.status).toBe(421);
        expect(await answer.text()).not.toContain("Local operator");
      }
    },
  );

  it("serves the stylesheet", async () => {
    const { app } = localApp();

    expect((await app.request("/styles.css")).headers.get("Content-Type")).toContain("text/css");
  });

  it("answers HEAD without a body", async () => {
    const { app, path } = localApp();

    const answers = await Promise.all(
      ["/", "/inbox", "/console", path()].map(async (at) => app.request(at, { method: "HEAD" })),
    );

    expect(answers.map(({ status }) => status)).toStrictEqual([200, 200, 200, 200]);
    expect(await Promise.all(answers.map((answer) => answer.text()))).toStrictEqual(["", "", "", ""]);
  });

  it("leads back from an address that is not there", async () => {
    const { app } = localApp();

    const answer = await app.request("/favicon.ico");

    expect(answer.status).toBe(404);
    expect(await answer.text()).toContain('<a href="/">');
  });
});
