import * as z from "zod";

const LambdaCauseSchema = z.object({ errorMessage: z.string() });

/** An error's own message out of what the workflow caught: Lambda's JSON, or plain text. Never its stack. */
export function causeMessage(cause: string): string {
  try {
    const parsed = LambdaCauseSchema.safeParse(JSON.parse(cause));
    return parsed.success ? parsed.data.errorMessage : cause;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return cause;
  }
}

const afterwards = "Once the cause is gone, redrive this execution.";

/** The message of the error that a promotion ends in: what it failed of, and that it can be redriven. */
export function endingMessage({ error, message }: { error: string; message: string }): string {
  return `${error}: ${message} ${afterwards}`;
}

/** What a promotion failed of, read from the message of its end; `undefined` where the text is none. */
export function failureThatEnded(endingMessage: string): { error: string; message: string } | undefined {
  const { error, message } = /^(?<error>[\w.]+): (?<message>.*)$/s.exec(endingMessage)?.groups ?? {};
  if (error === undefined || message === undefined) return undefined;
  return {
    error,
    message: message.endsWith(afterwards) ? message.slice(0, -afterwards.length).trim() : message,
  };
}
