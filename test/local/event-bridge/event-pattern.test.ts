import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileEventPattern } from "../../../local/event-bridge/event-pattern.ts";
import { patternVectors, refusedPatterns } from "./event-pattern-vectors.ts";

describe("compileEventPattern", () => {
  it.each(patternVectors)("matches $name", ({ pattern, matching, other }) => {
    const matches = compileEventPattern(pattern);

    expect(matching.filter((event) => !matches(event))).toStrictEqual([]);
    expect(other.filter((event) => matches(event))).toStrictEqual([]);
  });

  it.each(refusedPatterns)("refuses %s", (pattern, reason) => {
    expect(() => compileEventPattern(pattern)).toThrow(
      expect.objectContaining({
        code: "InvalidEventPatternException",
        status: 400,
        message: `Event pattern is not valid. Reason: ${reason}`,
      }),
    );
  });

  it.each(["this is no JSON", "{'bad': 'quotation'}", '{"not": closed mark"'])(
    "refuses the text %s",
    (text) => {
      expect(() => compileEventPattern(text)).toThrow(
        expect.objectContaining({ code: "InvalidEventPatternException" }),
      );
    },
  );

  it("refuses a pattern whose $or multiply into more than a thousand combinations", () => {
    const branch = Array.from({ length: 11 }, (_, index) => ({ [`f${index}`]: [1] }));

    expect(() => compileEventPattern({ a: { $or: branch }, b: { $or: branch }, c: { $or: branch } })).toThrow(
      expect.objectContaining({ code: "InvalidEventPatternException" }),
    );
  });

  it("accepts as many wildcards as EventBridge does", () => {
    const pattern = { key: ["*.bif", "*.tiff", "*.tif", "*.svs"].map((wildcard) => ({ wildcard })) };

    expect(compileEventPattern(pattern)({ key: "a.tif" })).toBe(true);
  });

  it("matches an event by a pattern that lists its own values", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), leaf, { minKeys: 1 }), (fields) => {
        const pattern = Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, [value]]));

        expect(compileEventPattern(pattern)(fields)).toBe(true);
      }),
    );
  });

  it("matches anything but a string exactly where the string itself does not match", () => {
    fc.assert(
      fc.property(fc.string(), leaf, (text, value) => {
        const itself = compileEventPattern({ field: [{ exactly: text }] })({ field: value });
        const anythingBut = compileEventPattern({ field: [{ "anything-but": text }] })({ field: value });

        expect(anythingBut).toBe(!itself);
      }),
    );
  });

  it("matches a wildcard as the regular expression of the same meaning", () => {
    const pieces = fc.array(fc.constantFrom("a", "b", "ab", "*"), { maxLength: 6 });
    fc.assert(
      fc.property(pieces, fc.stringMatching(/^[ab]{0,8}$/), (parts, text) => {
        const wildcard = parts.join("").replace(/\*+/g, "*");
        fc.pre(wildcard.split("*").length <= 4);
        const expected = new RegExp(`^${wildcard.replaceAll("*", ".*")}$`).test(text);

        expect(compileEventPattern({ field: [{ wildcard }] })({ field: text })).toBe(expected);
      }),
    );
  });

  it("matches $or exactly where one of its branches matches", () => {
    const condition = fc.record({ name: fc.constantFrom("a", "b", "c"), value: fc.constantFrom(1, 2) });
    const event = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom(1, 2));
    fc.assert(
      fc.property(fc.array(condition, { minLength: 2, maxLength: 4 }), event, (conditions, fields) => {
        const branches = conditions.map(({ name, value }) => ({ [name]: [value] }));
        const expected = branches.some((branch) => compileEventPattern(branch)(fields));

        expect(compileEventPattern({ $or: branches })(fields)).toBe(expected);
      }),
    );
  });
});

const leaf = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
