import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { queryInteger } from "./query-input.ts";

/** The members of an input that ask for a page. */
export const pageInput = {
  Marker: z.string().min(1).max(320).optional(),
  MaxItems: queryInteger(z.int().min(1).max(1000)).optional(),
};

/**
 * One page of a list, as IAM's list operations cut it.
 *
 * @param keyOf - What tells an item from all others; the marker of the page after it.
 * @throws {AwsError} `ValidationError` for a marker that this list did not hand out.
 */
export function pageOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item, index: number) => string,
  { Marker, MaxItems = 100 }: { Marker?: string | undefined; MaxItems?: number | undefined },
): { page: Item[]; IsTruncated: boolean; Marker?: string } {
  const last = Marker === undefined ? undefined : Buffer.from(Marker, "base64url").toString();
  const start = last === undefined ? 0 : items.findIndex((item, index) => keyOf(item, index) === last) + 1;
  if (last !== undefined && start === 0) throw new AwsError("ValidationError", "Invalid Marker.");

  const page = items.slice(start, start + MaxItems);
  const end = start + page.length;
  const lastItem = page.at(-1);
  return end < items.length && lastItem !== undefined
    ? { page, IsTruncated: true, Marker: Buffer.from(keyOf(lastItem, end - 1)).toString("base64url") }
    : { page, IsTruncated: false };
}
