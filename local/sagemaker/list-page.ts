import { AwsError } from "../wire/aws-error.ts";
import { decodeNextToken, encodeNextToken } from "../wire/next-token.ts";
import type { SortKey } from "../wire/page.ts";

/** @throws {AwsError} `ValidationException` for a token that was not given out for this very list and its filters. */
export function listPage<Item>(
  request: object,
  token: string | undefined,
  read: (after: SortKey | undefined) => { page: Item[]; last: SortKey | undefined },
): { page: Item[]; nextToken: string | undefined } {
  const name = JSON.stringify(request);
  const after = token === undefined ? undefined : decodeNextToken(name, token);
  if (token !== undefined && after === undefined) {
    throw new AwsError("ValidationException", "Invalid NextToken.");
  }
  const { page, last } = read(after);
  return { page, nextToken: last === undefined ? undefined : encodeNextToken(name, last) };
}
