import { createHash } from "node:crypto";
import * as z from "zod";
import type { SortKey } from "./page.ts";

const NextTokenSchema = z.tuple([z.string(), z.array(z.union([z.string(), z.number()]))]);

/**
 * An opaque token to go on after a key.
 *
 * @param request - Names the list and its filters; only the same request can use the token.
 */
export function encodeNextToken(request: string, last: SortKey): string {
  return Buffer.from(JSON.stringify([digest(request), last])).toString("base64url");
}

/** The key to go on after; `undefined` where the token was not given out for this request. */
export function decodeNextToken(request: string, token: string): SortKey | undefined {
  const parsed = NextTokenSchema.safeParse(parseJsonText(Buffer.from(token, "base64url").toString()));
  return parsed.success && parsed.data[0] === digest(request) ? parsed.data[1] : undefined;
}

function digest(request: string): string {
  return createHash("sha256").update(request).digest("base64url");
}

function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
