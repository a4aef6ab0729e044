import { describe, expect, it } from "vitest";
import type { Lifecycle } from "../../functions/lifecycle/settings.ts";
import { consequenceOf } from "../../web/consequences.ts";

const none = { Draft: "none", PendingReview: "none", Approved: "none", Archived: "none" } as const;
const lifecycle = (stages: Lifecycle["stages"]): Lifecycle => ({ name: "default", stages });
const stage = (
  name: string,
  accountId: string,
  access: Partial<Lifecycle["stages"][number]["access"]>,
): Lifecycle["stages"][number] => ({ name, accountId, access: { ...none, ...access } });

describe("consequenceOf", () => {
  it("names every stage that gets the card", () => {
    const stages = lifecycle([
      stage("prod-eu", "444444444444", { Approved: "read-only" }),
      stage("audit", "555555555555", { Approved: "read-only" }),
      stage("lab", "666666666666", { Approved: "read-write" }),
    ]);

    expect(consequenceOf("approve", stages, "PendingReview")).toBe(
      "the card becomes Approved and is shared with prod-eu (444444444444), read-only; audit (555555555555), read-only and lab (666666666666), read-write.",
    );
  });

  it("names what changes and what is lost", () => {
    const stages = lifecycle([
      stage("dev", "222222222222", { PendingReview: "read-write", Approved: "read-only" }),
      stage("test", "333333333333", { PendingReview: "read-write" }),
    ]);

    expect(consequenceOf("approve", stages, "PendingReview")).toBe(
      "the card becomes Approved; dev (222222222222) gets read-only instead of read-write; test (333333333333) loses its access.",
    );
  });

  it("says when nobody's access changes", () => {
    const stages = lifecycle([
      stage("dev", "222222222222", { PendingReview: "read-write", Draft: "read-write" }),
    ]);

    expect(consequenceOf("reject", stages, "PendingReview")).toBe(
      "the card goes back to Draft. Nobody's access changes.",
    );
  });

  it("takes a card that was set Approved without a decision as one in review", () => {
    const stages = lifecycle([stage("prod", "444444444444", { Approved: "read-only" })]);

    expect(consequenceOf("approve", stages, "Approved")).toBe(
      "the card stays Approved and is shared with prod (444444444444), read-only.",
    );
  });

  it("says that no route matches a card", () => {
    expect(consequenceOf("approve", undefined, "PendingReview")).toBe(
      "the card becomes Approved. No route of the settings matches it, so nobody has access.",
    );
  });
});
