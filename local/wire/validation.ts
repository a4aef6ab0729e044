import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/**
 * Words a failed parse as AWS's front ends do, for example
 * `1 validation error detected: Value 'a b' at 'modelCardName' failed to satisfy constraint: Member must satisfy
 * regular expression pattern: …`.
 *
 * @param sensitive - Top-level members whose value is never repeated, because AWS marks them sensitive.
 * @returns `serialization` where a member has the wrong JSON type, which AWS refuses before it looks at constraints.
 */
export function describeInvalidInput(
  error: z.ZodError,
  sensitive: readonly string[] = [],
): { kind: "serialization" | "validation"; message: string } {
  const wrongType = error.issues.find((issue) => isWrongType(issue));
  if (wrongType !== undefined) {
    return {
      kind: "serialization",
      message: `${jsonType(wrongType.input)} can not be converted to ${expectedType(wrongType)}`,
    };
  }
  const sentences = error.issues.map((issue) => sentence(issue, sensitive));
  const count = `${sentences.length} validation error${sentences.length === 1 ? "" : "s"} detected`;
  return { kind: "validation", message: `${count}: ${sentences.join("; ")}` };
}

function isWrongType(issue: Issue): boolean {
  return issue.code === "invalid_type" && issue.input !== undefined && issue.input !== null;
}

function sentence(issue: Issue, sensitive: readonly string[]): string {
  const missing = issue.input === undefined || issue.input === null;
  const hidden = sensitive.includes(String(issue.path[0]));
  const value = missing ? "Value null" : hidden ? "Value" : `Value '${shown(issue.input)}'`;
  return `${value} at '${memberPath(issue.path)}' failed to satisfy constraint: ${missing ? "Member must not be null" : constraint(issue)}`;
}

function constraint(issue: Issue): string {
  switch (issue.code) {
    case "too_big":
      return issue.origin === "number"
        ? `Member must have value less than or equal to ${issue.maximum}`
        : `Member must have length less than or equal to ${issue.maximum}`;
    case "too_small":
      return issue.origin === "number"
        ? `Member must have value greater than or equal to ${issue.minimum}`
        : `Member must have length greater than or equal to ${issue.minimum}`;
    case "invalid_format":
      return `Member must satisfy regular expression pattern: ${(issue.pattern ?? issue.format).replace(/^\/\^?|\$?\/[a-z]*$/g, "")}`;
    case "invalid_value":
      return `Member must satisfy enum value set: [${issue.values.map(String).join(", ")}]`;
    default:
      return issue.message;
  }
}

/** `["Tags", 0, "Key"]` as AWS writes it: `tags.1.member.key`. */
function memberPath(path: PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `${part + 1}.member` : lowerFirst(String(part))))
    .join(".");
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "Start of list";
  if (typeof value === "object") return "Start of structure or map";
  return `${(typeof value).toUpperCase()}_VALUE`;
}

function expectedType(issue: Issue): string {
  if (issue.code !== "invalid_type") return "the expected type";
  const names: Record<string, string> = {
    string: "String",
    number: "Number",
    int: "Integer",
    boolean: "Boolean",
    array: "List",
    object: "Map",
    record: "Map",
  };
  return names[issue.expected] ?? issue.expected;
}
