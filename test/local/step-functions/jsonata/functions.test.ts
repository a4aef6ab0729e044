import { createHash } from "node:crypto";
import { array, assert, asyncProperty, integer } from "fast-check";
import { describe, expect, it } from "vitest";
import { expressionCompiler } from "../../../../local/step-functions/jsonata/compile-expression.ts";
import { testContext } from "../../sdk-request-handler.ts";

const evaluate = (source: string, bindings: Record<string, unknown> = {}) =>
  expressionCompiler(testContext())(source).evaluate(bindings);

describe("the functions that Step Functions adds", () => {
  it("$partition cuts a list into chunks whose concatenation is the list", async () => {
    await assert(
      asyncProperty(array(integer(), { minLength: 1 }), integer({ min: 1, max: 9 }), async (list, size) => {
        const chunks = await evaluate("$partition($list, $size)", { list, size });

        if (!Array.isArray(chunks)) throw new TypeError("not a list");
        expect(chunks.flat()).toStrictEqual(list);
        expect(chunks).toHaveLength(Math.ceil(list.length / size));
      }),
    );
  });

  it.each([
    ["$partition([1,2,3,4,5], 2.9)", [[1, 2], [3, 4], [5]]],
    ["$partition([1,2], 0)", undefined],
    ["$partition([], 2)", undefined],
    ["$range(0, 10, 2)", [0, 2, 4, 6, 8, 10]],
    ["$range(0, 9, 4)", [0, 4, 8]],
    ["$range(5, 1, -2)", [5, 3, 1]],
    ["$range(-1.7, 2, 1)", [-1, 0, 1, 2]],
    ["$range(3, 3, 1)", 3],
    ["$range(0, 5)", undefined],
    ["$range(0, 5, -1)", undefined],
    ["$parse('{\"a\":[1,null]}')", { a: [1, null] }],
    ["$parse($missing)", undefined],
    ["$hash('x')", undefined],
    ["$random(42) = $random(42)", true],
    ["$random()", 0.5],
    ["$uuid()", "00000000-0000-4000-8000-000000000001"],
    ["$millis()", Date.parse("2026-01-01T00:00:00.000Z")],
    ["$now()", "2026-01-01T00:00:00.000Z"],
    ["$now('[Y0001]-[M01]')", "2026-01"],
    ["$shuffle([1,2,3])", [1, 3, 2]],
  ])("%s", async (source, expected) => {
    const result = await evaluate(source);

    expect(result).toEqual(expected);
  });

  it("$random with a seed gives what java.util.Random gives", async () => {
    expect(await evaluate("$random(42)")).toBe(0.7275636800328681);
    expect(await evaluate("$random(0)")).toBe(0.730967787376657);
  });

  it.each([
    ["MD5", "md5"],
    ["SHA-1", "sha1"],
    ["SHA-256", "sha256"],
    ["SHA-384", "sha384"],
    ["SHA-512", "sha512"],
  ])("$hash computes %s as lower-case hex", async (name, algorithm) => {
    const expected = createHash(algorithm).update("Grüße").digest("hex");

    expect(await evaluate(`$hash('Grüße', '${name}')`)).toBe(expected);
  });

  it("$hash takes algorithms only by their exact names", async () => {
    await expect(evaluate("$hash('x', 'sha-256')")).rejects.toThrow("must be one of: MD5, SHA-1");
    await expect(evaluate("$hash('x', 'constructor')")).rejects.toThrow("must be one of");
  });

  it("$range refuses more than AWS's limit", async () => {
    expect(await evaluate("$count($range(1, 360145, 1))")).toBe(360_145);
    await expect(evaluate("$range(1, 360146, 1)")).rejects.toThrow("memory limit exceeded");
  });

  it("$eval does not exist", async () => {
    await expect(evaluate("$eval('1+1')")).rejects.toMatchObject({ code: "T1006" });
  });
});
