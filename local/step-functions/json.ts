import { parseBoundedJson } from "../wire/bounded-json.ts";
/** A JSON value together with its text, so that a payload that passes through many states is written out only once. */
export interface Json {
  value: unknown;
  text: string;
}

/** Most bytes of UTF-8 that an input, an output, a task's result or the variables of one `Assign` may have. */
export const payloadLimitBytes = 262_144;

/** Pairs a JSON value (no `undefined`, no functions) with its text. */
export function toJson(value: unknown): Json {
  return { value, text: JSON.stringify(value) };
}

/** Whether a payload is over AWS's limit of 256 KiB in UTF-8. */
export function exceedsPayloadLimit(text: string): boolean {
  // One UTF-16 code unit never takes more than three bytes, so short texts need no counting.
  if (text.length * 3 <= payloadLimitBytes) return false;
  return text.length > payloadLimitBytes || Buffer.byteLength(text) > payloadLimitBytes;
}

/** @returns nothing where the text, which comes from a caller, is not JSON or has more than 1000 levels. */
export function parseJsonText(text: string): Json | undefined {
  try {
    return toJson(parseBoundedJson(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
