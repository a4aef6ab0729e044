import type { Context, Hono, MiddlewareHandler } from "hono";
import { html } from "hono/html";
import type { PropsWithChildren } from "hono/jsx";
import type { JSX } from "hono/jsx/jsx-runtime";
import { secureHeaders } from "hono/secure-headers";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import { stylesheetPath } from "./stylesheet-path.ts";
import { styles, stylesVersion } from "./styles.ts";

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect x='4' y='3' width='24' " +
  "height='26' rx='5' fill='%230b5cad'/%3E%3Cpath d='M10 16l4 4 8-9' fill='none' stroke='%23fff' stroke-width='3'/%3E%3C/svg%3E";

/** A whole document: the head that all pages share, around a body. */
export function Document({
  title,
  stylesheet,
  script,
  bodyClass,
  children,
}: PropsWithChildren<{
  title: string;
  /** Address of the styles on top of those of all pages. */
  stylesheet?: string;
  /** Address of the page's script; without it there is none. */
  script?: string;
  bodyClass?: string | undefined;
}>): JSX.Element {
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>{`${title} - Cardway`}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <link rel="icon" href={icon} />
        <link rel="stylesheet" href={`${stylesheetPath}?v=${stylesVersion}`} />
        {stylesheet !== undefined && <link rel="stylesheet" href={stylesheet} />}
        {script !== undefined && <script src={script} defer></script>}
      </head>
      <body class={bodyClass}>{children}</body>
    </html>
  );
}

/** A whole page: the frame that all pages share, around what is special to one. */
export function Page({
  title,
  area,
  footer,
  narrow = false,
  children,
}: PropsWithChildren<{
  title: string;
  /** What part of Cardway the page belongs to. */
  area: string;
  footer?: string;
  narrow?: boolean;
}>): JSX.Element {
  return (
    <Document title={title} bodyClass={narrow ? "narrow" : undefined}>
      <header class="top">
        <div class="top-inner">
          <span class="brand">Cardway</span>
          <span class="area">{area}</span>
        </div>
      </header>
      <main>{children}</main>
      {footer !== undefined && <footer class="foot">{footer}</footer>}
    </Document>
  );
}

/** A box that says what matters most about a page. */
export function Notice({
  kind = "info",
  title,
  alert = false,
  children,
}: PropsWithChildren<{
  kind?: "info" | "good" | "bad" | "warn";
  title: string;
  /** Read out at once, for what went wrong. */
  alert?: boolean;
}>): JSX.Element {
  return (
    <div class={`notice ${kind}`} role={alert ? "alert" : undefined}>
      <h2>{title}</h2>
      {children}
    </div>
  );
}

/** Answers with a page. */
export function showPage(context: Context, page: JSX.Element, status: ContentfulStatusCode = 200) {
  return context.html(html`<!doctype html>${page}`, status);
}

/** A page that holds one message and nothing else. */
export function MessagePage({
  title,
  area,
  children,
}: PropsWithChildren<{ title: string; area: string }>): JSX.Element {
  return (
    <Page title={title} area={area} narrow>
      <h1>{title}</h1>
      {children}
    </Page>
  );
}

/**
 * Headers of every answer: no scripts, no inline styles, no frames, no referrer and no copies in caches. What a handler sets
 * itself stays as it is.
 *
 * @param frames - Whether the pages may hold frames of their own origin.
 * @param scripts - Whether the pages may run scripts of their own origin, and these fetch from it.
 */
export function pageHeaders({
  frames = false,
  scripts = false,
}: { frames?: boolean; scripts?: boolean } = {}): MiddlewareHandler {
  const secure = secureHeaders({
    overwrite: false,
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      ...(frames && { frameSrc: ["'self'"] }),
      ...(scripts && { scriptSrc: ["'self'"], connectSrc: ["'self'"] }),
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
    },
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    // Browsers complain where pages of one origin disagree about it, as those of the local system do.
    originAgentCluster: false,
    strictTransportSecurity: "max-age=31536000",
  });
  return async (context, next) =>
    secure(context, async () => {
      await next();
      if (!context.res.headers.has("Cache-Control")) context.res.headers.set("Cache-Control", "no-store");
    });
}

/** Serves the stylesheet of the pages. */
export function serveStylesheet(app: Hono): void {
  app.get(stylesheetPath, (context) =>
    context.body(styles, 200, {
      "Content-Type": "text/css; charset=utf-8",
      "Cache-Control": "public, max-age=86400",
    }),
  );
  app.all(stylesheetPath, methodNotAllowed("GET, HEAD"));
}

/** Answers a method that an address does not take. */
export function methodNotAllowed(allow: string): (context: Context) => Response | Promise<Response> {
  return (context) => {
    context.header("Allow", allow);
    return showPage(
      context,
      <MessagePage title="This address does not do that" area="405">
        <p>It can be opened in a browser. Nothing was changed.</p>
      </MessagePage>,
      405,
    );
  };
}
