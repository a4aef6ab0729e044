import * as z from "zod";
import { sessionCookie } from "../../web/console/cookies.ts";
import { consoleSettings } from "../lifecycle/console-settings.ts";
import { createIdTokenVerifier } from "../oidc/id-token.ts";
import { createIssuer } from "../oidc/issuer.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { type AuthorizerRequest, authorize } from "./authorize.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html#http-api-lambda-authorizer.payload-format */
const AuthorizerEventSchema = z
  .looseObject({
    version: z.literal("2.0"),
    type: z.literal("REQUEST"),
    cookies: z.array(z.string()).default([]),
    headers: z.record(z.string(), z.string()).default({}),
    requestContext: z.looseObject({ http: z.looseObject({ method: z.string(), path: z.string() }) }),
  })
  .transform(({ cookies, headers, requestContext }): AuthorizerRequest => ({
    method: requestContext.http.method,
    path: requestContext.http.path,
    session: cookies
      .map((cookie) => cookie.trim())
      .find((cookie) => cookie.startsWith(`${sessionCookie}=`))
      ?.slice(sessionCookie.length + 1),
    // Browsers from before 2023 do not say so, but that they take a page.
    isNavigation:
      headers["sec-fetch-mode"] === undefined
        ? headers["accept"]?.includes("text/html") === true
        : headers["sec-fetch-mode"] === "navigate",
  }));

export const handler = lambdaHandler({
  environment: z.object({}),
  input: AuthorizerEventSchema,
  start({ settings, now, log, fetch: carry = fetch }) {
    const signIn = consoleSettings(settings);
    const verifier = createIdTokenVerifier(createIssuer(signIn.issuer, carry), signIn, now);
    return (request) => authorize(request, { verifier, log });
  },
});
