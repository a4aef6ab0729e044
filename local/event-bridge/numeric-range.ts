import { invalidPattern } from "./invalid-pattern.ts";
import { isJsonObject } from "./json-value.ts";

/**
 * Compiles `["=", 5]`, `["<", 10]` or `[">", 0, "<=", 5]`.
 *
 * @throws {AwsError} `InvalidEventPatternException`
 */
export function compileNumericRange(terms: readonly unknown[]): (value: number) => boolean {
  const [operator, bound, upperOperator, upperBound] = terms;
  if (typeof operator !== "string") {
    throw invalidPattern(
      `Invalid member in numeric match: ${terms.length === 0 ? "]" : tokenText(operator)}`,
    );
  }
  if (!["=", "<", "<=", ">", ">="].includes(operator)) {
    throw invalidPattern(`Unrecognized numeric range operator: ${operator}`);
  }
  if (typeof bound !== "number") {
    throw invalidPattern(`Value of ${operator === "=" ? "equals" : operator} must be numeric`);
  }
  if (terms.length === 2) return comparison(operator, bound);
  if (operator === "=" || operator.startsWith("<"))
    throw invalidPattern("Too many elements in numeric expression");
  if (typeof upperOperator !== "string") {
    throw invalidPattern(`Bad value in numeric range: ${tokenText(upperOperator)}`);
  }
  if (upperOperator !== "<" && upperOperator !== "<=") {
    throw invalidPattern(`Bad numeric range operator: ${upperOperator}`);
  }
  if (typeof upperBound !== "number") throw invalidPattern(`Value of ${upperOperator} must be numeric`);
  if (terms.length > 4) throw invalidPattern("Too many terms in numeric range expression");
  if (bound >= upperBound) throw invalidPattern("Bottom must be less than top");
  const aboveLower = comparison(operator, bound);
  const belowUpper = comparison(upperOperator, upperBound);
  return (value) => aboveLower(value) && belowUpper(value);
}

function comparison(operator: string, bound: number): (value: number) => boolean {
  if (!Number.isFinite(bound)) throw invalidPattern(`Cannot compare number : ${bound}`);
  switch (operator) {
    case "<":
      return (value) => value < bound;
    case "<=":
      return (value) => value <= bound;
    case ">":
      return (value) => value > bound;
    case ">=":
      return (value) => value >= bound;
    default:
      return (value) => value === bound;
  }
}

/** How Event Ruler's JSON parser names a token in its messages. */
function tokenText(value: unknown): string {
  if (Array.isArray(value)) return "[";
  return isJsonObject(value) ? "{" : String(value);
}
