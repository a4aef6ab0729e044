import type { Context, MiddlewareHandler } from "hono";
import { isLook, roleMay } from "../../functions/lifecycle/console-role.ts";
import { MessagePage, Notice, showPage } from "../page.tsx";
import type { ConsoleIdentity } from "./console-identity.ts";
import { consolePath, loginPathFor } from "./console-paths.ts";
import { consoleArea } from "./login-pages.tsx";
import { isOwnPost } from "./own-post.ts";

export interface ConsoleDoor {
  /** Who makes a request; `undefined` for nobody. */
  identityOf: (context: Context) => ConsoleIdentity | undefined;
}

/** What every route behind the door finds in its context: `context.get("identity")`. */
export interface BehindDoor {
  Variables: { identity: ConsoleIdentity };
}

/**
 * Lets requests through to the console: of nobody none at all, of an auditor only those that change nothing, and those that
 * change something only from the console's own pages. It stands before every route, so no route has to ask.
 */
export function consoleDoor({ identityOf }: ConsoleDoor): MiddlewareHandler<BehindDoor> {
  return async (context, next) => {
    const { method } = context.req;
    const identity = identityOf(context);
    if (identity === undefined) return signInFirst(context);
    if (!isLook(method) && !isOwnPost(context)) {
      return refused(
        context,
        "This did not come from the console",
        "Open the page in the console, and try it there.",
      );
    }
    if (!roleMay(identity.role, { method, path: context.req.path })) {
      return refused(context, "You may only look", "Your role is auditor. Ask an operator to do it.");
    }
    context.set("identity", identity);
    return next();
  };
}

function signInFirst(context: Context) {
  const { pathname, search } = new URL(context.req.url);
  if (isLook(context.req.method)) return context.redirect(loginPathFor(`${pathname}${search}`));
  return showPage(
    context,
    <MessagePage title="You are not signed in" area={consoleArea}>
      <Notice kind="bad" title="Nothing was changed">
        <p>
          Your session is over. <a href={loginPathFor(consolePath)}>Sign in</a>, and try it again.
        </p>
      </Notice>
    </MessagePage>,
    401,
  );
}

function refused(context: Context, title: string, what: string) {
  return showPage(
    context,
    <MessagePage title={title} area={consoleArea}>
      <Notice kind="bad" title="Nothing was changed">
        <p>
          {what} <a href={consolePath}>Go to the console</a>
        </p>
      </Notice>
    </MessagePage>,
    403,
  );
}
