import { Hono } from "hono";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import { type WebServer, startWebServer } from "../../local/web-server.ts";
import { StateMachineDrawing } from "../../web/console/state-machine-drawing.tsx";
import { executionStyles } from "../../web/console/execution-styles.ts";
import { ExecutionWaterfall } from "../../web/console/execution-waterfall.tsx";
import { visitId } from "../../web/console/visit-outcome.tsx";
import { Page as WebPage, pageHeaders, showPage } from "../../web/page.tsx";
import { styles } from "../../web/styles.ts";
import { askingGraph, laterOn, redrivenExecution, waitingExecution } from "../web/execution-fixture.ts";
import { faultsOf, looks, overflowOf } from "./accessibility-faults.ts";
import { hasChromium, startChromium } from "./chromium.ts";

const executions = { waiting: waitingExecution, redriven: redrivenExecution };

/** A page for each execution, under the headers of all pages. */
function createExecutionPages(): Hono {
  const app = new Hono();
  app.use(pageHeaders());
  app.get("/styles.css", (context) =>
    context.body(`${styles}${executionStyles}`, 200, { "Content-Type": "text/css; charset=utf-8" }),
  );
  for (const [name, history] of Object.entries(executions)) {
    app.get(`/${name}`, (context) =>
      showPage(
        context,
        <WebPage title={name} area="Executions">
          <h1>{name}</h1>
          <section class="panel">
            <h2>States</h2>
            <StateMachineDrawing
              id="machine"
              name="cardway-promotion"
              graph={askingGraph}
              history={history}
              now={laterOn}
            />
          </section>
          <section class="panel">
            <h2>Timing</h2>
            <ExecutionWaterfall history={history} now={laterOn} />
          </section>
          {history.visits.map((visit) => (
            <section class="panel" id={visitId(visit)}>
              <h2>{`${visit.number} ${visit.name}`}</h2>
            </section>
          ))}
        </WebPage>,
      ),
    );
  }
  return app;
}

describe.skipIf(!hasChromium)("an execution's drawings in a real browser (needs Chromium)", () => {
  let browser: Browser;
  let server: WebServer;

  beforeAll(async () => {
    server = await startWebServer(createExecutionPages(), 0);
    browser = await startChromium();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    await server.close();
  });

  it.each(looks)(
    "are accessible, fit and keep to the page's policies, $colorScheme at $width px",
    async ({ colorScheme, width }) => {
      const context = await browser.newContext({ colorScheme, viewport: { width, height: 900 } });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => complaints.push(message.text()));
      const faults: unknown[] = [];
      for (const name of Object.keys(executions)) {
        await page.goto(`${server.url}/${name}`);
        faults.push(...(await faultsOf(page)), await overflowOf(page));
      }
      await context.close();

      expect(faults).toStrictEqual([0, 0]);
      expect(complaints).toStrictEqual([]);
    },
    60_000,
  );

  it("show bars of the shortest stays, and every box and name inside the drawing", async () => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(`${server.url}/redriven`);

    const widths = await widthsOf(page, ".waterfall .bar");
    const drawing = await page.locator(".machine .machine-drawing").first().boundingBox();
    const boxes = await Promise.all((await page.locator(".state").all()).map((state) => state.boundingBox()));
    const texts = await page.locator(".state").evaluateAll((states) =>
      states.map((state) => {
        const widthOf = (selector: string): number =>
          state.querySelector(selector)?.getBoundingClientRect().width ?? 0;
        return widthOf(".box") - widthOf("text");
      }),
    );
    await page.close();

    expect(widths.length).toBeGreaterThanOrEqual(6);
    expect(Math.min(...widths)).toBeGreaterThanOrEqual(1.9);
    expect(boxes).toHaveLength(askingGraph.nodes.length);
    for (const box of boxes) {
      expect(box?.x).toBeGreaterThanOrEqual(drawing?.x ?? Infinity);
      expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThanOrEqual(
        (drawing?.x ?? 0) + (drawing?.width ?? 0),
      );
    }
    expect(Math.min(...texts)).toBeGreaterThan(16);
  });

  it("name every state with what became of it", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/waiting`);

    const named = page.getByRole("group", { name: "States of cardway-promotion" });
    const counts = await Promise.all(
      [
        /^Ask: waits for an answer, 2 visits, 1 d 6 h/,
        /^Read: succeeded, 1 retry, 400 ms/,
        /^Done: not entered/,
      ].map((name) => named.getByRole("link", { name }).count()),
    );
    await page.close();

    expect(counts).toStrictEqual([1, 1, 1]);
  });

  it("lead to a stay by the keyboard", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/waiting`);

    const reached: (string | null)[] = [];
    for (let presses = 0; presses < 10 && !reached.includes("#visit-5"); presses += 1) {
      await page.keyboard.press("Tab");
      reached.push(await page.locator(":focus").getAttribute("href"));
    }
    await page.keyboard.press("Enter");
    const target = await page.locator(":target h2").innerText();
    await page.close();

    expect(target).toBe("5 Ask");
  });

  it("lead to the row of a state that was not entered, which opens its table", async () => {
    const page = await browser.newPage();
    await page.goto(`${server.url}/waiting`);

    await page.locator('.state[href="#state-Done"]').click();
    const isShown = await page.locator("#state-Done").isVisible();
    await page.close();

    expect(isShown).toBe(true);
  });
});

/** Widths as they are seen, borders included. */
async function widthsOf(page: Page, selector: string): Promise<number[]> {
  const widths: unknown = await page.evaluate(
    `Array.from(document.querySelectorAll(${JSON.stringify(selector)}), (bar) =>
      bar.getBoundingClientRect().width + Number.parseFloat(getComputedStyle(bar).strokeWidth))`,
  );
  return z.array(z.number()).parse(widths);
}
