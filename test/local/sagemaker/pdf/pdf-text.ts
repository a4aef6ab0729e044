import { inflateSync } from "node:zlib";

/**
 * The text that a PDF shows, in the order in which it is drawn, a line for each piece: enough of a reader for what `local/`
 * makes, where each font says which letters its glyphs are.
 */
export function pdfText(pdf: Uint8Array): string {
  const objects = objectsOf(Buffer.from(pdf).toString("latin1"));
  const lettersOf = new Map<string, Map<string, string>>();
  for (const [number, { head }] of objects) {
    const map = /\/ToUnicode (\d+) 0 R/.exec(head)?.[1];
    if (map !== undefined) lettersOf.set(number, lettersIn(objects.get(map)?.stream ?? ""));
  }
  const fonts = new Map(
    [...objects.values()].flatMap(({ head }) =>
      [...head.matchAll(/\/(F\d+) (\d+) 0 R/g)].map(([, name = "", number = ""]) => [name, number]),
    ),
  );
  const lines: string[] = [];
  let letters = new Map<string, string>();
  for (const { stream } of objects.values()) {
    for (const [, font, shown] of stream.matchAll(/\/(F\d+) [\d.]+ Tf|\[(.*?)\] TJ/g)) {
      if (font !== undefined) letters = lettersOf.get(fonts.get(font) ?? "") ?? letters;
      else {
        const glyphs = [...(shown ?? "").matchAll(/<([0-9a-f]+)>/g)].flatMap(
          ([, hexadecimal]) => hexadecimal?.match(/.{4}/g) ?? [],
        );
        lines.push(glyphs.map((glyph) => letters.get(glyph) ?? "\ufffd").join(""));
      }
    }
  }
  return lines.join("\n");
}

interface PdfObject {
  head: string;
  stream: string;
}

function objectsOf(text: string): Map<string, PdfObject> {
  const objects = text.matchAll(/(\d+) 0 obj\n(.*?)(?:\nstream\n(.*?)\nendstream)?\nendobj/gs);
  return new Map(
    [...objects].map(([, number = "", head = "", stream = ""]) => [
      number,
      {
        head,
        stream:
          head.includes("/FlateDecode") && !head.includes("/FontFile")
            ? inflateSync(Buffer.from(stream, "latin1")).toString("latin1")
            : stream,
      },
    ]),
  );
}

function lettersIn(map: string): Map<string, string> {
  const letters = new Map<string, string>();
  for (const [, first = "", , list = ""] of map.matchAll(/<([0-9a-f]+)> <([0-9a-f]+)> \[(.*?)\]/gs)) {
    for (const [index, [, hexadecimal = ""]] of [...list.matchAll(/<([0-9a-f ]+)>/g)].entries()) {
      const glyph = (parseInt(first, 16) + index).toString(16).padStart(4, "0");
      letters.set(glyph, Buffer.from(hexadecimal.replaceAll(" ", ""), "hex").swap16().toString("utf16le"));
    }
  }
  return letters;
}
