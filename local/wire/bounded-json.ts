/** Most levels of objects and lists that a JSON text of a caller may have, as in the parser that AWS's services use. */
export const maximumJsonDepth = 1000;

/** A JSON text with more levels than {@link maximumJsonDepth}, refused like any other text that is not JSON. */
export class JsonTooDeepError extends SyntaxError {
  override readonly name = "JsonTooDeepError";
}

/**
 * As `JSON.parse`, for a text that comes from a caller: what it returns can be walked and written out recursively.
 *
 * @throws {SyntaxError} the text is not JSON.
 * @throws {JsonTooDeepError} it has more than 1000 levels.
 */
export function parseBoundedJson(
  text: string,
  reviver?: (this: unknown, key: string, value: unknown) => unknown,
): unknown {
  if (isTooDeep(text)) throw new JsonTooDeepError(`More than ${maximumJsonDepth} levels of JSON`);
  return JSON.parse(text, reviver);
}

/** Looks at the text, because the parsed value could only be walked by what its depth would break. */
function isTooDeep(text: string): boolean {
  if (text.length <= maximumJsonDepth) return false;
  let depth = 0;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === '"') index = closingQuote(text, index);
    else if (character === "[" || character === "{") {
      depth += 1;
      if (depth > maximumJsonDepth) return true;
    } else if (character === "]" || character === "}") depth -= 1;
  }
  return false;
}

/** Where the string that opens at `start` ends; the end of the text where it does not. */
function closingQuote(text: string, start: number): number {
  let quote = text.indexOf('"', start + 1);
  while (quote >= 0 && isEscaped(text, quote)) quote = text.indexOf('"', quote + 1);
  return quote < 0 ? text.length : quote;
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text[quote - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}
