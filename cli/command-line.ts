import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import * as z from "zod";
import { ConfigurationError } from "../functions/errors.ts";

/** A command line that cannot be understood; the message says what to write instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** A flag with a value. */
export const text = { type: "string" } as const;

/** A flag without a value. */
export const flag = { type: "boolean" } as const;

/** Value of a flag that names a Region. */
export const RegionSchema = z
  .string()
  .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, "must be an AWS Region, for example eu-west-1");

/** Value of a flag that names a profile. */
export const ProfileSchema = z.string().min(1, "must be a profile of your AWS configuration");

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

/** Runs a command and sets the exit code: what it answers; 2 where it was called wrongly or the settings are wrong; 1 for all else. */
export async function runCommand(main: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await main();
  } catch (error) {
    const isWrongUse = error instanceof UsageError || error instanceof ConfigurationError;
    process.stderr.write(`${isWrongUse ? error.message : stackOf(error)}\n`);
    process.exitCode = isWrongUse ? 2 : 1;
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
