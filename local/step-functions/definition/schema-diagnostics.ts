import type * as z from "zod";
import { type Diagnostic, locationOf } from "./diagnostic.ts";

type Issue = z.core.$ZodIssue;

/** Fields of the JSONPath query language, which no state of a JSONata machine may have. */
const jsonPathFields = new Set([
  "InputPath",
  "OutputPath",
  "ResultPath",
  "ResultSelector",
  "Parameters",
  "Result",
  "ItemsPath",
  "MaxConcurrencyPath",
  "SecondsPath",
  "TimestampPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "ErrorPath",
  "CausePath",
  "Variable",
]);

/** Fields that AWS knows and the engine does not run. */
const fieldsNotBuilt = new Set([
  "Credentials",
  "ItemReader",
  "ItemBatcher",
  "ResultWriter",
  "Label",
  "Iterator",
  "ExecutionType",
  "ToleratedFailureCount",
  "ToleratedFailurePercentage",
]);

/** Words what the schema found as AWS's validation does: missing fields of one place in one sentence. */
export function schemaDiagnostics(error: z.ZodError): Diagnostic[] {
  const missing = new Map<string, string[]>();
  const others: Diagnostic[] = [];
  for (const issue of error.issues) {
    if (isMissing(issue)) {
      const place = locationOf(issue.path.slice(0, -1));
      missing.set(place, [...(missing.get(place) ?? []), String(issue.path.at(-1))]);
    } else {
      others.push(...diagnosticsOf(issue));
    }
  }
  return [
    ...[...missing].map(([location, fields]) =>
      schemaFault(location, `These fields are required: [${fields.join(", ")}]`),
    ),
    ...others,
  ];
}

export function schemaFault(location: string, message: string): Diagnostic {
  return { code: "SCHEMA_VALIDATION_FAILED", location, message };
}

function isMissing(issue: Issue): boolean {
  if (issue.code === "invalid_union" && issue.path.at(-1) === "Type") {
    // The input of a failed choice of the state's type is the whole state.
    return typeof issue.input === "object" && issue.input !== null && !("Type" in issue.input);
  }
  if (issue.input !== undefined) return false;
  return issue.code === "invalid_type" || issue.code === "invalid_value" || issue.code === "invalid_union";
}

function diagnosticsOf(issue: Issue): Diagnostic[] {
  const location = locationOf(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => schemaFault(location, unknownField(key)));
    case "invalid_key":
      return issue.issues.map(({ message }) => schemaFault(location, message));
    case "invalid_value":
      if (issue.path.length > 1 && issue.path.at(-1) === "QueryLanguage" && issue.input === "JSONPath") {
        return [
          schemaFault(
            locationOf(issue.path.slice(0, -1)),
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
          ),
        ];
      }
      return [
        schemaFault(
          location,
          issue.path.at(-1) === "Mode"
            ? "A distributed Map is not built in the local endpoint"
            : `Value should be one of the following: [${issue.values.map(String).join(", ")}]`,
        ),
      ];
    case "invalid_type":
      return [schemaFault(location, `Expected value of type [${issue.expected.toUpperCase()}]`)];
    case "invalid_union":
      return [
        schemaFault(
          location,
          issue.path.at(-1) === "Type"
            ? "Value should be one of the following: [Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map]"
            : issue.message,
        ),
      ];
    default:
      return [schemaFault(location, issue.message)];
  }
}

function unknownField(field: string): string {
  if (jsonPathFields.has(field)) {
    return `The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage`;
  }
  if (fieldsNotBuilt.has(field)) return `Field '${field}' is not built in the local endpoint`;
  return `Field '${field}' is not supported`;
}
