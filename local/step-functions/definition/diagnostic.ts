/** One fault of a definition, in the words of `ValidateStateMachineDefinition`. */
export interface Diagnostic {
  code: DiagnosticCode;
  /** Where it is, for example `/States/ReadCard/Next`; left out where the text is not even JSON. */
  location?: string;
  message: string;
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ValidateStateMachineDefinitionDiagnostic.html */
export type DiagnosticCode =
  | "INVALID_JSON_DESCRIPTION"
  | "SCHEMA_VALIDATION_FAILED"
  | "DUPLICATE_STATE_NAME"
  | "MISSING_TRANSITION_TARGET"
  | "MISSING_END_STATE"
  | "INVALID_RESOURCE"
  | "INVALID_JSONATA_EXPRESSION"
  | "UNSUPPORTED_JSONATA_EXPRESSION";

/** `["States", "Ask", "Retry", 0, "MaxAttempts"]` as AWS writes it: `/States/Ask/Retry[0]/MaxAttempts`. */
export function locationOf(path: readonly PropertyKey[]): string {
  const location = path.map((part) => (typeof part === "number" ? `[${part}]` : `/${String(part)}`)).join("");
  return location === "" ? "/" : location;
}

/** The sentence in which `CreateStateMachine` names every fault. */
export function describeDiagnostics(diagnostics: readonly Diagnostic[]): string {
  const faults = diagnostics.map(
    ({ code, location, message }) => `${code}: ${message}${location === undefined ? "" : ` at ${location}`}`,
  );
  return `Invalid State Machine Definition: '${faults.join(", ")}'`;
}
