import * as z from "zod";

/** The members by which every list operation of EventBridge pages. */
export const PageSchema = z.strictObject({
  Limit: z.int().min(1).max(100).default(100),
  NextToken: z.string().min(1).max(2048).optional(),
});

/**
 * Cuts one page out of a list that is ordered by `key`. The token names the last key seen, so that a page stays right
 * when entries come and go between calls.
 */
export function pageOf<Entry>(
  entries: readonly Entry[],
  key: (entry: Entry) => string,
  { Limit, NextToken }: z.output<typeof PageSchema>,
): { page: Entry[]; NextToken: string | undefined } {
  const after = NextToken === undefined ? "" : Buffer.from(NextToken, "base64url").toString();
  const following = entries.filter((entry) => key(entry) > after);
  const page = following.slice(0, Limit);
  const last = page.at(-1);
  return {
    page,
    NextToken:
      last === undefined || following.length <= Limit
        ? undefined
        : Buffer.from(key(last)).toString("base64url"),
  };
}
