import { statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as z from "zod";
import type { LambdaHandler } from "../../functions/runtime/lambda-handler.ts";
import { type ImportTime, bundleClientsOnly, importTimes } from "../../scripts/bundle-cost.ts";
import { consoleFunctions, functions } from "../../stacks/definitions/functions.ts";
import { createConsoleGateway } from "../functions/console/console-gateway.ts";
import { startIssuer } from "../functions/oidc/test-issuer.ts";
import { HttpApiAnswerSchema, lambdaContext, httpApiEvent } from "../web/http-api.ts";
import { hiddenFields, textOf } from "../web/page-text.ts";
import { draftToProduction } from "../workflow/draft-to-production.ts";
import { createTestCloud, pageUrl, region } from "../workflow/test-cloud.ts";
import { buildFunctions } from "./built-functions.ts";

/** The console has the clients of all that there is to see, and draws; all others do one thing. */
const mostBytesOf = (functionName: string): number =>
  functionName === "cardway-console" ? 1_150_000 : 660_000;
const mostTimesItsClients = 1.6;

/** Rounds of measuring: after a few it is mostly plain, and the rest are for a machine that is busy. */
const fewRounds = 4;
const manyRounds = 24;

const HandlerModuleSchema = z.object({
  handler: z.custom<LambdaHandler>((value) => typeof value === "function" && "start" in value),
});

/** As Lambda does it, past the test runner. */
const requireBundle = createRequire(import.meta.url);

let bundles: Awaited<ReturnType<typeof buildFunctions>>;
beforeAll(async () => {
  bundles = await buildFunctions([...functions, ...consoleFunctions]);
}, 180_000);
afterAll(() => bundles.remove());

const builtOf = (functionName: string) => {
  const built = bundles.built.get(functionName);
  if (built === undefined) throw new TypeError(`${functionName} was not built`);
  return built;
};

/** The least of the times: all that disturbs a measurement makes it longer. */
const least = (times: readonly ImportTime[] = []) => Math.min(...times.map(({ threadMs }) => threadMs));

const functionNames = functions.map(({ functionName }) => functionName);
const consoleFunctionNames = consoleFunctions.map(({ functionName }) => functionName);

describe.each([...functionNames, ...consoleFunctionNames])("the bundle of %s", (functionName) => {
  const mostBytes = mostBytesOf(functionName);

  it(`is of ${mostBytes / 1000} kB at most`, () => {
    expect(statSync(builtOf(functionName).bundle).size).toBeLessThanOrEqual(mostBytes);
  });
});

describe.each(functionNames)("the bundle of %s", (functionName) => {
  it(`takes at most ${mostTimesItsClients} times as long to import as its AWS clients alone`, async () => {
    const { bundle, sourcemaps } = builtOf(functionName);
    const clients = await bundleClientsOnly(
      sourcemaps[0] ?? "",
      join(bundles.folder, `${functionName}-clients`),
    );
    const ratioAfter = async (rounds: number): Promise<number> => {
      const [whole, alone] = await importTimes([bundle, clients], rounds);
      return least(whole) / least(alone);
    };

    let ratio = await ratioAfter(fewRounds);
    if (ratio > mostTimesItsClients) ratio = await ratioAfter(manyRounds);

    expect(ratio).toBeLessThanOrEqual(mostTimesItsClients);
  }, 180_000);
});

/** A function's own code, past everything that is not bundled with it. */
const handlerOf = (functionName: string): LambdaHandler =>
  HandlerModuleSchema.parse(requireBundle(builtOf(functionName).bundle)).handler;

describe("the bundles together", () => {
  it("let an operator into the console, and nobody else", async () => {
    const issuer = await startIssuer();
    const { visit } = createConsoleGateway(
      issuer.fetch,
      {},
      {
        console: handlerOf("cardway-console"),
        "console-login": handlerOf("cardway-console-login"),
        "console-authorizer": handlerOf("cardway-console-authorizer"),
      },
    );

    const asked = await visit("/console");
    const sent = await visit(asked.location ?? "");
    const back = await visit(await issuer.visit(sent.location ?? ""));
    const page = await visit(back.location ?? "");
    issuer.claims = { aud: "other" };
    const again = await visit("/console/login");
    const refused = await visit(await issuer.visit(again.location ?? ""));
    await issuer.stop();

    expect([asked.status, page.status, refused.status]).toStrictEqual([302, 200, 403]);
    expect(page.decision?.context).toMatchObject({ role: "operator", identity: "person-1" });
    expect(textOf(refused.text)).toContain("not accepted");
  });

  it("take a card from Draft to production, decided on the bundled approval page", async () => {
    const handlers = new Map<string, LambdaHandler>();
    for (const { handlerPath, bundle } of bundles.built.values()) {
      handlers.set(handlerPath, HandlerModuleSchema.parse(requireBundle(bundle)).handler);
    }
    const loaded: string[] = [];
    const test = createTestCloud({
      async loadModule(path) {
        loaded.push(path);
        return { handler: handlers.get(path) };
      },
    });
    const page = handlers
      .get("functions/approval-page/handler.ts")
      ?.start(test.cloud.functionRuntime("approval-page", region));
    const request = async (method: string, path: string, body?: string) => {
      const headers = { host: new URL(pageUrl).host, origin: pageUrl };
      return HttpApiAnswerSchema.parse(
        await page?.(httpApiEvent(method, path, body, headers), lambdaContext("cardway-approval-page")),
      );
    };

    await draftToProduction(test, async (link, decision, comment) => {
      const opened = await request("GET", link);
      const form = new URLSearchParams({ ...hiddenFields(opened.body), decision, comment });
      const { statusCode } = await request("POST", link, form.toString());
      return { status: statusCode };
    });

    expect(loaded).toContain("functions/grant-access/handler.ts");
  });
});
