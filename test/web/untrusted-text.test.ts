import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { manyLines, oneLine } from "../../web/untrusted-text.ts";

/** Texts of any characters, rich in those that do harm. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.string({ unit: "binary" }),
      fc.constantFrom(
        "://",
        "https",
        ":",
        "//",
        "/",
        "www",
        ".",
        "W\u200BWW.",
        "evil",
        "com",
        " ",
        "\u{1F600}",
      ),
      fc.constantFrom("\r\n", "\n", "\n\n\n", "\v", "\u0085", "\u2028", "\u2029", "\t", "\u0000", "\u001B"),
      fc.constantFrom(
        "\u061C",
        "\u200E",
        "\u200F",
        "\u202E",
        "\u2066",
        "\u2069",
        "\u200D",
        "\uFEFF",
        "\u00AD",
      ),
      fc.constantFrom("\uD800", "\uDC00"),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(""));

const neverShown = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u;
const link = /:\/\/|(?<![\p{L}\p{N}_])www\./iu;

describe("oneLine", () => {
  it("holds no control, separator, bidi or zero-width character and no link, whatever it is given", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = oneLine(text);

        expect(line).not.toMatch(neverShown);
        expect(line).not.toMatch(link);
        expect(line).not.toMatch(/^\s|\s$|\s\s|[^\S ]/u);
      }),
    );
  });

  it("changes nothing when it is applied again", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 40 }), (text, most) => {
        expect(oneLine(oneLine(text, most), most)).toBe(oneLine(text, most));
      }),
    );
  });

  it("has at most as many code points as it may have, and cuts none of them apart", () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 1, max: 40 }), (text, most) => {
        const line = oneLine(text, most);

        expect(Array.from(line).length).toBeLessThanOrEqual(most);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });

  it("leaves ordinary text as it is", () => {
    const text = "Žofie O'Neill <zofie@example.com>, model v1.2 (train.csv): 予測, e.g. and/or 50 %";

    expect(oneLine(text)).toBe(text);
  });

  it.each([
    ["a\r\nBcc: b", "a Bcc: b"],
    ["a\u2028b\u0085c\td", "a b c d"],
    ["  a \u00A0 b  ", "a b"],
    ["gpj\u202Eexe.\u202C", "gpjexe."],
    ["ad\u00ADmin\u200B\u2066\uFEFF\u{E0041}", "admin"],
  ])("makes %j one line of visible characters", (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it.each([
    ["see https://evil.example.com/a.b", "see https[:]//evil[.]example[.]com/a[.]b"],
    ["HTTPS://EVIL", "HTTPS[:]//EVIL"],
    ["WWW.evil.com.", "WWW[.]evil[.]com."],
    ["(www.evil.com)", "(www[.]evil[.]com)"],
    ["w\u200Bww.evil.com h:\u2060//x", "www[.]evil[.]com h[:]//x"],
    ["evil.com/approvals evil.com:443/a evil.com?a", "evil[.]com/approvals evil[.]com:443/a evil[.]com?a"],
  ])("makes no link of %j", (text, expected) => {
    expect(oneLine(text)).toBe(expected);
  });

  it("shortens by whole code points, without a space before the dots", () => {
    expect(oneLine("\u{1F600}\u{1F600}\u{1F600}", 2)).toBe("\u{1F600}…");
    expect(oneLine("a b c", 3)).toBe("a…");
    expect(oneLine("abc", 3)).toBe("abc");
  });
});

describe("manyLines", () => {
  it("breaks its lines by one character, and each is as oneLine makes it", () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const lines = manyLines(text).split("\n");

        expect(lines.map((line) => oneLine(line))).toStrictEqual(lines);
        expect(lines.join("")).not.toMatch(neverShown);
      }),
    );
  });

  it("keeps line breaks of every kind, and at most one empty line in a row", () => {
    expect(manyLines("\n\na\r\nb\rc\u2028d\u0085e\n \n\t\n\nf\n")).toBe("a\nb\nc\nd\ne\n\nf");
  });

  it("makes no links in any line", () => {
    expect(manyLines("No.\nhttps://evil\nwww.evil.com")).toBe("No.\nhttps[:]//evil\nwww[.]evil[.]com");
  });
});
