/** What a call of a function is about. It stands in every log line of the call and in its trace, so it holds nothing secret. */
export interface CallContext {
  modelCardArn?: string | undefined;
  version?: number | undefined;
  status?: string | undefined;
  executionArn?: string | undefined;
}

/**
 * The members that every log line of a call has. The correlation id is the execution's name, which begins with the id of the
 * event that started it; a call without an execution goes by its own request.
 */
export function logKeysOf(about: CallContext, requestId: string): Record<string, unknown> {
  const { executionArn } = about;
  return { ...about, correlation_id: executionArn === undefined ? requestId : lastPart(executionArn, ":") };
}

/** What traces are found by. */
export function annotationsOf({ modelCardArn, executionArn }: CallContext): Record<string, string> {
  return {
    ...(modelCardArn !== undefined && { modelCardName: lastPart(modelCardArn, "/") }),
    ...(executionArn !== undefined && { executionArn }),
  };
}

function lastPart(arn: string, separator: string): string {
  return arn.slice(arn.lastIndexOf(separator) + 1);
}
