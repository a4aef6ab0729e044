import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import * as z from "zod";
import { createConsoleApp } from "../../web/console/console-app.tsx";
import type { ConsoleIdentity } from "../../web/console/console-identity.ts";
import { consolePath, logoutPath } from "../../web/console/console-paths.ts";
import { type HttpApiEvent, HttpApiEventSchema } from "../runtime/http-api-event.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";

/** What the authoriser says of who makes a request; of `nobody` it is no identity. */
const AuthorizedSchema = z.looseObject({
  authorizer: z.looseObject({
    lambda: z.object({
      role: z.enum(["operator", "auditor"]),
      identity: z.string().min(1),
      name: z.string().min(1),
    }),
  }),
});

export const handler = lambdaHandler({
  environment: z.object({}),
  input: HttpApiEventSchema,
  start({ log }) {
    const identities = new WeakMap<Request, ConsoleIdentity>();
    const console = createConsoleApp({ identityOf: (request) => identities.get(request), logoutPath, log });
    const app = new Hono<{ Bindings: { event: HttpApiEvent } }>();
    app.get("/", (context) => context.redirect(consolePath));
    app.all("*", (context) => {
      const { data } = AuthorizedSchema.safeParse(context.env.event.requestContext);
      if (data !== undefined) identities.set(context.req.raw, data.authorizer.lambda);
      return console.fetch(context.req.raw);
    });
    const answer = handle(app);
    return (event) => answer(event);
  },
});
