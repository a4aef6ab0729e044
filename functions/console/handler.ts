import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { handle } from "hono/aws-lambda";
import * as z from "zod";
import { createQuerySources } from "../../queries/sources.ts";
import { createConsoleApp } from "../../web/console/console-app.tsx";
import type { ConsoleIdentity } from "../../web/console/console-identity.ts";
import { consolePath, logoutPath } from "../../web/console/console-paths.ts";
import { createEvidenceDependencies } from "./evidence-dependencies.ts";
import { createOperateDependencies } from "../operate/handler.ts";
import { operate } from "../operate/operate.ts";
import { OperateEnvironmentSchema } from "../runtime/environment.ts";
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
  environment: OperateEnvironmentSchema,
  input: HttpApiEventSchema,
  start(runtime) {
    const identities = new WeakMap<Request, ConsoleIdentity>();
    const operations = createOperateDependencies(runtime);
    const sources = createQuerySources(runtime, runtime.settings.deployment.region);
    const console = createConsoleApp({
      sources,
      evidence: createEvidenceDependencies(runtime, sources),
      act: (act, { identity }) => operate(act, { identity, through: "console" }, operations),
      identityOf: ({ req }) => identities.get(req.raw),
      newId: randomUUID,
      inAws: true,
      logoutPath,
      log: runtime.log,
    });
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
