import { Hono } from "hono";
import { consolePath } from "./console/console-paths.ts";
import { consoleArea } from "./console/login-pages.tsx";
import { loopbackOnly } from "./loopback-only.tsx";
import { MessagePage, Page, methodNotAllowed, pageHeaders, serveStylesheet, showPage } from "./page.tsx";

/** An application of its own, below a path. */
type Pages = Pick<Hono, "fetch">;

/**
 * All pages of the local system under one address. Each app keeps its own headers and refusals, and the console, whose door is
 * at an issuer in AWS, is here for the machine's own user only.
 */
export function createLocalApp(apps: { approvals: Pages; inbox: Pages; operations: Pages }): Hono {
  const { approvals, inbox, operations } = apps;
  const app = new Hono();
  app.all("/approvals/*", (context) => approvals.fetch(context.req.raw));
  app.all("/inbox/*", (context) => inbox.fetch(context.req.raw));

  const ownUserOnly = new Hono();
  ownUserOnly.use(pageHeaders());
  ownUserOnly.use(loopbackOnly(consoleArea));
  ownUserOnly.all("*", (context) => operations.fetch(context.req.raw));
  app.all(`${consolePath}/*`, (context) => ownUserOnly.fetch(context.req.raw));

  const own = new Hono();
  own.use(pageHeaders());
  serveStylesheet(own);
  own.get("/", (context) =>
    showPage(
      context,
      <Page title="Cardway on this machine" area="Local" narrow>
        <div>
          <h1>Cardway on this machine</h1>
          <p class="lead">
            Cardway moves Amazon SageMaker model cards through lifecycle accounts. Here it runs without AWS:
            the accounts, the workflow and the mail are all on this machine, and nothing leaves it.
          </p>
        </div>
        <section class="panel">
          <h2>Mail</h2>
          <p>
            Approvers are asked by mail. What Cardway sent to them is in the inbox, with the links to the
            approval pages.
          </p>
          <p>
            <a class="button" href="/inbox">
              Open the inbox
            </a>
          </p>
        </section>
        <section class="panel">
          <h2>Operations</h2>
          <p>Operators and auditors see in the console what Cardway does, and operators act there.</p>
          <p>
            <a class="button" href={consolePath}>
              Open the console
            </a>
          </p>
        </section>
      </Page>,
    ),
  );
  own.all("/", methodNotAllowed("GET, HEAD"));
  own.notFound((context) =>
    showPage(
      context,
      <MessagePage title="There is no such page" area="Local">
        <p>
          <a href="/">Go to the start page</a>
        </p>
      </MessagePage>,
      404,
    ),
  );
  app.all("*", (context) => own.fetch(context.req.raw));
  return app;
}
