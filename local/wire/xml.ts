/** How AWS Query writes a list or a map without an element or a part of a name around it: each element under this name. */
export interface FlattenedMember {
  /** `Messages` are `<Message>` elements, and `AttributeNames` are `AttributeName.1`, `AttributeName.2`. */
  element: string;
  /** For a map: what key and value of an entry are called. */
  entry?: { key: string; value: string };
}

/**
 * A result as AWS Query writes it: a list as `<member>` elements, a member that is `undefined` left out, a `Map` as
 * `<entry>` elements, a `Date` in ISO 8601.
 *
 * @param flattened - Members, at any depth, that are written without an element around them; none if left out.
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#response-serialization
 */
export function toXml(value: unknown, flattened: Readonly<Record<string, FlattenedMember>> = {}): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value))
    return value.map((member) => `<member>${toXml(member, flattened)}</member>`).join("");
  if (value instanceof Map) {
    return [...value]
      .map(([key, entry]) => `<entry>${toXml({ key, value: entry }, flattened)}</entry>`)
      .join("");
  }
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => {
        const flat = Object.hasOwn(flattened, name) ? flattened[name] : undefined;
        if (flat !== undefined) return flattenedXml(member, flat, flattened);
        return `<${name}>${toXml(member, flattened)}</${name}>`;
      })
      .join("");
  }
  return escapeXml(typeof value === "string" ? value : JSON.stringify(value));
}

function flattenedXml(
  member: unknown,
  { element, entry }: FlattenedMember,
  flattened: Readonly<Record<string, FlattenedMember>>,
): string {
  const elements =
    entry === undefined
      ? [member].flat()
      : Object.entries(Object(member)).map(([key, value]) => ({ [entry.key]: key, [entry.value]: value }));
  return elements.map((one) => `<${element}>${toXml(one, flattened)}</${element}>`).join("");
}

/** Characters that XML 1.0 cannot carry at all become U+FFFD, so that a client can always read the answer. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
