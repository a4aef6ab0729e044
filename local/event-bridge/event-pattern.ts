import type { Conjunction } from "./event-fields.ts";
import { arrayConsistentMatcher } from "./event-fields.ts";
import { invalidPattern } from "./invalid-pattern.ts";
import { isJsonObject } from "./json-value.ts";
import type { FieldCondition } from "./match-expression.ts";
import { compileFieldCondition } from "./match-expression.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

/** A pattern whose `$or`s would multiply into more conjunctions than this is refused. */
const maximumConjunctions = 1000;

/**
 * Compiles an event pattern into a test of events, with the semantics of Event Ruler, the library behind EventBridge:
 * exact values, `null`, `prefix`, `suffix`, `anything-but`, `numeric`, `exists`, `equals-ignore-case`, `wildcard`,
 * `cidr`, `$or`, and arrays of objects matched one element at a time.
 *
 * @throws {AwsError} `InvalidEventPatternException` with Event Ruler's reason, without its position in the text.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html
 */
export function compileEventPattern(pattern: string | object): (event: object) => boolean {
  const parsed = typeof pattern === "string" ? parsePattern(pattern) : pattern;
  if (!isJsonObject(parsed)) throw invalidPattern("Filter is not an object");
  const alternatives: Conjunction[] = compileObject(parsed, "", [new Map()], false).map((conditions) =>
    // Event Ruler visits fields in the order of their names, on which `exists: false` in arrays depends.
    [...conditions].sort(([a], [b]) => (a < b ? -1 : 1)),
  );
  return arrayConsistentMatcher(alternatives);
}

function parsePattern(text: string): unknown {
  try {
    return parseBoundedJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw invalidPattern(error.message);
  }
}

type Conditions = Map<string, FieldCondition>;

/** Adds what `object` asks for to each of `alternatives`; `$or` multiplies them. */
function compileObject(
  object: Record<string, unknown>,
  path: string,
  alternatives: Conditions[],
  insideOr: boolean,
): Conditions[] {
  const entries = Object.entries(object);
  if (entries.length === 0) throw invalidPattern("Empty objects are not allowed");
  let compiled = alternatives;
  for (const [name, value] of entries) {
    if (name === "$or") {
      compiled = compileOr(value, path, compiled);
      continue;
    }
    if (insideOr && namesReservedInOr.has(name)) {
      throw invalidPattern(`${name} is Ruler reserved fieldName which cannot be used inside $or.`);
    }
    const childPath = path === "" ? name : `${path}.${name}`;
    if (isJsonObject(value)) {
      compiled = compileObject(value, childPath, compiled, insideOr);
    } else if (Array.isArray(value)) {
      const condition = compileFieldCondition(value);
      for (const conditions of compiled) conditions.set(childPath, condition);
    } else {
      throw invalidPattern(`"${name}" must be an object or an array`);
    }
  }
  return compiled;
}

function compileOr(branches: unknown, path: string, alternatives: Conditions[]): Conditions[] {
  if (!Array.isArray(branches)) throw invalidPattern("It must be an Array followed with $or.");
  const multiplied = branches.flatMap((branch: unknown) => {
    if (!isJsonObject(branch)) {
      throw invalidPattern("Only JSON object is allowed in array of $or relationship.");
    }
    const copies = alternatives.map((conditions) => new Map(conditions));
    return compileObject(branch, path, copies, true);
  });
  if (branches.length < 2) throw invalidPattern("There must have at least 2 Objects in $or relationship.");
  if (multiplied.length > maximumConjunctions) {
    throw invalidPattern(`Number of rule combinations exceeds ${maximumConjunctions}`);
  }
  return multiplied;
}

const namesReservedInOr = new Set(
  [
    "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr = < <= > >= regex not-wildcard",
    "not-equals-ignore-case date-after date-on-or-after date-before date-on-or-before in-date-range",
    "ip-address-in-range ip-address-not-in-range",
  ].flatMap((names) => names.split(" ")),
);
