import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { atRest } from "../workflow/reviews.ts";
import { type ServedCloud, reachable, serveCardInReview } from "./approval-page-server.ts";
import { hasChromium, startChromium } from "./chromium.ts";

/** Every address that stands in any mail, in words or as a link. */
function addressesIn({ test }: ServedCloud): string[] {
  const bodies = test.cloud.ses
    .messages()
    .flatMap(({ Body }) => [Body.text_part ?? "", Body.html_part ?? ""]);
  const found = bodies.flatMap((body) => body.match(/https?:\/\/[^\s"'<>]+/g) ?? []);
  return [...new Set(found)];
}

/** What a scanner must not have changed: the card, and everything that is on record about it. */
async function traces({ test, modelCardArn }: ServedCloud): Promise<unknown> {
  const record = await test.records.readCard(modelCardArn);
  return {
    status: await test.status(modelCardArn),
    record,
    request: await test.records.findRequest(record.currentRequest?.requestId ?? ""),
    story: await test.story(modelCardArn),
  };
}

/** Submits every form of a page by GET, with each of its answers. */
async function submitFormsByGet(address: string, html: string): Promise<void> {
  for (const [, attributes = "", inside = ""] of html.matchAll(/<form([^>]*)>(.*?)<\/form>/gs)) {
    const action = new URL(/action="([^"]*)"/.exec(attributes)?.[1] ?? address, address);
    const fields = [
      ...inside.matchAll(/<(?:input|textarea|button)[^>]*name="([^"]*)"(?:[^>]*value="([^"]*)")?/g),
    ];
    for (const decision of ["approve", "reject"]) {
      for (const [, name = "", value = ""] of fields) action.searchParams.set(name, value);
      action.searchParams.set("decision", decision);
      action.searchParams.set("comment", "Scanned.");
      await (await fetch(action)).arrayBuffer();
    }
  }
}

describe("a mail scanner", () => {
  let served: ServedCloud;

  beforeAll(async () => {
    served = await serveCardInReview();
  });

  afterAll(async () => {
    await served.server.close();
  });

  it("decides nothing by fetching every address of every mail, following redirects and submitting forms by GET", async () => {
    const addresses = addressesIn(served);
    const before = await traces(served);

    for (const address of addresses) {
      for (const method of ["GET", "HEAD", "OPTIONS"]) {
        const answer = await fetch(reachable(address, served), { method, redirect: "follow" });
        if (method === "GET") await submitFormsByGet(reachable(address, served), await answer.text());
        else await answer.arrayBuffer();
      }
    }
    await served.test.clock.advance(3_600_000);
    await atRest(served.test, 1);

    expect(addresses).toHaveLength(2);
    expect(await traces(served)).toStrictEqual(before);
  });

  it("finds no address of another host in any mail, and none that it could load by opening it", () => {
    const html = served.test.cloud.ses.messages().map(({ Body }) => Body.html_part ?? "");

    expect(
      addressesIn(served).every((address) => address.startsWith("http://approvals.test/approvals/")),
    ).toBe(true);
    expect(
      html.filter((mail) => /<(img|script|link|iframe|object|video|audio)\b|url\(/i.test(mail)),
    ).toStrictEqual([]);
  });

  it("finds the task token in no mail, page or header", async () => {
    const { currentRequest } = await served.test.records.readCard(served.modelCardArn);
    const request = await served.test.records.findRequest(currentRequest?.requestId ?? "");
    const answers = await Promise.all(
      addressesIn(served).map(async (address) => {
        const answer = await fetch(reachable(address, served));
        return JSON.stringify([...answer.headers]) + (await answer.text());
      }),
    );
    const mails = served.test.cloud.ses.messages().map((mail) => JSON.stringify(mail));

    const token = request?.waiting?.taskToken ?? "no token";
    expect(token.length).toBeGreaterThan(20);
    expect([...answers, ...mails].filter((text) => text.includes(token.slice(0, 20)))).toStrictEqual([]);
  });

  describe.skipIf(!hasChromium)("with a real browser (needs Chromium)", () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await startChromium();
    }, 60_000);

    afterAll(async () => {
      await browser.close();
    });

    it("decides nothing by opening every address, running the page's scripts, following its links and waiting", async () => {
      const before = await traces(served);
      const page = await browser.newPage();
      const sent: string[] = [];
      page.on("request", (request) => sent.push(request.method()));

      for (const address of addressesIn(served)) {
        await page.goto(reachable(address, served), { waitUntil: "networkidle" });
        await page.evaluate("window.dispatchEvent(new Event('beforeunload'))");
        for (const link of await page.locator("a").all()) await link.dispatchEvent("click");
        await page.reload({ waitUntil: "networkidle" });
        expect(await page.locator("form").count()).toBe(1);
      }
      await page.close();
      await served.test.clock.advance(3_600_000);
      await atRest(served.test, 1);

      expect(new Set(sent)).toStrictEqual(new Set(["GET"]));
      expect(await traces(served)).toStrictEqual(before);
    }, 60_000);
  });
});
