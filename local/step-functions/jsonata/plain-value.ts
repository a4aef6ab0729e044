/** An expression's result that no JSON can carry: a function or a regular expression. */
export class UnsupportedResultError extends Error {
  override readonly name = "UnsupportedResultError";
}

/**
 * Copies a result of `jsonata` into plain JSON. The copy sheds the hidden marks of JSONata's sequences: left on an
 * array that is stored, they would change what a later expression makes of it.
 *
 * @throws {UnsupportedResultError} for functions and regular expressions.
 */
export function plainValue(value: unknown): unknown {
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  // JSON has no such numbers; AWS writes their names.
  if (typeof value === "number") return Number.isFinite(value) ? value : String(value);
  if (Array.isArray(value)) return value.map((member) => plainValue(member ?? null));
  if (typeof value !== "object" || "_jsonata_lambda" in value || "_jsonata_function" in value) {
    throw new UnsupportedResultError();
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => [key, plainValue(member)]),
  );
}
