import { randomBytes } from "node:crypto";
import { handle } from "hono/aws-lambda";
import { callbackPath } from "../../web/console/console-paths.ts";
import { createLoginApp } from "../../web/console/login-app.tsx";
import { consoleSettings } from "../lifecycle/console-settings.ts";
import { createIdTokenVerifier } from "../oidc/id-token.ts";
import { createIssuer } from "../oidc/issuer.ts";
import { createLogin } from "../oidc/login.ts";
import { ConsoleLoginEnvironmentSchema } from "../runtime/environment.ts";
import { HttpApiEventSchema } from "../runtime/http-api-event.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";

export const handler = lambdaHandler({
  environment: ConsoleLoginEnvironmentSchema,
  input: HttpApiEventSchema,
  start({ settings, variables, now, log, fetch: carry = fetch }) {
    const signIn = consoleSettings(settings);
    const issuer = createIssuer(signIn.issuer, carry);
    const answer = handle(
      createLoginApp({
        settings: signIn,
        login: createLogin(issuer, signIn, `${variables.CONSOLE_URL}${callbackPath}`),
        verifier: createIdTokenVerifier(issuer, signIn, now),
        newSecret: () => randomBytes(32).toString("base64url"),
        now,
        log,
      }),
    );
    return (event) => answer(event);
  },
});
