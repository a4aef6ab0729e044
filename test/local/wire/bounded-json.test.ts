import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { JsonTooDeepError, maximumJsonDepth, parseBoundedJson } from "../../../local/wire/bounded-json.ts";

const nested = (levels: number) => "[".repeat(levels) + "]".repeat(levels);

describe("parseBoundedJson", () => {
  it("takes as many levels as AWS's parser, and refuses one more", () => {
    expect(JSON.stringify(parseBoundedJson(nested(maximumJsonDepth)))).toBe(nested(maximumJsonDepth));
    expect(() => parseBoundedJson(nested(maximumJsonDepth + 1))).toThrow(JsonTooDeepError);
    expect(() => parseBoundedJson('{"a":'.repeat(50_000))).toThrow(JsonTooDeepError);
  });

  it("counts levels, not brackets", () => {
    const wide = `[${Array.from({ length: 2000 }, () => "[{}]").join()}]`;

    expect(parseBoundedJson(wide)).toHaveLength(2000);
  });

  it("counts no bracket within a string", () => {
    const text = String.raw`["\"${"[".repeat(2000)}\\","${"{".repeat(2000)}\\\""]`;

    expect(parseBoundedJson(text)).toStrictEqual([`"${"[".repeat(2000)}\\`, `${"{".repeat(2000)}\\"`]);
    expect(() => parseBoundedJson(`["${"[".repeat(2000)}`)).toThrow(SyntaxError);
  });

  it("reads whatever JSON.parse reads", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify([value, "x".repeat(maximumJsonDepth)]);

        expect(parseBoundedJson(text)).toEqual(JSON.parse(text));
      }),
    );
  });
});
