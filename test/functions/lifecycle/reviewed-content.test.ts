import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reviewedContent } from "../../../functions/lifecycle/reviewed-content.ts";

describe("reviewedContent", () => {
  it.each([
    ["Low", "Low"],
    ["High", "High"],
    ["low", "Unknown"],
    ["", "Unknown"],
    [7, "Unknown"],
    [undefined, "Unknown"],
  ])("takes the risk rating %j for %s", (risk_rating, expected) => {
    const content = JSON.stringify({ intended_uses: { risk_rating } });

    expect(reviewedContent(content).riskRating).toBe(expected);
  });

  it("reads what it can where other members are not what AWS defines", () => {
    const content = JSON.stringify({
      model_overview: { model_owner: 7, model_creator: "Jane Doe" },
      intended_uses: "none",
      business_details: { line_of_business: "Retail", more: [] },
    });

    expect(reviewedContent(content)).toMatchObject({
      riskRating: "Unknown",
      lineOfBusiness: "Retail",
      owner: undefined,
      namedInContent: ["Jane Doe"],
    });
  });

  it("counts anything that is no card as unrated, and never fails", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (content) => {
        expect(reviewedContent(content).riskRating).toBe("Unknown");
      }),
    );
    expect(reviewedContent(undefined).riskRating).toBe("Unknown");
  });
});
