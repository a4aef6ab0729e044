import { Hono } from "hono";
import { MessagePage, Page, methodNotAllowed, pageHeaders, showPage } from "../page.tsx";
import { oneLine } from "../untrusted-text.ts";
import { type BehindDoor, type ConsoleDoor, consoleDoor } from "./console-door.tsx";
import { consolePath } from "./console-paths.ts";
import { NoSuchPage, consoleArea } from "./login-pages.tsx";

export interface ConsoleAppDependencies extends ConsoleDoor {
  /** Path that a post to ends the session; absent where nobody has one. */
  logoutPath?: string;
  /** Hears of unexpected errors, by class name only. */
  log: (message: string) => void;
}

/** The operations console. Every route is behind its door. */
export function createConsoleApp({ logoutPath, log, ...door }: ConsoleAppDependencies): Hono<BehindDoor> {
  const app = new Hono<BehindDoor>();
  app.use(pageHeaders());
  app.use(consoleDoor(door));

  app.get(consolePath, (context) => {
    const { role, name } = context.get("identity");
    return showPage(
      context,
      <Page title="Operations" area={consoleArea}>
        <div>
          <h1>Operations</h1>
          <p class="lead">
            You are {oneLine(name, 100)}, {role}: you may {role === "operator" ? "look and act" : "only look"}
            .
          </p>
        </div>
        {logoutPath !== undefined && (
          <form method="post" action={logoutPath}>
            <button class="button" type="submit">
              Sign out
            </button>
          </form>
        )}
      </Page>,
    );
  });

  app.all(consolePath, methodNotAllowed("GET, HEAD"));
  app.notFound((context) => showPage(context, <NoSuchPage />, 404));
  app.onError((error, context) => {
    log(`The console failed: ${error.name}.`);
    return showPage(
      context,
      <MessagePage title="Something went wrong on our side" area={consoleArea}>
        <p>
          Load the page again. <a href={consolePath}>Go to the console</a>
        </p>
      </MessagePage>,
      500,
    );
  });
  return app;
}
