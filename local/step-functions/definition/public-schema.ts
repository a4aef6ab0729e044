import type { Diagnostic } from "./diagnostic.ts";

/**
 * Checks a definition with `asl-validator`, the public schema of the Amazon States Language. Slow (around 0.1 s each), so
 * it is loaded and asked only by `ValidateStateMachineDefinition`.
 *
 * @param text - A definition that `checkDefinition` lets pass.
 */
export async function publicSchemaFaults(text: string): Promise<Diagnostic[]> {
  const { default: validate } = await import("asl-validator");
  return validate(JSON.parse(text)).errors.map(({ Message }) => ({
    code: "SCHEMA_VALIDATION_FAILED",
    message: Message,
  }));
}
