import type { MiddlewareHandler } from "hono";
import { isLoopbackHost } from "./loopback-host.ts";
import { MessagePage, showPage } from "./page.tsx";

/** Refuses requests under foreign names, for pages that are for the machine's own user only. */
export function loopbackOnly(area: string): MiddlewareHandler {
  return async (context, next) => {
    if (isLoopbackHost(context.req.header("Host") ?? new URL(context.req.url).host)) return next();
    return showPage(
      context,
      <MessagePage title="This address does not answer under that name" area={area}>
        <p>Open it as localhost or 127.0.0.1.</p>
      </MessagePage>,
      421,
    );
  };
}
