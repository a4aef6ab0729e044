import { AwsError } from "./aws-error.ts";
import { JsonTooDeepError, maximumJsonDepth, parseBoundedJson } from "./bounded-json.ts";

/** JSON text with every `Date` as epoch seconds, the way AWS's JSON protocols carry timestamps. */
export function toWireJson(value: object): string {
  return JSON.stringify(value, function replace(this: Record<string, unknown>, key, encoded: unknown) {
    // `JSON.stringify` hands over dates already as strings; the holder still has the Date.
    const original = this[key];
    return original instanceof Date ? original.getTime() / 1000 : encoded;
  });
}

/**
 * The members of a JSON request. An empty body counts as `{}`; a member or list element that is `null` counts as left
 * out, as in AWS.
 *
 * @param tooDeep - Makes the error of a body that has more levels than any service reads.
 * @throws {AwsError} `SerializationException` where the body is not a JSON object.
 */
export function parseJson(body: Uint8Array, tooDeep: () => AwsError = bodyTooDeep): object {
  if (body.byteLength === 0) return {};
  const value = jsonOf(body, tooDeep);
  if (Array.isArray(value)) {
    throw new AwsError("SerializationException", "Start of list found where not expected");
  }
  if (typeof value === "object" && value !== null) return value;
  throw new AwsError("SerializationException", "The request body is not a JSON object");
}

function jsonOf(body: Uint8Array, tooDeep: () => AwsError): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(body);
    // A reviver walks the whole document; most bodies hold no null and are spared that.
    return parseBoundedJson(text, text.includes("null") ? dropNull : undefined);
  } catch (error) {
    if (error instanceof JsonTooDeepError) throw tooDeep();
    if (!(error instanceof SyntaxError || error instanceof TypeError)) throw error;
    return undefined;
  }
}

function bodyTooDeep(): AwsError {
  return new AwsError(
    "SerializationException",
    `The request body has more than ${maximumJsonDepth} levels of JSON`,
  );
}

function dropNull(_key: string, value: unknown): unknown {
  if (value === null) return undefined;
  // A dropped element leaves a hole, and `filter` closes holes.
  return Array.isArray(value) ? value.filter(() => true) : value;
}
