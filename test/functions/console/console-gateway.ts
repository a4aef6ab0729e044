import * as z from "zod";
import { handler as authorizerHandler } from "../../../functions/console-authorizer/handler.ts";
import { handler as loginHandler } from "../../../functions/console-login/handler.ts";
import { handler as consoleHandler } from "../../../functions/console/handler.ts";
import type { Fetch } from "../../../functions/oidc/issuer.ts";
import type { LambdaHandler } from "../../../functions/runtime/lambda-handler.ts";
import type { Runtime } from "../../../functions/runtime/runtime.ts";
import { consoleApi } from "../../../stacks/definitions/console-api.ts";
import { settingsWith } from "../../stacks/definitions/example-settings.ts";
import { recordedLogs } from "../../logs/recorded-logs.ts";
import { HttpApiAnswerSchema, lambdaContext, httpApiEvent } from "../../web/http-api.ts";
import { createTestCloud, region } from "../../workflow/test-cloud.ts";
import { signIn } from "../oidc/test-issuer.ts";

export const consoleUrl = "https://console.example.com";

const AnswerSchema = HttpApiAnswerSchema.extend({ cookies: z.array(z.string()).default([]) });
const DecisionSchema = z.object({
  isAuthorized: z.boolean(),
  context: z.record(z.string(), z.string()).optional(),
});

/** The console's functions, by folder. */
export type ConsoleHandlers = Record<"console" | "console-login" | "console-authorizer", LambdaHandler>;

const sources: ConsoleHandlers = {
  console: consoleHandler,
  "console-login": loginHandler,
  "console-authorizer": authorizerHandler,
};

export interface Visit {
  method?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** How a browser opens a page. */
export const opening = { accept: "text/html", "sec-fetch-mode": "navigate", "sec-fetch-site": "none" };

/** The console as it deploys, behind its routes and its authoriser as API Gateway applies them, and one browser before it. */
export function createConsoleGateway(
  carry: Fetch,
  environment: Record<string, string> = {},
  handlers: ConsoleHandlers = sources,
) {
  const runtime: Runtime = {
    environment: { CONSOLE_URL: consoleUrl, LOG_LEVEL: recordedLogs.logLevel, ...environment },
    // Who asks for a level looks at what is written.
    ...(environment["LOG_LEVEL"] === undefined && recordedLogs),
    settings: settingsWith({ deployment: { console: signIn } }),
    now: () => new Date(),
    fetch: carry,
    trace: (client) => client,
  };
  const context = lambdaContext;
  const authorizer = handlers["console-authorizer"].start(runtime);
  // What the console shows is in a cloud of its own, in which nothing has happened.
  const { cloud } = createTestCloud({ settings: runtime.settings, consoleUrl: () => consoleUrl });
  const functions = {
    console: handlers.console.start(cloud.functionRuntime("console", region)),
    "console-login": handlers["console-login"].start(runtime),
  };
  const jar = new Map<string, string>();

  async function visit(address: string, { method = "GET", headers = opening, body }: Visit = {}) {
    const { pathname, search } = new URL(address, consoleUrl);
    const cookies = [...jar].map(([name, value]) => `${name}=${value}`);
    const request = httpApiEvent(method, pathname, body, headers);
    const event = {
      ...request,
      rawQueryString: search.slice(1),
      headers: { ...request.headers, host: new URL(consoleUrl).host },
      cookies,
      requestContext: { ...request.requestContext, domainName: new URL(consoleUrl).host },
    };
    const key = `${method} ${pathname}`;
    const route = consoleApi.routes.find(({ route }) => route === key) ?? consoleApi.routes[0];
    if (route === undefined) throw new TypeError("the console has no routes");
    const decision = route.authorized
      ? DecisionSchema.parse(
          await authorizer({ ...event, type: "REQUEST" }, context("cardway-console-authorizer")),
        )
      : undefined;
    if (decision?.isAuthorized === false) {
      return { decision, status: 403, text: '{"message":"Forbidden"}', location: undefined, cookies: [] };
    }
    const authorizerContext = decision && { authorizer: { lambda: decision.context } };
    const answer = AnswerSchema.parse(
      await functions[route.folder](
        { ...event, requestContext: { ...event.requestContext, ...authorizerContext } },
        context(`cardway-${route.folder}`),
      ),
    );
    for (const cookie of answer.cookies) keep(cookie);
    return {
      decision,
      status: answer.statusCode,
      text: answer.body,
      location: answer.headers["location"],
      cookies: answer.cookies,
    };
  }

  /** As a browser keeps a cookie, or drops one. */
  function keep(cookie: string): void {
    const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (/max-age=0\b/i.test(cookie)) jar.delete(name);
    else jar.set(name, value);
  }

  return { visit, jar, runtime };
}
