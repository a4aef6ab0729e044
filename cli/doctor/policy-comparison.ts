import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import type { PolicyStatement } from "../../stacks/definitions/policy.ts";

const WordsSchema = z.union([z.string().transform((word) => [word]), z.array(z.string())]);
const StatementSchema = z.looseObject({
  Sid: z.string().optional(),
  Action: WordsSchema.optional(),
  Resource: WordsSchema.optional(),
  Principal: z.union([z.string(), z.record(z.string(), WordsSchema)]).optional(),
  Condition: z.record(z.string(), z.record(z.string(), WordsSchema)).optional(),
});
const DocumentSchema = z.looseObject({
  Statement: z.union([StatementSchema.transform((statement) => [statement]), z.array(StatementSchema)]),
});

/**
 * The statements of a policy document as IAM hands it out: JSON, encoded for a URL.
 *
 * @returns `undefined` for what is no policy document.
 */
export function statementsIn(encoded: string | undefined): unknown[] | undefined {
  try {
    return DocumentSchema.safeParse(JSON.parse(decodeURIComponent(encoded ?? ""))).data?.Statement;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof URIError) return undefined;
    throw error;
  }
}

/** Whether statements say the same, in whatever order and however one value is written; their ids say nothing. */
export function sameStatements(found: readonly unknown[], expected: readonly PolicyStatement[]): boolean {
  return isDeepStrictEqual(normal(found), normal(expected));
}

function normal(statements: readonly unknown[]): string[] {
  return statements
    .map((statement) => {
      const { Sid: _id, ...rest } = StatementSchema.parse(statement);
      return JSON.stringify(sorted(rest));
    })
    .sort();
}

/** Members by name and lists by value, through and through: order says nothing in a policy. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return [...new Set(value.map((item) => JSON.stringify(sorted(item))))].sort();
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  );
}
