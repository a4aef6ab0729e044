import * as z from "zod";

/** What `jsonata` throws is a plain object with a code and a text, not an `Error`. */
const JsonataErrorSchema = z.looseObject({ code: z.string().optional(), message: z.string() });

/**
 * The code (for example `T1006`; none for a fault of a function of ours) and the text of what `jsonata` threw.
 *
 * @throws what was thrown, where it is neither.
 */
export function jsonataErrorText(thrown: unknown): { code?: string | undefined; message: string } {
  // `message` is not enumerable on an Error, so it is read by name.
  const parsed = JsonataErrorSchema.safeParse(
    thrown instanceof Error ? { code: Reflect.get(thrown, "code"), message: thrown.message } : thrown,
  );
  if (!parsed.success) throw thrown;
  return { code: parsed.data.code, message: parsed.data.message };
}
