/** A value that a field of an event can have: what is left when objects and arrays are opened. */
export type LeafValue = string | number | boolean | null;

export function isJsonObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isLeafValue(value: unknown): value is LeafValue {
  return (
    value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean"
  );
}
