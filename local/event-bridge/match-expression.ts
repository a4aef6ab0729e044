import { invalidPattern } from "./invalid-pattern.ts";
import { compileCidr, parseIpAddress } from "./ip-address.ts";
import type { LeafValue } from "./json-value.ts";
import { isJsonObject } from "./json-value.ts";
import { compileNumericRange } from "./numeric-range.ts";
import { isTooComplex, parseWildcard, wildcardMatcher } from "./wildcard.ts";

/** What the list of values of one field in a pattern asks for. A field matches if any of its alternatives does. */
export interface FieldCondition {
  /** `{"exists": false}` is among the alternatives. */
  absent: boolean;
  matchesValue: (value: LeafValue) => boolean;
}

type ValueTest = (value: LeafValue) => boolean;

interface Alternative {
  absent?: true;
  test?: ValueTest;
  /** Wildcard patterns within, for the limit on their complexity. */
  wildcards?: string[];
}

/**
 * Compiles the list of values that a pattern gives one field, for example `["a", {"prefix": "b"}]`.
 *
 * @throws {AwsError} `InvalidEventPatternException` on what EventBridge refuses.
 */
export function compileFieldCondition(list: readonly unknown[]): FieldCondition {
  if (list.length === 0) throw invalidPattern("Empty arrays are not allowed");
  const alternatives = list.map(compileAlternative);
  const wildcards = alternatives.flatMap((alternative) => alternative.wildcards ?? []);
  if (isTooComplex([...new Set(wildcards)].map(parseWildcard))) {
    throw invalidPattern(
      "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character",
    );
  }
  const tests = alternatives.flatMap(({ test }) => (test === undefined ? [] : [test]));
  return {
    absent: alternatives.some(({ absent }) => absent === true),
    matchesValue: (value) => tests.some((test) => test(value)),
  };
}

function compileAlternative(alternative: unknown): Alternative {
  if (isJsonObject(alternative)) return compileExpression(alternative);
  if (typeof alternative === "string") {
    const address = parseIpAddress(alternative);
    if (address === undefined) return { test: (value) => value === alternative };
    // Two spellings of one address are the same value.
    return { test: onString((text) => isSameAddress(text, address)) };
  }
  if (typeof alternative === "number" || typeof alternative === "boolean" || alternative === null) {
    return { test: (value) => value === alternative };
  }
  throw invalidPattern("Match value must be String, number, true, false, or null");
}

function isSameAddress(text: string, { bits, value }: { bits: number; value: bigint }): boolean {
  const address = parseIpAddress(text);
  return address !== undefined && address.bits === bits && address.value === value;
}

function compileExpression(expression: Record<string, unknown>): Alternative {
  const [name, ...others] = Object.keys(expression);
  if (name === undefined) throw invalidPattern("Match expression name not found");
  const operand = expression[name];
  const compile = Object.hasOwn(expressions, name) ? expressions[name] : undefined;
  if (compile === undefined) throw invalidPattern(`Unrecognized match type ${name}`);
  const alternative = compile(operand);
  if (others.length > 0) {
    throw invalidPattern(
      name === "numeric" || name === "anything-but"
        ? "Too many elements in numeric expression"
        : "Only one key allowed in match expression",
    );
  }
  return alternative;
}

const expressions: Record<string, (operand: unknown) => Alternative> = {
  exactly: (operand) => {
    const text = requireString(operand, "exact match pattern must be a string");
    return { test: (value) => value === text };
  },
  prefix: (operand) => {
    if (isJsonObject(operand)) {
      const folded = ignoredCaseOperand("Prefix", operand).toLowerCase();
      return { test: onString((text) => text.toLowerCase().startsWith(folded)) };
    }
    const prefix = requireString(operand, "prefix match pattern must be a string");
    return { test: onString((text) => text.startsWith(prefix)) };
  },
  suffix: (operand) => {
    if (isJsonObject(operand)) {
      const folded = ignoredCaseOperand("Suffix", operand).toLowerCase();
      return { test: onString((text) => text.toLowerCase().endsWith(folded)) };
    }
    const suffix = requireString(operand, "suffix match pattern must be a string");
    return { test: onString((text) => text.endsWith(suffix)) };
  },
  "equals-ignore-case": (operand) => {
    const text = requireString(operand, "equals-ignore-case match pattern must be a string");
    return { test: equalsIgnoreCase(text) };
  },
  wildcard: (operand) => {
    const pattern = requireString(operand, "wildcard match pattern must be a string");
    return { test: onString(wildcardMatcher(parseWildcard(pattern))), wildcards: [pattern] };
  },
  cidr: (operand) => {
    // Event Ruler itself says "prefix" here.
    const cidr = requireString(operand, "prefix match pattern must be a string");
    return { test: onString(compileCidr(cidr)) };
  },
  exists: (operand) => {
    if (typeof operand !== "boolean")
      throw invalidPattern("exists match pattern must be either true or false.");
    return operand ? { test: () => true } : { absent: true };
  },
  numeric: (operand) => {
    if (!Array.isArray(operand)) throw invalidPattern("Value of numeric must be an array.");
    const inRange = compileNumericRange(operand);
    return { test: (value) => typeof value === "number" && inRange(value) };
  },
  "anything-but": compileAnythingBut,
};

function compileAnythingBut(operand: unknown): Alternative {
  if (isJsonObject(operand)) return compileNestedAnythingBut(operand);
  if (Array.isArray(operand)) {
    const values: unknown[] = operand;
    if (values.some((value) => typeof value !== "string" && typeof value !== "number")) {
      throw invalidPattern("Inside anything but list, start|null|boolean is not supported.");
    }
    if (new Set(values.map((value) => typeof value)).size !== 1) {
      throw invalidPattern(
        "Inside anything but list, either all values are number or string, mixed type is not supported",
      );
    }
    const excluded = new Set(values);
    return { test: (value) => !excluded.has(value) };
  }
  if (typeof operand !== "string" && typeof operand !== "number") {
    throw invalidPattern("Value of anything-but must be an array or single string/number value.");
  }
  return { test: (value) => value !== operand };
}

/** `{"anything-but": {"prefix": "a"}}` and its like: a value that is no string is something else, and matches. */
function compileNestedAnythingBut(operand: Record<string, unknown>): Alternative {
  const [name, ...others] = Object.keys(operand);
  if (name === undefined) throw invalidPattern("Anything-But expression name not found");
  const nested = Object.hasOwn(nestedTests, name) ? nestedTests[name] : undefined;
  if (nested === undefined) throw invalidPattern(`Unsupported anything-but pattern: ${name}`);
  const given = operand[name];
  if (!Array.isArray(given) && typeof given !== "string" && typeof given !== "number") {
    throw invalidPattern("Value of anything-but must be an array or single string/number value.");
  }
  const values: unknown[] = Array.isArray(given) ? given : [given];
  // Event Ruler compiles an empty list here into a rule that it then cannot evaluate.
  if (values.length === 0) throw invalidPattern("Empty arrays are not allowed");
  const excluded = values.map((value) => {
    const text = requireString(value, nested.notAString);
    if (text === "" && nested.refusesEmpty) throw invalidPattern("Null prefix/suffix not allowed");
    return text;
  });
  const tests = excluded.map((text) => nested.compile(text));
  if (others.length > 0) throw invalidPattern("Too many elements in numeric expression");
  return {
    test: (value) => !tests.some((test) => test(value)),
    ...(name === "wildcard" ? { wildcards: excluded } : {}),
  };
}

const nestedTests: Record<
  string,
  { notAString: string; refusesEmpty: boolean; compile: (text: string) => ValueTest }
> = {
  prefix: {
    notAString: "prefix/suffix match pattern must be a string",
    refusesEmpty: true,
    compile: (prefix) => onString((text) => text.startsWith(prefix)),
  },
  suffix: {
    notAString: "prefix/suffix match pattern must be a string",
    refusesEmpty: true,
    compile: (suffix) => onString((text) => text.endsWith(suffix)),
  },
  "equals-ignore-case": {
    notAString: "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.",
    refusesEmpty: false,
    compile: equalsIgnoreCase,
  },
  wildcard: {
    notAString: "wildcard match pattern must be a string",
    refusesEmpty: false,
    compile: (pattern) => onString(wildcardMatcher(parseWildcard(pattern))),
  },
};

function equalsIgnoreCase(expected: string): ValueTest {
  const folded = expected.toLowerCase();
  return onString((text) => text.toLowerCase() === folded);
}

function ignoredCaseOperand(kind: "Prefix" | "Suffix", operand: Record<string, unknown>): string {
  const [name, ...others] = Object.keys(operand);
  if (name === undefined) throw invalidPattern(`${kind} expression name not found`);
  if (name !== "equals-ignore-case") {
    throw invalidPattern(`Unsupported ${kind.toLowerCase()} pattern: ${name}`);
  }
  const text = requireString(operand[name], "equals-ignore-case match pattern must be a string");
  if (others.length > 0) throw invalidPattern("Only one key allowed in match expression");
  return text;
}

function onString(test: (text: string) => boolean): ValueTest {
  return (value) => typeof value === "string" && test(value);
}

function requireString(value: unknown, refusal: string): string {
  if (typeof value !== "string") throw invalidPattern(refusal);
  return value;
}
