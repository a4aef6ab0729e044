import * as z from "zod";
import { parseJsonText } from "../json.ts";
import { invalidToken } from "../refusals.ts";

const defaultPageSize = 100;

/**
 * One page of a list.
 *
 * @param remaining - What is left of the list from the page's start on; read only as far as the page goes.
 * @param cursorOf - What the next page's token must remember of the page's last entry.
 * @param list - Names the list, so that a token of another list is refused.
 */
export function page<Entry>(
  remaining: Iterable<Entry>,
  maxResults: number | undefined,
  cursorOf: (last: Entry) => string | number,
  list: string,
): { entries: Entry[]; nextToken?: string } {
  const size = maxResults === undefined || maxResults === 0 ? defaultPageSize : maxResults;
  const entries: Entry[] = [];
  for (const entry of remaining) {
    const last = entries.at(-1);
    if (entries.length === size && last !== undefined) {
      return { entries, nextToken: encodeToken(list, cursorOf(last)) };
    }
    entries.push(entry);
  }
  return { entries };
}

const TokenSchema = z.tuple([z.string(), z.union([z.string(), z.number()])]);

function encodeToken(list: string, cursor: string | number): string {
  return Buffer.from(JSON.stringify([list, cursor])).toString("base64url");
}

/** @throws {AwsError} `InvalidToken` where the token is not one of this list. */
export function decodeToken(token: string | undefined, list: string): string | number | undefined {
  if (token === undefined) return undefined;
  const parsed = TokenSchema.safeParse(parseJsonText(Buffer.from(token, "base64url").toString())?.value);
  if (!parsed.success || parsed.data[0] !== list) throw invalidToken();
  return parsed.data[1];
}
