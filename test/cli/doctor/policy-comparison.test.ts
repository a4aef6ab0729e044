import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sameStatements, statementsIn } from "../../../cli/doctor/policy-comparison.ts";
import type { PolicyStatement } from "../../../stacks/definitions/policy.ts";

const word = fc.constantFrom("a", "b", "c", "d");
const words = fc.uniqueArray(word, { minLength: 1 });
const statement: fc.Arbitrary<PolicyStatement> = fc.record(
  {
    Sid: word,
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: words,
    Resource: words,
    Condition: fc.dictionary(word, fc.dictionary(word, words, { minKeys: 1 }), { minKeys: 1 }),
  },
  { requiredKeys: ["Effect", "Action"] },
);

/** The same in another order, with single values outside of lists, and without ids. */
function rewritten({ Sid: _id, ...rest }: PolicyStatement): unknown {
  const turn = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.length === 1 ? value[0] : value.toReversed();
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([name, member]) => [name, turn(member)]),
    );
  };
  return turn(rest);
}

describe("sameStatements", () => {
  it("does not mind order, single values and ids", () => {
    fc.assert(
      fc.property(fc.array(statement), (statements) => {
        expect(sameStatements(statements.map(rewritten).toReversed(), statements)).toBe(true);
      }),
    );
  });

  it("minds every other difference", () => {
    fc.assert(
      fc.property(statement, word, (original, extra) => {
        fc.pre(!original.Action.includes(extra));
        const changed: PolicyStatement[] = [
          { ...original, Action: [original.Action, extra].flat() },
          { ...original, Effect: original.Effect === "Allow" ? "Deny" : "Allow" },
          { ...original, Condition: { ...original.Condition, e: { e: [extra] } } },
          { ...original, Principal: { AWS: extra } },
        ];

        for (const other of changed) expect(sameStatements([other], [original])).toBe(false);
        expect(sameStatements([original, ...changed], [original])).toBe(false);
        expect(sameStatements([], [original])).toBe(false);
      }),
    );
  });

  it("minds the difference between an element and its opposite", () => {
    const found = { Effect: "Allow", NotAction: "a", Resource: "*" };

    expect(sameStatements([found], [{ Effect: "Allow", Action: "a", Resource: "*" }])).toBe(false);
  });
});

describe("statementsIn", () => {
  it("reads what IAM hands out, with one statement or several", () => {
    const text = (Statement: unknown) =>
      encodeURIComponent(JSON.stringify({ Version: "2012-10-17", Statement }));
    const one = { Effect: "Allow", Action: ["a"] };

    expect(statementsIn(text(one))).toStrictEqual([one]);
    expect(statementsIn(text([one, one]))).toStrictEqual([one, one]);
  });

  it.each([undefined, "", "%", "[]", encodeURIComponent('{"Statement": 1}')])("finds none in %j", (text) => {
    expect(statementsIn(text)).toBeUndefined();
  });
});
