import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesWildcard } from "../../../local/identity/wildcard.ts";

const smallText = fc.string({ unit: fc.constantFrom("a", "b", ":", "/"), maxLength: 12 });
const smallPattern = fc.string({ unit: fc.constantFrom("a", "b", ":", "/", "*", "?"), maxLength: 8 });

describe("matchesWildcard", () => {
  it.each([
    ["*", "", true],
    ["a*", "a", true],
    ["a?", "a", false],
    ["sagemaker:*ModelCard", "sagemaker:DescribeModelCard", true],
    ["sagemaker:*ModelCard", "sagemaker:ListModelCards", false],
    [
      "arn:aws:states:*:111111111111:execution:*",
      "arn:aws:states:eu-west-1:111111111111:execution:m:e",
      true,
    ],
    ["arn:aws:sagemaker:*", "arn:aws:sagemaker:eu-west-1:111111111111:model-card/x", true],
    ["a.c", "abc", false],
  ])("answers for %s and %s: %s", (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it("agrees with a regular expression", () => {
    fc.assert(
      fc.property(smallPattern, smallText, (pattern, text) => {
        const expression = new RegExp(`^${pattern.replaceAll("*", ".*").replaceAll("?", ".")}$`);

        expect(matchesWildcard(pattern, text)).toBe(expression.test(text));
      }),
      { numRuns: 2000 },
    );
  });

  it("stays fast on a pattern that makes regular expressions explode", () => {
    const pattern = `${"*a".repeat(200)}b`;
    const text = "a".repeat(5000);

    expect(matchesWildcard(pattern, text)).toBe(false);
  });
});
