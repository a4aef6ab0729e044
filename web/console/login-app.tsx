import { Hono } from "hono";
import { deleteCookie, generateCookie, getCookie, setCookie } from "hono/cookie";
import { CardwayError } from "../../functions/errors.ts";
import type { ConsoleSettings } from "../../functions/lifecycle/console-settings.ts";
import type { IdTokenVerifier } from "../../functions/oidc/id-token.ts";
import type { Login } from "../../functions/oidc/login.ts";
import { methodNotAllowed, pageHeaders, serveStylesheet, showPage } from "../page.tsx";
import { callbackPath, loginPath, logoutPath, returnPath } from "./console-paths.ts";
import {
  loginCookie,
  loginCookieValue,
  longestLoginSeconds,
  mostCookieBytes,
  pendingLogin,
  sessionCookie,
} from "./cookies.ts";
import {
  NoRolePage,
  NoSuchPage,
  NotSignedOutPage,
  SignInOverPage,
  SignedOutPage,
  TokenTooLargePage,
  failedSignIn,
} from "./login-pages.tsx";
import { isOwnPost } from "./own-post.ts";

export interface LoginAppDependencies {
  settings: ConsoleSettings;
  login: Login;
  verifier: IdTokenVerifier;
  /** A new unguessable text of 43 characters at least. */
  newSecret: () => string;
  now: () => Date;
  /** Hears why a sign-in failed, but neither whose nor any token. */
  log: (message: string) => void;
}

/** Of every cookie here: no script reads it, and other sites make browsers send it with plain links at most. */
const cookieOptions = { httpOnly: true, secure: true, sameSite: "Lax", path: "/" } as const;

/**
 * Signs people in to the operations console and out again. It is the one part of the console that answers everybody, so it
 * knows nothing of cards.
 */
export function createLoginApp(dependencies: LoginAppDependencies): Hono {
  const { settings, login, verifier, newSecret, now, log } = dependencies;
  const app = new Hono();
  app.use(pageHeaders());
  serveStylesheet(app);

  app.get(loginPath, async (context) => {
    const secrets = { state: newSecret(), nonce: newSecret(), codeVerifier: newSecret() };
    const issuerPage = await login.begin(secrets);
    const returnTo = returnPath(context.req.query("return"));
    const pending = loginCookieValue({ ...secrets, returnTo, beganAtMs: now().getTime() });
    setCookie(context, loginCookie, pending, { ...cookieOptions, maxAge: longestLoginSeconds });
    return context.redirect(issuerPage.href);
  });

  app.get(callbackPath, async (context) => {
    const pending = pendingLogin(getCookie(context, loginCookie), now());
    // One answer a sign-in: who comes again with the same address begins anew.
    deleteCookie(context, loginCookie, cookieOptions);
    const answer = new URL(context.req.url).searchParams;
    if (pending === undefined || answer.get("state") !== pending.state) {
      return showPage(context, <SignInOverPage />, 400);
    }
    const idToken = await login.finish(answer, pending);
    const { role, name, expiresAt } = await verifier.verify(idToken);
    if (role === undefined) return showPage(context, <NoRolePage name={name} settings={settings} />, 403);

    const maxAge = Math.max(0, Math.floor((expiresAt.getTime() - now().getTime()) / 1_000));
    const session = { ...cookieOptions, maxAge };
    // A browser drops a cookie that is too large without a word, and would be sent to sign in for ever.
    if (generateCookie(sessionCookie, idToken, session).length > mostCookieBytes) {
      return showPage(context, <TokenTooLargePage bytes={idToken.length} />, 403);
    }
    setCookie(context, sessionCookie, idToken, session);
    return context.redirect(returnPath(pending.returnTo), 303);
  });

  app.post(logoutPath, (context) => {
    if (!isOwnPost(context)) return showPage(context, <NotSignedOutPage />, 403);
    deleteCookie(context, sessionCookie, cookieOptions);
    return showPage(context, <SignedOutPage />);
  });

  for (const path of [loginPath, callbackPath]) app.all(path, methodNotAllowed("GET, HEAD"));
  app.all(logoutPath, methodNotAllowed("POST"));
  app.notFound((context) => showPage(context, <NoSuchPage />, 404));
  app.onError((error, context) => {
    // What is no error of ours can hold anything.
    log(`A sign-in failed: ${error instanceof CardwayError ? error.message : error.name}`);
    const { page, status } = failedSignIn(error);
    return showPage(context, page, status);
  });
  return app;
}
