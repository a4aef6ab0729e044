import { describe, expect, it } from "vitest";
import { type CapturedMessage, createInboxApp } from "../../web/inbox-app.tsx";
import { pageText } from "./page-text.ts";

function message(number: number, changes: Partial<CapturedMessage> = {}): CapturedMessage {
  return {
    Id: `mail-${number}`,
    Timestamp: new Date(Date.UTC(2026, 10, 21, 9, 0, number)).toISOString(),
    Region: "eu-central-1",
    Source: "cardway@example.com",
    Destination: { ToAddresses: ["model-approver@example.com"] },
    Subject: `Subject ${number}`,
    Body: { text_part: `Text ${number}`, html_part: `<p>HTML ${number}</p>` },
    ...changes,
  };
}

const inbox = (...messages: CapturedMessage[]) => createInboxApp({ messages: () => messages });

describe("createInboxApp", () => {
  it("says in words that there is no mail", async () => {
    const answer = await inbox().request("/inbox");

    expect(answer.status).toBe(200);
    expect(await pageText(answer)).toContain("No mails yet");
  });

  it("shows from, to, subject, time and text of each mail, newest first", async () => {
    const answer = await inbox(message(1), message(3), message(2)).request("/inbox");

    const text = await pageText(answer);
    expect(text).toContain("3 mails, newest first.");
    expect(text).toContain(
      "Subject 3 21 November 2026, 09:00 UTC To model-approver@example.com From cardway@example.com",
    );
    expect(text).toContain("As plain text Text 3");
    expect(text.indexOf("Subject 3")).toBeLessThan(text.indexOf("Subject 2"));
    expect(text.indexOf("Subject 2")).toBeLessThan(text.indexOf("Subject 1"));
  });

  it("frames a mail's HTML without scripts or a place in this origin", async () => {
    const html = await (await inbox(message(1)).request("/inbox")).text();

    expect(html).toContain(
      '<iframe src="/inbox/mail-1/html" sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation" loading="lazy"',
    );
    expect(html).not.toMatch(/allow-scripts|allow-same-origin|<script| style=/);
  });

  it("serves a mail's HTML under a policy of its own, with links that open beside the inbox", async () => {
    const answer = await inbox(message(1)).request("/inbox/mail-1/html");

    expect(await answer.text()).toBe('<!doctype html><base target="_blank"><p>HTML 1</p>');
    expect(answer.headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
        "sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation",
    );
    expect(answer.headers.get("X-Frame-Options")).toBe("SAMEORIGIN");
    expect(answer.headers.get("Cache-Control")).toBe("no-store");
    expect(answer.headers.get("Referrer-Policy")).toBe("no-referrer");
  });

  it("lets its own page hold frames of its own origin only", async () => {
    const answer = await inbox(message(1)).request("/inbox");

    expect(answer.headers.get("Content-Security-Policy")).toBe(
      "default-src 'none'; style-src 'self'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    );
    expect(answer.headers.get("X-Frame-Options")).toBe("DENY");
  });

  it("shows a mail that has one form only", async () => {
    const app = inbox(message(1, { Body: { text_part: "Only text", html_part: null } }));

    const html = await (await app.request("/inbox")).text();
    const framed = await app.request("/inbox/mail-1/html");

    expect(html).not.toContain("<iframe");
    expect(html).toContain('<details open=""><summary>As plain text');
    expect(framed.status).toBe(404);
  });

  it("shows senders, subjects and texts as text", async () => {
    const hostile = '"><script>alert(1)</script>';
    const app = inbox(
      message(1, {
        Id: "a/b?c",
        Subject: hostile,
        Source: hostile,
        Destination: { ToAddresses: [hostile] },
        Body: { text_part: hostile, html_part: hostile },
      }),
    );

    const html = await (await app.request("/inbox")).text();

    expect(html).not.toContain("<script");
    expect(html).toContain('src="/inbox/a%2Fb%3Fc/html"');
    expect((await app.request("/inbox/a%2Fb%3Fc/html")).status).toBe(200);
  });

  it("shows fifty mails a page", async () => {
    const app = inbox(...Array.from({ length: 120 }, (_, index) => message(index)));

    const pages = await Promise.all(
      ["/inbox", "/inbox?page=2", "/inbox?page=3"].map(async (path) => (await app.request(path)).text()),
    );

    expect(pages.map((html) => html.match(/<details class="mail"/g)?.length)).toStrictEqual([50, 50, 20]);
    expect(pages[0]).toContain("Subject 119<");
    expect(pages[1]).toContain('<a href="/inbox?page=1">');
    expect(pages[1]).toContain('<a href="/inbox?page=3">');
    expect(pages[2]).not.toContain('<a href="/inbox?page=4">');
  });

  it.each([
    ["0", 1],
    ["-1", 1],
    ["1.5", 1],
    ["abc", 1],
    ["99", 2],
  ])("takes page %s as page %i", async (asked, shown) => {
    const app = inbox(...Array.from({ length: 60 }, (_, index) => message(index)));

    const answer = await app.request(`/inbox?page=${asked}`);

    expect(await pageText(answer)).toContain(`Page ${shown} of 2`);
  });

  it.each(["localhost", "localhost:4580", "LOCALHOST:80", "127.0.0.1:4580", "[::1]:4580", "[::1]"])(
    "answers under the name %s",
    async (host) => {
      const answer = await inbox(message(1)).request("/inbox", { headers: { Host: host } });

      expect(answer.status).toBe(200);
    },
  );

  it.each([
    "evil.example",
    "evil.example:4580",
    "localhost.evil.example",
    "127.0.0.1.nip.io",
    "127.0.0.2",
    "0.0.0.0",
    "",
  ])("refuses requests under the name %j, which a page of the internet can make point here", async (host) => {
    const app = inbox(message(1));

    for (const path of ["/inbox", "/inbox/mail-1/html", "/"]) {
      const answer = await app.request(path, { headers: { Host: host } });

      expect(answer.status).toBe(421);
      expect(await answer.text()).not.toContain("Subject");
    }
  });

  it("refuses an absolute address under another name", async () => {
    expect((await inbox(message(1)).request("http://evil.example/inbox")).status).toBe(421);
  });

  it("refuses methods that change something", async () => {
    const answer = await inbox(message(1)).request("/inbox", { method: "DELETE" });

    expect([answer.status, answer.headers.get("Allow")]).toStrictEqual([405, "GET, HEAD"]);
  });

  it("says that a mail is not there", async () => {
    const answer = await inbox().request("/inbox/mail-9/html");

    expect(answer.status).toBe(404);
    expect(answer.headers.get("Content-Security-Policy")).toContain("frame-ancestors 'none'");
  });
});
