import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { filesInZip } from "../../queries/evidence/archive.ts";
import { verifyEvidence } from "../../queries/evidence/verify-evidence.ts";
import { auditor, operator } from "../web/console/test-console.ts";
import { detailsOf, happened } from "../workflow/reviews.ts";
import { faultsOf, looks, overflowOf } from "./accessibility-faults.ts";
import { hasChromium, startChromium } from "./chromium.ts";
import { type ServedWorld, longName, serveConsoleWorld } from "./console-world.ts";

/** Presses Tab until something is focused whose text, or label, is this. */
async function tabTo(page: Page, text: string): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    const focused: unknown = await page.evaluate(
      "[document.activeElement.textContent, document.activeElement.closest('label')?.textContent].map((text) => (text ?? '').trim().replace(/\\s+/g, ' '))",
    );
    if (Array.isArray(focused) && focused.some((one) => String(one).startsWith(text))) return;
  }
  throw new Error(`The keyboard does not reach ${text} on ${page.url()}`);
}

/** Has evidence collected as the console's form does, and says where it is shown. */
async function collectedEvidence({ server, test }: ServedWorld, modelCardArn: string): Promise<string> {
  const { headers } = await fetch(`${server.url}/console/acts/collect-evidence`, {
    method: "POST",
    headers: { Origin: server.url },
    body: new URLSearchParams({ modelCardArn, version: "2", actId: randomUUID() }),
    redirect: "manual",
  });
  const path = headers.get("Location") ?? "";
  await test.until("the archive", async () => {
    const page = await fetch(`${server.url}${path}`);
    return (await page.text()).includes(".zip") ? true : undefined;
  });
  return path;
}

const text = async (page: Page): Promise<string> =>
  (await page.locator("main").innerText()).replace(/\s+/g, " ");

describe.skipIf(!hasChromium)("the console in a real browser (needs Chromium)", () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startChromium();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
  });

  describe("for who only looks", () => {
    let served: ServedWorld;
    let paths: Record<string, string>;

    beforeAll(async () => {
      served = await serveConsoleWorld();
      const { test, arns } = served;
      const executions = await test.executions();
      const named = (status: string) => executions.find((one) => one.status === status);
      const { currentRequest } = await test.records.readCard(arns["Claims-Triage-Motor"] ?? "");
      paths = {
        overview: "/console",
        attention: "/console/attention",
        cards: "/console/cards",
        "cards without any": "/console/cards?name=none",
        "a card": "/console/cards/Customer-Churn-Model-Card",
        "a card in trouble": "/console/cards/Anti-Money-Laundering-Alerts",
        "a card in review": "/console/cards/Claims-Triage-Motor",
        "a card with a long name": `/console/cards/${longName}`,
        executions: "/console/executions",
        "a failed execution": `/console/executions/promotion/${named("FAILED")?.name}`,
        "a waiting execution": `/console/executions/promotion/${named("RUNNING")?.name}`,
        requests: "/console/requests",
        "a request": `/console/requests/${currentRequest?.requestId}`,
        access: "/console/access",
        audit: "/console/audit",
        "the audit of a card": "/console/audit?card=Loan-Default-Prediction&verify=card",
        verification: "/console/audit/verification",
        sweeps: "/console/sweeps",
        "what a redrive does": `/console/acts/redrive?executionArn=${named("FAILED")?.executionArn}`,
        "what evidence holds": await collectedEvidence(served, arns["Customer-Churn-Model-Card"] ?? ""),
        "nothing there": "/console/cards/none",
      };
    }, 300_000);

    afterAll(async () => {
      await served.server.close();
    });

    it.each(looks)(
      "is accessible on every page and fits, $colorScheme at $width px",
      async ({ colorScheme, width }) => {
        const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
        const page = await context.newPage();
        const faults: unknown[] = [];

        for (const [name, path] of Object.entries(paths)) {
          await page.goto(`${served.server.url}${path}`);
          await page.locator("details").evaluateAll("(all) => all.forEach((one) => (one.open = true))");
          faults.push(...(await faultsOf(page)).map((fault) => ({ name, ...fault })));
          const overflow = await overflowOf(page);
          if (overflow !== 0) faults.push({ name, overflow });
        }
        await context.close();

        expect(faults).toStrictEqual([]);
      },
      300_000,
    );

    it("works at an address whose end nothing decodes", async () => {
      const page = await browser.newPage();
      const errors: string[] = [];
      page.on("pageerror", (error) => errors.push(error.message));

      await page.goto(`${served.server.url}/console/cards/Customer-Churn-Model-Card#%`);
      await page.getByRole("link", { name: "Look at the card now" }).click();
      await page.getByRole("dialog").waitFor();
      await page.close();

      expect(errors).toStrictEqual([]);
    }, 60_000);

    it("keeps to its own policies on every page: no complaint, nothing loaded from elsewhere", async () => {
      const page = await browser.newPage();
      const complaints: string[] = [];
      const requested = new Set<string>();
      page.on("console", (message) => complaints.push(`${page.url()} ${message.text()}`));
      page.on("pageerror", (error) => complaints.push(`${page.url()} ${error.message}`));
      page.on("request", (request) => requested.add(new URL(request.url()).origin));

      const { "nothing there": _missing, ...there } = paths;
      for (const path of Object.values(there)) await page.goto(`${served.server.url}${path}`);
      await page.close();

      expect(complaints).toStrictEqual([]);
      expect([...requested].filter((origin) => origin !== "null")).toStrictEqual([served.server.url]);
    }, 120_000);

    it("opens what a state was given when its box in the drawing is clicked", async () => {
      const page = await browser.newPage();
      await page.goto(`${served.server.url}${paths["a failed execution"]}`);
      const state = page.locator('details[id^="visit-"]', { hasText: "GrantAccess" }).first();

      expect(await state.getAttribute("open")).toBeNull();
      await page.locator("svg a", { hasText: "GrantAccess" }).first().click();
      await expect.poll(() => state.getAttribute("open")).not.toBeNull();
      const shown = await state.innerText();
      await page.close();

      expect(shown).toContain("DynamoDB GetItem was refused");
      expect(shown).toMatch(/Input.*Output.*"Error": "AwsCallFailedError"/s);
    });

    it("offers an auditor nothing but evidence, and the pages all the same", async () => {
      served.visitor.identity = auditor;
      const page = await browser.newPage();
      const offered: string[] = [];
      for (const path of Object.values(paths)) {
        await page.goto(`${served.server.url}${path}`);
        offered.push(...(await page.locator("[data-confirm]").allInnerTexts()));
      }
      const refused = await text(page);
      await page.goto(`${served.server.url}${paths["what a redrive does"]}`);
      const asked = await text(page);
      await page.close();
      served.visitor.identity = operator;

      expect(new Set(offered)).toStrictEqual(new Set(["Collect evidence"]));
      expect(refused).toContain("There is no such card");
      expect(asked).toContain("You may only look");
    }, 120_000);
  });

  describe("for who acts", () => {
    let served: ServedWorld;
    let page: Page;

    beforeEach(async () => {
      served = await serveConsoleWorld();
      page = await browser.newPage();
    }, 300_000);

    afterEach(async () => {
      await page.close();
      await served.server.close();
    });

    it("leads by the keyboard alone through every place, and to a redrive that mends what failed", async () => {
      const { test, arns, repair } = served;
      await repair();
      await page.goto(`${served.server.url}/console`);
      for (const [place, content] of [
        ["Cards", "Customer-Churn-Model-Card"],
        ["Requests", "Claims-Triage-Motor"],
        ["Access", "444444444444"],
        ["Audit", "The promotion failed"],
        ["Sweeps", "compared"],
        ["Executions", "Recommendation-Homepage"],
      ] as const) {
        await tabTo(page, place);
        await page.keyboard.press("Enter");
        await page.waitForURL(`**/console/${place.toLowerCase()}`);
        expect(await text(page)).toContain(content);
      }
      await tabTo(page, "Status");
      await page.keyboard.type("Failed");
      await tabTo(page, "Show");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/console/executions?*status=FAILED*");
      const failed = (await test.executions()).find(({ status }) => status === "FAILED");
      await tabTo(page, failed?.name?.slice(0, 8) ?? "");
      await page.keyboard.press("Enter");
      await page.waitForURL("**/console/executions/promotion/*");
      await tabTo(page, "Redrive");
      await page.keyboard.press("Enter");
      await page.locator("dialog[open]").waitFor();

      expect(await page.locator("dialog h1").innerText()).toBe("Redrive this execution?");
      expect(await page.locator("dialog").innerText()).toContain("for the card Recommendation-Homepage");
      await page.keyboard.press("Escape");
      await expect.poll(() => page.locator("dialog[open]").count()).toBe(0);
      expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Redrive");
      await page.keyboard.press("Enter");
      await page.locator("dialog[open]").waitFor();
      await tabTo(page, "Redrive the execution");
      await page.keyboard.press("Enter");
      await page.locator(".done p").waitFor();

      expect(await page.locator(".done").innerText()).toBe("The execution goes on.");
      await happened(test, arns["Recommendation-Homepage"] ?? "", "AccessGranted dev");
      await expect.poll(() => text(page), { timeout: 20_000 }).toContain("Status Succeeded");
      expect(await detailsOf(test, arns["Recommendation-Homepage"] ?? "", "OperatorActed")).toMatchObject([
        { act: "redrive", operator: operator.identity, through: "console" },
      ]);
    }, 120_000);

    it("shows what happens while it is looked at, and keeps focus, what is open and what is being typed", async () => {
      const { test, repair } = served;
      await repair();
      await page.goto(`${served.server.url}/console/audit`);
      const record = page.locator(".record").nth(1);
      const key = await record.getAttribute("id");
      await record.locator("summary").click();
      await page.locator("#filter-card").fill("half-a-na");
      await page.locator("#filter-card").press("ArrowLeft");

      await happened(test, await test.createCard("Brand-New-Card"), "AccessGranted dev");
      await page.locator("main a", { hasText: "Brand-New-Card" }).first().waitFor();

      expect(await page.locator("#announcement").innerText()).toMatch(/^The page was updated at/);
      expect(await page.locator(`#${key}`).getAttribute("open")).not.toBeNull();
      expect(await page.locator("#filter-card").inputValue()).toBe("half-a-na");
      expect(await page.evaluate("document.activeElement.id")).toBe("filter-card");
      expect(await page.evaluate("document.activeElement.selectionStart")).toBe(8);
    }, 120_000);

    it("reminds, withdraws, looks, stops and sweeps, each once it is confirmed", async () => {
      const { test, arns, server } = served;
      const act = async (path: string, link: string, button: string): Promise<string> => {
        await page.goto(`${server.url}${path}`);
        await page.locator("[data-confirm]", { hasText: link }).first().click();
        await page.locator("dialog button", { hasText: button }).click();
        await page.locator(".done p").waitFor();
        return page.locator(".done").innerText();
      };
      const dealer = await test.records.readCard(arns["Partner-Dealer-Leads"] ?? "");
      const request = `/console/requests/${dealer.currentRequest?.requestId}`;

      expect(await act(request, "Remind", "Send the reminders")).toBe("1 approver gets a reminder.");
      await test.until("the mail", () => (test.links("Partner-Dealer-Leads").length > 1 ? true : undefined));
      expect(await act(request, "Withdraw", "Withdraw the request")).toContain("The request is withdrawn.");
      await happened(test, arns["Partner-Dealer-Leads"] ?? "", "ApprovalDecided withdrawn");
      expect(
        await act("/console/cards/Sentiment-Call-Centre", "Look at the card now", "Look at the card"),
      ).toBe("The card is being looked at, by this execution.");
      await test.until("rest", async () =>
        (await test.executions()).filter(({ status }) => status === "RUNNING").length <= 3 ? true : undefined,
      );
      const waiting = (await test.executions()).find(({ status }) => status === "RUNNING");
      const execution = `/console/executions/promotion/${waiting?.name}`;
      expect(await act(execution, "Stop", "Stop the execution")).toBe("The execution was told to stop.");
      expect(await text(page)).toContain("Status Stopped");
      expect(await act("/console/sweeps", "Compare only", "Compare all cards")).toBe("The sweep has begun.");
    }, 120_000);

    it("collects evidence, which is one archive that verifies", async () => {
      await page.goto(`${served.server.url}/console/cards/Customer-Churn-Model-Card`);
      await page.locator("[data-confirm]", { hasText: "Collect evidence" }).click();
      await page.locator("dialog button", { hasText: "Collect the evidence" }).click();
      const link = page.locator("a[download]");
      await served.test.until("the archive", async () => ((await link.count()) > 0 ? true : undefined));
      const told = await page.locator(".done").innerText();
      const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
      const archive = readFileSync(await download.path());

      expect(told).toBe("It is on record that you collect this.");
      expect(download.suggestedFilename()).toBe("Customer-Churn-Model-Card-v2.zip");
      expect(verifyEvidence(filesInZip(archive)).faults).toStrictEqual([]);
    }, 120_000);

    it("does all that without JavaScript, on pages of their own", async () => {
      const context = await browser.newContext({ javaScriptEnabled: false });
      const plain = await context.newPage();
      await plain.goto(`${served.server.url}/console/sweeps`);
      await plain.locator("a", { hasText: "Sweep now" }).click();
      await plain.waitForURL("**/console/acts/sweep?*");
      await plain.locator("form.confirmation button").click();
      await plain.waitForURL("**/console/executions/sweep/*");
      const done = await plain.locator(".done").innerText();
      await context.close();

      expect(done).toBe("The sweep has begun.");
    }, 120_000);
  });
});
