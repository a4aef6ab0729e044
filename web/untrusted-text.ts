/** Characters that show nothing and yet change a text: bidi controls, joiners, zero-width spaces, tags, annotations. */
const unseen = /[\p{Default_Ignorable_Code_Point}\u{FFF9}-\u{FFFB}]/gu;

const lineBreak = /\r\n|[\n\v\f\r\u{85}\u{2028}\u{2029}]/u;

/**
 * Untrusted text as one line that shows all that it holds, and holds nothing that a mail program makes a web link of. Mail
 * addresses stay as they are.
 *
 * @param most - How many code points the line may have; the last one of a longer text becomes `…`.
 */
export function oneLine(text: string, most = Infinity): string {
  const seen = text.toWellFormed().replace(unseen, "");
  const line = withoutLinks(seen.replace(/[\p{Cc}\s]+/gu, " ").trim());
  const codePoints = Array.from(line);
  if (codePoints.length <= most) return line;
  const kept = codePoints.slice(0, most - 1).join("");
  return `${kept.trimEnd()}…`;
}

/** Untrusted text of more than one line, each as `oneLine` makes it; they end in `\n`, and no two empty ones follow each other. */
export function manyLines(text: string): string {
  const lines = text.split(lineBreak).map((line) => oneLine(line));
  return lines
    .join("\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

/** Mail programs make links of `https://host`, `www.host` and, some of them, `host.com/path`. */
const address = /:\/\/|(?<![\p{L}\p{N}_])www\.|[\p{L}\p{N}]\.\p{L}[\p{L}\p{N}-]+(?::\d+)?[/?#]/iu;

/** Breaks every dot of an address: what is left of it would be a link otherwise. */
function withoutLinks(line: string): string {
  const words = line.split(" ").map((word) => {
    if (!address.test(word)) return word;
    return word.replaceAll("://", "[:]//").replace(/(?<=www)\.|\.(?=[\p{L}\p{N}])/giu, "[.]");
  });
  return words.join(" ");
}

/** A text as it is, line by line: what would show nothing is written as its code point. */
export function visibleText(text: string): string {
  return text.replace(unseen, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}
