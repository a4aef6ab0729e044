/**
 * A result as AWS Query writes it: a list as `<member>` elements, a member that is `undefined` left out, a `Map` as
 * `<entry>` elements, a `Date` in ISO 8601.
 *
 * @see https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#response-serialization
 */
export function toXml(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((member) => `<member>${toXml(member)}</member>`).join("");
  if (value instanceof Map) {
    return [...value].map(([key, entry]) => `<entry>${toXml({ key, value: entry })}</entry>`).join("");
  }
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => `<${name}>${toXml(member)}</${name}>`)
      .join("");
  }
  return escapeXml(typeof value === "string" ? value : JSON.stringify(value));
}

/** Characters that XML 1.0 cannot carry at all become U+FFFD, so that a client can always read the answer. */
function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\u0020-\uFFFD\u{10000}-\u{10FFFF}]/gu, "\uFFFD")
    .replace(/[&<>"\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}
