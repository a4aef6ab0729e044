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
