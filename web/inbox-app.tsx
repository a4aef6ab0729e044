import { type Context, Hono } from "hono";
import * as z from "zod";
import { loopbackOnly } from "./loopback-only.tsx";
import { type CapturedMessage, InboxPage, mailSandbox } from "./inbox-page.tsx";
import { MessagePage, methodNotAllowed, pageHeaders, serveStylesheet, showPage } from "./page.tsx";

export type { CapturedMessage } from "./inbox-page.tsx";

const messagesPerPage = 50;

/**
 * The mails that were sent on this machine, newest first, for its own user only: approval links are secrets, so a request
 * under any name but the machine's own is refused.
 *
 * @param dependencies.messages - Oldest first.
 */
export function createInboxApp({ messages }: { messages: () => readonly CapturedMessage[] }): Hono {
  const app = new Hono();
  app.use(pageHeaders({ frames: true }));
  app.use(loopbackOnly("Local inbox"));
  serveStylesheet(app);

  app.get("/inbox", (context) => {
    const kept = messages();
    const pages = Math.max(1, Math.ceil(kept.length / messagesPerPage));
    const page = Math.min(pages, pageNumber(context.req.query("page")));
    const shown = newestFirst(kept).slice((page - 1) * messagesPerPage, page * messagesPerPage);
    return showPage(context, <InboxPage messages={shown} total={kept.length} page={page} pages={pages} />);
  });

  app.get("/inbox/:id/html", (context) => {
    const message = messages().find(({ Id }) => Id === context.req.param("id"));
    const mail = message?.Body.html_part ?? undefined;
    if (mail === undefined) return noSuchPage(context);
    context.header(
      "Content-Security-Policy",
      `default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox ${mailSandbox}`,
    );
    context.header("X-Frame-Options", "SAMEORIGIN");
    // The first doctype counts, and the frame's own links open beside the inbox.
    return context.html(`<!doctype html><base target="_blank">${mail}`);
  });

  app.all("/inbox", methodNotAllowed("GET, HEAD"));
  app.all("/inbox/:id/html", methodNotAllowed("GET, HEAD"));
  app.notFound(noSuchPage);
  return app;
}

function noSuchPage(context: Context) {
  return showPage(
    context,
    <MessagePage title="There is no such mail" area="Local inbox">
      <p>
        It may have been dropped for newer ones. <a href="/inbox">See the inbox</a>
      </p>
    </MessagePage>,
    404,
  );
}

function pageNumber(text: string | undefined): number {
  return z.coerce.number().int().positive().catch(1).parse(text);
}

/** By time; of one moment, the one that came last is first. */
function newestFirst(messages: readonly CapturedMessage[]): CapturedMessage[] {
  return messages.toReversed().sort((one, other) => other.Timestamp.localeCompare(one.Timestamp));
}
