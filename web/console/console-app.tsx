import { type Context, Hono } from "hono";
import { methodNotAllowed, pageHeaders } from "../page.tsx";
import { addActs } from "./act-routes.tsx";
import { type BehindDoor, consoleDoor } from "./console-door.tsx";
import type { ConsoleDependencies, ConsoleParts } from "./console-parts.ts";
import { addEvidence } from "./evidence-routes.tsx";
import { eventStream, fingerprint } from "./console-events.ts";
import type { Visit } from "./console-layout.tsx";
import { eventsPath, script, scriptPath } from "./console-script.ts";
import { consoleStyles, consoleStylesPath } from "./console-styles.ts";
import { doneWords, takeDone } from "./done-cookie.ts";
import { showError, showNothing } from "./error-pages.tsx";
import { addPages } from "./page-routes.tsx";

/** How soon browsers ask whether something has happened, in milliseconds: each time is a few calls to AWS. */
const retryMs = { inAws: 5_000, here: 1_000 };

/** The operations console. Every route is behind its door. */
export function createConsoleApp(dependencies: ConsoleDependencies): Hono<BehindDoor> {
  const { sources, identityOf, inAws, logoutPath, log } = dependencies;
  const app = new Hono<BehindDoor>();
  app.use(pageHeaders({ scripts: true }));
  app.use(consoleDoor({ identityOf }));

  const bare = (context: Context<BehindDoor>): Visit => ({ identity: context.get("identity"), logoutPath });
  const parts: ConsoleParts = {
    ...dependencies,
    bare,
    async begin(context) {
      const done = takeDone(context);
      const seen = await fingerprint(sources);
      return { ...bare(context), seen, done: done && doneWords(done) };
    },
  };

  const kept = { "Cache-Control": "private, max-age=86400" };
  app.get(scriptPath, (context) =>
    context.body(script, 200, { "Content-Type": "text/javascript; charset=utf-8", ...kept }),
  );
  app.get(consoleStylesPath, (context) =>
    context.body(consoleStyles, 200, { "Content-Type": "text/css; charset=utf-8", ...kept }),
  );
  app.get(eventsPath, async (context) => {
    const seen = context.req.header("Last-Event-ID") ?? context.req.query("seen");
    const stream = eventStream(await fingerprint(sources), {
      seen,
      retryMs: inAws ? retryMs.inAws : retryMs.here,
    });
    return context.body(stream, 200, { "Content-Type": "text/event-stream; charset=utf-8" });
  });
  addPages(app, parts);
  addActs(app, parts);
  addEvidence(app, parts);

  app.all("*", async (context, next) =>
    ["GET", "HEAD"].includes(context.req.method) ? next() : methodNotAllowed("GET, HEAD")(context),
  );
  app.notFound((context) => showNothing(context, bare(context)));
  app.onError((error, context) => showError(error, context, bare(context), log));
  return app;
}
