/** An error as the Lambda runtime reports it; its JSON text is the payload of a failed invocation. */
export interface FunctionError {
  errorType: string;
  errorMessage: string;
  trace?: string[];
}

/**
 * Words what a handler threw as the Node.js runtime does.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
 */
export function formatError(error: unknown): FunctionError {
  if (!(error instanceof Error)) {
    return { errorType: typeof error, errorMessage: textOf(error), trace: [] };
  }
  return {
    errorType: error.name,
    errorMessage: error.message,
    trace: error.stack?.split("\n") ?? [],
  };
}

/** Words a failed cold start: a missing module and a syntax error get the runtime's own type. */
export function loadError(error: unknown): FunctionError {
  if (!(error instanceof Error)) return formatError(error);
  const code = "code" in error ? error.code : undefined;
  const trace = error.stack?.split("\n") ?? [];
  if (error instanceof SyntaxError) {
    return { errorType: "Runtime.UserCodeSyntaxError", errorMessage: String(error), trace };
  }
  if (code === "MODULE_NOT_FOUND" || code === "ERR_MODULE_NOT_FOUND") {
    return { errorType: "Runtime.ImportModuleError", errorMessage: String(error), trace };
  }
  return formatError(error);
}

/** What a result ends in that JSON cannot hold: a function, a BigInt, a circle. */
export function jsonStringifyError(): FunctionError {
  return {
    errorType: "Runtime.JSONStringifyError",
    errorMessage: "Unable to stringify response body",
    trace: ["Runtime.JSONStringifyError: Unable to stringify response body"],
  };
}

/** `String(value)`, except that an object without a usable `toString` does not throw again. */
function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? Object.prototype.toString.call(value) : String(value);
}
