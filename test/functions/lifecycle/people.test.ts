import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Person, answersFor, isOwnCard } from "../../../functions/lifecycle/people.ts";

const jane: Person = {
  id: "jane-doe",
  name: "Jane Doe",
  address: "jane.doe@example.com",
  identities: ["jdoe", "arn:aws:iam::111111111111:user/jane"],
};
const subject = { modelCardName: "churn-eu", lifecycle: "default", lineOfBusiness: "Retail" };

describe("isOwnCard", () => {
  it.each([
    ["the user profile", "jdoe"],
    ["the IAM identity", "arn:aws:iam::111111111111:user/jane"],
    ["the user profile in capitals", "JDOE"],
  ])("knows an editor by %s", (_case, editor) => {
    expect(isOwnCard(jane, { editors: ["somebody", editor], namedInContent: [] })).toBe(true);
  });

  it.each([
    "Jane Doe",
    "jane  doe",
    "JANE DOE (retention analytics)",
    "John Roe, Jane Doe and others",
    "Jane Doe <jane.doe@example.com>",
    "mailto:Jane.Doe@example.com",
    "Owner: Jane Doe.",
    "jane-doe",
    "data science/jdoe",
    "arn:aws:iam::111111111111:user/jane",
    "Ｊａｎｅ Ｄｏｅ",
  ])("finds the owner or creator in the content's words %j", (owner) => {
    expect(isOwnCard(jane, { editors: [], namedInContent: ["somebody else", owner] })).toBe(true);
  });

  it.each([
    "Jane Doering",
    "Mary-Jane Doe",
    "not.jdoe",
    "jdoe2",
    "jane.doe@example.com.evil.example",
    "",
    "Jane",
  ])("does not take %j for the same person", (owner) => {
    expect(isOwnCard(jane, { editors: [], namedInContent: [owner] })).toBe(false);
  });

  it("answers for any words, and quickly", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (words) => {
        expect(isOwnCard(jane, { editors: [words], namedInContent: [`${words} Jane Doe ${words}`] })).toBe(
          true,
        );
      }),
    );
    expect(isOwnCard({ ...jane, id: "a" }, { editors: [], namedInContent: ["a".repeat(100_000)] })).toBe(
      false,
    );
  });
});

describe("answersFor", () => {
  it.each([
    [undefined, true],
    [{ cards: ["churn-*"] }, true],
    [{ cards: ["fraud-*"] }, false],
    [{ linesOfBusiness: ["retail"] }, true],
    [{ linesOfBusiness: ["Credit"] }, false],
    [{ lifecycles: ["default"] }, true],
    [{ lifecycles: ["other"] }, false],
    [{ cards: ["churn-*"], linesOfBusiness: ["Credit"] }, false],
  ])("takes a responsibility of %j: %s", (given, expected) => {
    expect(answersFor({ ...jane, answersFor: given }, subject)).toBe(expected);
  });

  it("takes a card without a line of business for none of them", () => {
    const retail = { ...jane, answersFor: { linesOfBusiness: ["Retail"] } };

    expect(answersFor(retail, { ...subject, lineOfBusiness: undefined })).toBe(false);
  });
});
