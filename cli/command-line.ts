import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import type * as z from "zod";

/** A command line that cannot be understood; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/**
 * The flags of a command line.
 *
 * @throws {UsageError} one is unknown or lacks its value.
 */
export function parseFlags<Options extends ParseArgsOptionsConfig>(
  args: string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args, strict: true, options }).values;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UsageError(`${error.message}\n\n${usage}`, { cause: error });
  }
}

/**
 * The flags of a command line, checked.
 *
 * @throws {UsageError} one line a fault, with the name of its flag.
 */
export function checkFlags<Schema extends z.ZodType>(
  flags: object,
  schema: Schema,
  usage: string,
): z.output<Schema> {
  const parsed = schema.safeParse(flags);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) => `--${path.join(".")}: ${message}`);
  throw new UsageError(`${faults.join("\n")}\n\n${usage}`);
}
