import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseJson, toWireJson } from "../../../local/wire/wire-json.ts";

const parse = (text: string) => parseJson(new TextEncoder().encode(text));

describe("parseJson", () => {
  it("takes an empty body for no members", () => {
    expect(parse("")).toStrictEqual({});
  });

  it("leaves out members and list elements that are null, at any depth", () => {
    expect(parse('{"a":null,"b":{"c":null,"d":[null,1,null,{"e":null}]},"f":"null"}')).toStrictEqual({
      b: { d: [1, {}] },
      f: "null",
    });
  });

  it.each(["{", "null", '"x"', '{"a":1,}', "\u0000", "1"])("refuses the body %j", (text) => {
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: "SerializationException", status: 400 }),
    );
  });

  it("refuses a list in AWS's words", () => {
    expect(() => parse("[]")).toThrow("Start of list found where not expected");
  });

  it("refuses a body with more levels than a service reads, with null or without", () => {
    for (const leaf of ["null", "1"]) {
      const deep = `{"a":${"[".repeat(50_000)}${leaf}${"]".repeat(50_000)}}`;

      expect(() => parse(deep)).toThrow(
        expect.objectContaining({ code: "SerializationException", status: 400 }),
      );
    }
  });

  it("refuses bytes that are not UTF-8", () => {
    expect(() => parseJson(Uint8Array.from([0x7b, 0xff, 0x7d]))).toThrow(
      expect.objectContaining({ code: "SerializationException" }),
    );
  });

  it("reads every JSON object without null as JSON.parse does", () => {
    const value = fc.jsonValue().filter((json) => !JSON.stringify(json).includes("null"));

    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), (members) => {
        const text = JSON.stringify(members);

        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});

describe("toWireJson", () => {
  it("writes dates as epoch seconds, at any depth, and leaves undefined out", () => {
    const at = new Date("2026-01-01T00:00:00.250Z");

    expect(toWireJson({ at, list: [{ at }], text: at.toISOString(), none: undefined })).toBe(
      '{"at":1767225600.25,"list":[{"at":1767225600.25}],"text":"2026-01-01T00:00:00.250Z"}',
    );
  });
});
