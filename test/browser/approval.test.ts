import { CreateModelCardCommand, DescribeModelCardCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startLocalProgram } from "../local/local-program.ts";
import { hasChromium, startChromium } from "./chromium.ts";

describe.skipIf(!hasChromium)("an approver in a real browser (needs Chromium)", () => {
  let running: Awaited<ReturnType<typeof startLocalProgram>>;
  let browser: Browser;

  beforeAll(async () => {
    running = await startLocalProgram();
    browser = await startChromium();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await running.stop();
  });

  it("reads the mail in the inbox, opens the link, approves, and the card is approved", async () => {
    const sageMaker = new SageMakerClient({
      endpoint: running.aws,
      region: "us-east-1",
      credentials: { accessKeyId: "111111111111", secretAccessKey: "any" },
    });
    await sageMaker.send(
      new CreateModelCardCommand({
        ModelCardName: "Browser-Card",
        Content: JSON.stringify({
          intended_uses: { risk_rating: "Low" },
          model_overview: { model_description: "<script>document.title='hit'</script>" },
        }),
        ModelCardStatus: "PendingReview",
      }),
    );
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(error.message));

    await expect
      .poll(
        async () => {
          await page.goto(`${running.web}/inbox`);
          return page.locator("iframe").count();
        },
        { timeout: 20_000 },
      )
      .toBeGreaterThan(0);
    const link = await page.frameLocator("iframe").first().locator("a").first().getAttribute("href");
    await page.goto(link ?? "");
    expect(await page.locator("h1").first().innerText()).toContain("Browser-Card");
    expect(await page.title()).not.toBe("hit");

    await page.locator('[name="decision"][value="approve"]').check();
    await page.locator('[name="comment"]').fill("Looks right.");
    await page.locator("form button").last().click();
    await page.waitForLoadState();

    expect((await page.locator("main").innerText()).toLowerCase()).toContain("approved");
    await expect
      .poll(
        async () => {
          const card = await sageMaker.send(new DescribeModelCardCommand({ ModelCardName: "Browser-Card" }));
          return card.ModelCardStatus;
        },
        { timeout: 20_000 },
      )
      .toBe("Approved");
    expect(complaints).toStrictEqual([]);
  }, 90_000);
});
