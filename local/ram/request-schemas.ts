import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { decodeNextToken, encodeNextToken } from "../wire/next-token.ts";
import { pageOf, type SortKey } from "../wire/page.ts";
import { invalidParameter } from "./ram-error.ts";

export const ClientTokenSchema = z.string().optional();

export const ArnListSchema = z.array(z.string());

export const TagsSchema = z.array(z.strictObject({ key: z.string(), value: z.string() }));

/** Members of every list. Limits are checked by `listPage`, because RAM has errors of its own for them. */
export const paging = { maxResults: z.int().optional(), nextToken: z.string().optional() };

/** @throws {AwsError} `InvalidParameterException` with RAM's own sentence. */
export function readResourceOwner(resourceOwner: string): "SELF" | "OTHER-ACCOUNTS" {
  if (resourceOwner === "SELF" || resourceOwner === "OTHER-ACCOUNTS") return resourceOwner;
  throw invalidParameter(
    `${resourceOwner} is not a valid resource owner. Specify either SELF or OTHER-ACCOUNTS and try again.`,
  );
}

/**
 * Whether resources of this type can be in a share here at all.
 *
 * @throws {AwsError} `InvalidResourceTypeException` for what is no resource type.
 */
export function includesResourceType(resourceType: string | undefined, shared: string): boolean {
  if (resourceType === undefined) return true;
  if (!/^[A-Za-z0-9-]+:[A-Za-z0-9]+$/.test(resourceType)) {
    throw new AwsError("InvalidResourceTypeException", `The resource type ${resourceType} is not valid.`);
  }
  return resourceType.toLowerCase() === shared.toLowerCase();
}

const largestPage = 500;
const defaultPage = 100;

/**
 * One page of a list.
 *
 * @param list.items - In ascending order of `keyOf`.
 * @throws {AwsError} `InvalidNextTokenException` for a token that was not given out for this list and its filters,
 *   `InvalidParameterException` for `maxResults` out of bounds.
 */
export function listPage<Item>(
  request: { maxResults?: number | undefined; nextToken?: string | undefined },
  list: { operation: string; items: readonly Item[]; keyOf: (item: Item) => SortKey },
): { page: Item[]; nextToken: string | undefined } {
  const { maxResults = defaultPage, nextToken, ...filters } = request;
  if (maxResults < 1 || maxResults > largestPage) {
    throw list.operation === "GetResourceShareInvitations"
      ? new AwsError("InvalidMaxResultsException", "The specified value for MaxResults is not valid.")
      : invalidParameter(`maxResults must be between 1 and ${largestPage}.`);
  }
  const name = JSON.stringify([list.operation, filters]);
  const after = nextToken === undefined ? undefined : decodeNextToken(name, nextToken);
  if (nextToken !== undefined && after === undefined) {
    throw new AwsError("InvalidNextTokenException", "The specified value for NextToken is not valid.");
  }
  const { page, last } = pageOf({ ...list, after, order: "Ascending", matches: () => true, maxResults });
  return { page, nextToken: last === undefined ? undefined : encodeNextToken(name, last) };
}
