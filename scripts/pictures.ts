// Takes the README's pictures anew, light and dark: the approval mail and page of the story's card, and the console of an organisation.
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { CreateModelCardCommand, SageMakerClient, UpdateModelCardCommand } from "@aws-sdk/client-sagemaker";
import type { Page } from "playwright-core";
import { clientConfig } from "../bench/client-config.ts";
import { startServer } from "../bench/server.ts";
import lifecycleSettings from "../lifecycle.config.ts";
import { filledContent } from "../local/story/content.ts";
import { startChromium } from "../test/browser/chromium.ts";
import { serveConsoleWorld } from "../test/browser/console-world.ts";

const ModelCardName = "Customer-Churn-Model-Card";
const folder = fileURLToPath(new URL("../docs/pictures", import.meta.url));

const server = await startServer();
const browser = await startChromium();
try {
  const owner = new SageMakerClient(clientConfig(server, lifecycleSettings.modelCardAccountId));
  const { intended_uses } = filledContent;
  const earlier = {
    ...filledContent,
    intended_uses: {
      ...intended_uses,
      risk_rating: "Low",
      intended_uses: "Ranking of active retail customers, once a month. Not for pricing.",
    },
  };
  await owner.send(
    new CreateModelCardCommand({
      ModelCardName,
      Content: JSON.stringify(earlier),
      ModelCardStatus: "Approved",
    }),
  );
  const asPage = await browser.newPage();
  // Approved outside Cardway: what the next version is compared with. Its edit sends it back to review.
  await wait(3_000);
  await owner.send(new UpdateModelCardCommand({ ModelCardName, Content: JSON.stringify(filledContent) }));
  const { link, mail } = await mailOf(asPage);

  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1200, height: 1500 } });
    const page = await context.newPage();
    await page.goto(link);
    await page.screenshot({ path: `${folder}/approval-page-${colorScheme}.png` });
    await page
      .locator("section", { has: page.locator("h2", { hasText: "Evaluation details" }) })
      .screenshot({ path: `${folder}/approval-page-results-${colorScheme}.png` });
    await page.setViewportSize({ width: 700, height: 1000 });
    await page.goto(mail);
    await page.screenshot({ path: `${folder}/approval-mail-${colorScheme}.png`, fullPage: true });
    await context.close();
  }

  const world = await serveConsoleWorld();
  const failed = (await world.test.executions()).find(({ status }) => status === "FAILED");
  const consolePages = {
    overview: "/console",
    card: "/console/cards/Customer-Churn-Model-Card",
    execution: `/console/executions/promotion/${failed?.name}`,
  };
  for (const colorScheme of ["light", "dark"] as const) {
    const context = await browser.newContext({ colorScheme, viewport: { width: 1280, height: 1200 } });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(consolePages)) {
      await page.goto(`${world.server.url}${path}`);
      await page.screenshot({ path: `${folder}/console-${name}-${colorScheme}.png` });
    }
    await context.close();
  }
  await world.server.close();
} finally {
  await browser.close();
  await server.stop();
}

/** The newest approval mail as the inbox shows it, and its link. */
async function mailOf(page: Page): Promise<{ link: string; mail: string }> {
  for (;;) {
    await page.goto(`${server.web}/inbox`);
    const frame = page.locator("iframe").first();
    if ((await frame.count()) > 0) {
      const source = (await frame.getAttribute("src")) ?? "";
      const link = await page.frameLocator("iframe").first().locator("a").first().getAttribute("href");
      return { link: link ?? "", mail: new URL(source, server.web).href };
    }
    await wait(100);
  }
}
