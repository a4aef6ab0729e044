import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { approver, atRest, happened, officer } from "../workflow/reviews.ts";
import { faultsOf, looks, overflowOf } from "./accessibility-faults.ts";
import { type ServedCloud, serveCardInReview } from "./approval-page-server.ts";
import { hasChromium, startChromium } from "./chromium.ts";

/** Does what posts a form, and waits until its answer is there. */
async function answerTo(page: Page, post: () => Promise<void>): Promise<void> {
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await post();
  await (await answer).finished();
  await page.waitForLoadState();
}

describe.skipIf(!hasChromium)("the approval page in a real browser (needs Chromium)", () => {
  let browser: Browser;
  let served: ServedCloud;

  beforeAll(async () => {
    browser = await startChromium();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
  });

  beforeEach(async () => {
    served = await serveCardInReview();
  });

  afterEach(async () => {
    await served.server.close();
  });

  const decide = async (page: Page, decision: "approve" | "reject", comment: string): Promise<void> => {
    await page.locator(`[name="decision"][value="${decision}"]`).check();
    await page.locator('[name="comment"]').fill(comment);
    await answerTo(page, () => page.locator('button[type="submit"]').click());
  };

  it.each(looks)(
    "is accessible in all its states and fits, $colorScheme at $width px",
    async ({ colorScheme, width }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      const faults: unknown[] = [];
      const look = async (state: string): Promise<void> => {
        faults.push(...(await faultsOf(page)).map((violation) => ({ state, ...violation })));
        const overflow = await overflowOf(page);
        if (overflow !== 0) faults.push({ state, overflow });
      };

      await page.goto(served.linkOf(approver));
      await look("open");
      await page.locator('[name="decision"][value="reject"]').check();
      await answerTo(page, () => page.locator('button[type="submit"]').click());
      await look("a fault in the form");
      await decide(page, "approve", "Looks right to me.");
      await look("voted");
      await page.goto(served.linkOf(officer));
      await look("open, with a vote");
      const { test, modelCardArn } = served;
      await test.edit(modelCardArn, { intended_uses: { risk_rating: "Medium", purpose_of_model: "Other" } });
      await page.reload();
      await look("the card has moved on, with what changed");
      await page.goto(`${served.server.url}/approvals/nothing`);
      await look("an invalid link");
      await page.goto(`${served.server.url}/inbox`);
      await look("the inbox");
      await context.close();

      expect(faults).toStrictEqual([]);
    },
    60_000,
  );

  it("keeps to its own policies: no script, no complaint, nothing loaded from elsewhere", async () => {
    const page = await browser.newPage();
    const complaints: string[] = [];
    const requested: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("request", (request) => requested.push(new URL(request.url()).origin));

    await page.goto(served.linkOf(approver), { waitUntil: "networkidle" });
    await decide(page, "approve", "<script>document.title = 'hit'</script>");
    await page.goto(served.linkOf(officer), { waitUntil: "networkidle" });
    const title = await page.title();
    await page.close();

    expect(complaints).toStrictEqual([]);
    expect(new Set(requested.filter((origin) => origin !== "null"))).toStrictEqual(
      new Set([served.server.url]),
    );
    expect(title).not.toBe("hit");
  });

  it("draws the card's results and names each drawing", async () => {
    const page = await browser.newPage();
    await page.goto(served.linkOf(approver));

    const drawings = page.locator('svg[role="img"]');
    const boxes = await Promise.all((await drawings.all()).map((drawing) => drawing.boundingBox()));
    const names = await drawings.evaluateAll((all) =>
      all.map((drawing) => drawing.querySelector("title")?.textContent ?? ""),
    );
    await page.close();

    expect(names.length).toBeGreaterThan(3);
    expect(names.every((name) => name !== "")).toBe(true);
    expect(boxes.every((box) => box !== null && box.width > 100 && box.height > 20)).toBe(true);
  });

  it("takes a decision without JavaScript, with the keyboard alone, and its own origin as the browser says it", async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(served.linkOf(officer));

    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    for (let presses = 0; presses < 20; presses += 1) {
      await page.keyboard.press("Tab");
      if ((await page.locator('[name="decision"]:focus').count()) === 1) break;
    }
    await page.keyboard.press("Space");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Decided by keyboard.");
    await page.keyboard.press("Tab");
    await answerTo(page, () => page.keyboard.press("Enter"));
    const heading = await page.locator("h1").innerText();
    await context.close();

    expect(heading).toBe("Your vote on Customer-Churn-Model-Card version 1 is recorded");
    const { currentRequest } = await served.test.records.readCard(served.modelCardArn);
    const request = await served.test.records.findRequest(currentRequest?.requestId ?? "");
    expect(request?.votes).toMatchObject([
      { approverId: "risk-officer", approve: true, comment: "Decided by keyboard." },
    ]);
  });

  it("sends no decision from another site's form, even to the very link", async () => {
    const page = await browser.newPage();
    const link = served.linkOf(approver);
    await page.setContent(
      `<form method="post" action="${link}"><input name="decision" value="approve"><button>Win a prize</button></form>`,
    );

    await answerTo(page, () => page.locator("button").click());
    const text = await page.locator("main").innerText();
    await page.close();

    expect(text).toContain("It did not come from this page");
    expect(await served.test.status(served.modelCardArn)).toBe("PendingReview 1");
  });

  it("leads both approvers through to production", async () => {
    const { test, modelCardArn } = served;
    const page = await browser.newPage();
    await page.goto(served.linkOf(approver));
    await decide(page, "approve", "Reviewed.");
    await page.goto(served.linkOf(officer));
    expect(await page.locator(".voters").innerText()).toContain("Reviewed.");
    await decide(page, "approve", "");
    expect(await page.locator("h1").innerText()).toBe("You approved Customer-Churn-Model-Card version 1");
    await happened(test, modelCardArn, "AccessGranted prod");
    await atRest(test);
    await page.reload();
    await page.goto(served.linkOf(approver));
    const heading = await page.locator("h1").innerText();
    await page.close();

    expect(heading).toBe("Customer-Churn-Model-Card version 1 was approved");
  });
});
