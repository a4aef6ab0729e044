import * as z from "zod";

/**
 * The session: an ID token of the issuer's. Browsers take a `__Host-` cookie only over HTTPS and only from this very host, so no
 * other page of the domain can put one in its place.
 */
export const sessionCookie = "__Host-cardway";

/** What a sign-in under way is remembered by, in the browser that began it. */
export const loginCookie = "__Host-cardway-login";

/** How long somebody may take to sign in at the issuer, in seconds. */
export const longestLoginSeconds = 600;

/** Bytes that browsers keep of a cookie, name and attributes included. @see https://www.rfc-editor.org/rfc/rfc6265#section-6.1 */
export const mostCookieBytes = 4_096;

/** A sign-in under way. */
const PendingLoginSchema = z.object({
  state: z.string().min(43),
  nonce: z.string().min(43),
  codeVerifier: z.string().min(43),
  /** Where the browser wanted to go. Untrusted. */
  returnTo: z.string(),
  /** Milliseconds since 1970. */
  beganAtMs: z.int(),
});

export type PendingLogin = z.output<typeof PendingLoginSchema>;

export function loginCookieValue(pending: PendingLogin): string {
  return Buffer.from(JSON.stringify(pending)).toString("base64url");
}

/** The sign-in that a cookie remembers; `undefined` where it remembers none, or one that took too long. */
export function pendingLogin(cookie: string | undefined, now: Date): PendingLogin | undefined {
  if (cookie === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(cookie, "base64url").toString());
  } catch {
    return undefined;
  }
  const { data } = PendingLoginSchema.safeParse(value);
  const ageSeconds = data === undefined ? Infinity : (now.getTime() - data.beganAtMs) / 1_000;
  return ageSeconds <= longestLoginSeconds ? data : undefined;
}
