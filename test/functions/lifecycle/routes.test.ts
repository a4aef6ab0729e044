import { describe, expect, it } from "vitest";
import { lifecycleOf } from "../../../functions/lifecycle/routes.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

const [base] = lifecycleSettings.lifecycles;
const lifecycles = base === undefined ? [] : [base, { ...base, name: "fraud" }];

describe("lifecycleOf", () => {
  it("takes the first route that matches the name", () => {
    const routes = [
      { namePattern: "Fraud-*", lifecycle: "fraud" },
      { namePattern: "*", lifecycle: "default" },
    ];

    const fraud = lifecycleOf({ modelCardName: "Fraud-Scoring", tags: {} }, { routes, lifecycles });
    const other = lifecycleOf({ modelCardName: "Churn", tags: {} }, { routes, lifecycles });

    expect([fraud?.name, other?.name]).toStrictEqual(["fraud", "default"]);
  });

  it("takes a route by tag only for the exact value", () => {
    const routes = [{ tag: { key: "line", value: "fraud" }, lifecycle: "fraud" }];

    const tagged = lifecycleOf({ modelCardName: "a", tags: { line: "fraud" } }, { routes, lifecycles });
    const untagged = lifecycleOf(
      { modelCardName: "a", tags: { line: "fraudulent" } },
      { routes, lifecycles },
    );

    expect([tagged?.name, untagged?.name]).toStrictEqual(["fraud", undefined]);
  });

  it("reads everything but the star in a pattern literally", () => {
    const routes = [{ namePattern: "a.c*", lifecycle: "fraud" }];

    expect(lifecycleOf({ modelCardName: "abcd", tags: {} }, { routes, lifecycles })).toBeUndefined();
  });
});
