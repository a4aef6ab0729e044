import { createHmac, timingSafeEqual } from "node:crypto";
import type { ApprovalLink } from "../functions/approval-page/approval-page.ts";

/** Name of the hidden field that carries the token. */
export const formTokenField = "token";

/** How long a page can be left open before its form has to be loaded anew, in milliseconds. */
const longestMs = 24 * 3_600_000;

/** How far the clocks of two servers may differ, in milliseconds. */
const clockSkewMs = 60_000;

/**
 * The anti-forgery token of one page: only who has opened the page can post its form. It is keyed with the link's own MAC,
 * which nobody but the approver and the server knows, so it needs no session, no cookie and no further key.
 *
 * @param nonce - Makes the tokens of two pages differ.
 */
export function formToken(link: ApprovalLink, page: { now: Date; nonce: string }): string {
  return [page.now.getTime(), page.nonce, macOf(link, String(page.now.getTime()), page.nonce)].join(".");
}

/** Whether a token came with a page of this very link, not too long ago. */
export function isFormToken(token: unknown, link: ApprovalLink, now: Date): boolean {
  if (typeof token !== "string") return false;
  const [issuedAt = "", nonce = "", mac = "", ...rest] = token.split(".");
  const ageMs = now.getTime() - Number(issuedAt);
  const isRecent = ageMs >= -clockSkewMs && ageMs <= longestMs;
  const expected = Buffer.from(macOf(link, issuedAt, nonce));
  const given = Buffer.from(mac);
  const isGenuine = expected.byteLength === given.byteLength && timingSafeEqual(expected, given);
  return rest.length === 0 && isRecent && isGenuine;
}

function macOf({ requestId, approverId, mac }: ApprovalLink, issuedAt: string, nonce: string): string {
  const message = JSON.stringify(["cardway approval form", requestId, approverId, issuedAt, nonce]);
  return createHmac("sha256", mac).update(message).digest("base64url");
}

/**
 * Whether a browser says that a post came from another site. Our pages send no referrer, so their `Origin` may be `null`;
 * what a client leaves out says nothing.
 */
export function isForeign(headers: {
  fetchSite: string | undefined;
  origin: string | undefined;
  host: string;
}): boolean {
  const { fetchSite, origin, host } = headers;
  if (fetchSite !== undefined) return fetchSite !== "same-origin" && fetchSite !== "none";
  if (origin === undefined || origin === "null") return false;
  return URL.parse(origin)?.host !== host;
}
