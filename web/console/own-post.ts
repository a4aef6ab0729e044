import type { Context } from "hono";
import { isForeign } from "../form-token.ts";

/**
 * Whether a browser says that a post came from a page of this very host. Here nothing else tells a person's own post from one
 * that another site lets their browser make, so a post that says nothing, or `Origin: null`, is not taken.
 *
 * @see https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
 */
export function isOwnPost(context: Context): boolean {
  const fetchSite = context.req.header("Sec-Fetch-Site");
  const origin = context.req.header("Origin");
  const saysWhence = fetchSite !== undefined || (origin !== undefined && origin !== "null");
  const host = context.req.header("Host") ?? new URL(context.req.url).host;
  return saysWhence && !isForeign({ fetchSite, origin, host });
}
