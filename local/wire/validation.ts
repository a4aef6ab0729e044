import type * as z from "zod";

type Issue = z.core.$ZodIssue;

/**
 * Words a failed parse as AWS's front ends do, for example
 * `1 validation error detected: Value 'a b' at 'modelCardName' failed to satisfy constraint: Member must satisfy
 * regular expression pattern: …`.
 *
 * @param sensitive - Top-level members whose value is never repeated, because AWS marks them sensitive.
 * @returns `serialization` where a member has the wrong JSON type, which AWS refuses before it looks at constraints;
 *   `notModelled` are the members that a strict schema does not know.
 */
export function describeInvalidInput(
  error: z.ZodError,
  sensitive: readonly string[] = [],
): { kind: "serialization" | "validation"; message: string; notModelled: string[] } {
  const notModelled = error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys.map((key) => memberPath([...issue.path, key])) : [],
  );
  const wrongType = error.issues.find((issue) => isWrongType(issue));
  if (wrongType !== undefined) {
    return { kind: "serialization", message: wrongTypeSentence(wrongType), notModelled };
  }
  const sentences = error.issues.flatMap((issue) => issueSentences(issue, sensitive));
  const count = `${sentences.length} validation error${sentences.length === 1 ? "" : "s"} detected`;
  return { kind: "validation", message: `${count}: ${sentences.join("; ")}`, notModelled };
}

function isMissing(issue: Issue): boolean {
  return issue.input === undefined || issue.input === null;
}

function isWrongType(issue: Issue): boolean {
  if (isMissing(issue)) return false;
  if (issue.code === "invalid_type") return true;
  return issue.code === "invalid_value" && issue.values.every((value) => typeof value !== typeof issue.input);
}

function issueSentences(issue: Issue, sensitive: readonly string[]): string[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      sentence("Value", [...issue.path, key], "Member is not modelled by the local endpoint"),
    );
  }
  if (isMissing(issue)) return [sentence("Value null", issue.path, "Member must not be null")];
  const hidden = sensitive.includes(String(issue.path[0]));
  return [sentence(hidden ? "Value" : `Value '${shown(issue.input)}'`, issue.path, constraint(issue))];
}

function sentence(value: string, path: PropertyKey[], broken: string): string {
  return `${value} at '${memberPath(path)}' failed to satisfy constraint: ${broken}`;
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
      return `Member must satisfy regular expression pattern: ${awsPattern(issue.pattern ?? issue.format)}`;
    case "invalid_value":
      return `Member must satisfy enum value set: [${issue.values.map(String).join(", ")}]`;
    case "invalid_key":
      return `Map keys must satisfy constraint: [${issue.issues.map(constraint).join(", ")}]`;
    default:
      return issue.message;
  }
}

/** A JavaScript pattern as AWS prints its own: without slashes, anchors, flags and JavaScript's escaped slash. */
function awsPattern(pattern: string): string {
  return pattern.replace(/^\/\^?|\$?\/[a-z]*$/g, "").replaceAll(String.raw`\/`, "/");
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
  if (Array.isArray(value)) return `[${value.map(shown).join(", ")}]`;
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The sentence of AWS's JSON services for a member that has another JSON type than its shape. */
function wrongTypeSentence(issue: Issue): string {
  const expected = issue.code === "invalid_type" ? issue.expected : "string";
  if (Array.isArray(issue.input)) return "Start of list found where not expected";
  if (typeof issue.input === "object") return "Start of structure or map found where not expected.";
  if (expected === "array") return "Expected list or null";
  if (expected === "object" || expected === "record") return "Expected null";
  const names: Record<string, string> = {
    string: "a String",
    // Zod expects a number first and then an integer; no service here has any other number.
    number: "an Integer",
    int: "an Integer",
    boolean: "a Boolean",
  };
  return `${jsonToken(issue.input)} can not be converted to ${names[expected] ?? expected}`;
}

function jsonToken(value: unknown): string {
  return typeof value === "boolean"
    ? `${value}_VALUE`.toUpperCase()
    : `${(typeof value).toUpperCase()}_VALUE`;
}
