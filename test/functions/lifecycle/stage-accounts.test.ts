import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  stageAccountKinds,
  stageAccountOf,
  stageAccounts,
  stageNamesOf,
} from "../../../functions/lifecycle/stage-accounts.ts";
import type { Lifecycle } from "../../../functions/lifecycle/settings.ts";

const readWrite = {
  Draft: "read-write",
  PendingReview: "read-write",
  Approved: "none",
  Archived: "none",
} as const;
const fromReview = { ...readWrite, Draft: "none" } as const;
const readOnly = { Draft: "none", PendingReview: "none", Approved: "read-only", Archived: "none" } as const;
const nothing = { Draft: "none", PendingReview: "none", Approved: "none", Archived: "none" } as const;

const stage = (
  name: string,
  accountId: string,
  access: Lifecycle["stages"][number]["access"] = readWrite,
) => ({
  name,
  accountId,
  access,
});
const two = {
  lifecycles: [
    { name: "default", stages: [stage("dev", "222222222222"), stage("prod", "444444444444", readOnly)] },
    { name: "fraud", stages: [stage("dev", "333333333333"), stage("prod", "444444444444", readOnly)] },
  ],
};

const name = fc.stringMatching(/^[a-z]([a-z-]{0,6}[a-z])?$/);
const accountId = fc.integer({ min: 200_000_000_000, max: 200_000_000_009 }).map(String);
const lifecycles = fc.uniqueArray(
  fc.record({
    name,
    stages: fc.uniqueArray(fc.record({ name, accountId, access: fc.constant(nothing) }), {
      minLength: 1,
      maxLength: 4,
      selector: (stage) => stage.name,
    }),
  }),
  { minLength: 1, maxLength: 4, selector: (lifecycle) => lifecycle.name },
);

function errorOf(stageName: string): string {
  try {
    stageAccountOf(stageName, two);
  } catch (error) {
    if (error instanceof Error) return `${error.name}: ${error.message}`;
  }
  return "no error";
}

describe("stageAccountOf", () => {
  it.each([
    ["prod-account", "444444444444"],
    ["default-dev-account", "222222222222"],
    ["fraud-dev-account", "333333333333"],
    ["fraud-prod-account", "444444444444"],
    ["333333333333-account", "333333333333"],
  ])("takes %s as account %s", (stageName, accountId) => {
    expect(stageAccountOf(stageName, two)).toBe(accountId);
  });

  it("takes production as the deployment of the model card account", () => {
    expect(stageAccountOf("production", two)).toBeUndefined();
  });

  it("names the accounts that a name could mean, and the names that mean one", () => {
    expect(errorOf("dev-account")).toBe(
      "ConfigurationError: --stage dev-account could be each of the accounts 222222222222, 333333333333. Stage accounts are: " +
        "default-dev-account, 222222222222-account, prod-account, default-prod-account, 444444444444-account, " +
        "fraud-dev-account, 333333333333-account, fraud-prod-account.",
    );
  });

  it.each([
    "live-account",
    "-account",
    "Dev-account",
    "444444444445-account",
    "dev",
    "prod",
    "Production",
    "dev-accounts",
    "account",
    "",
  ])("refuses %j, which would be a second Cardway or nobody's account", (stageName) => {
    expect(errorOf(stageName)).toContain(
      `--stage ${stageName} is neither production, which is the model card account, nor the name of a stage account. ` +
        "Stage accounts are: default-dev-account",
    );
  });

  it("gives every account a name, and never one name to two accounts", () => {
    fc.assert(
      fc.property(lifecycles, (lifecycles) => {
        for (const accountId of stageAccounts({ lifecycles })) {
          expect(stageAccountOf(`${accountId}-account`, { lifecycles })).toBe(accountId);
        }
        for (const { name: lifecycle, stages } of lifecycles) {
          for (const { name, accountId } of stages) {
            const answers = [`${name}-account`, `${lifecycle}-${name}-account`].map((stageName) => {
              try {
                return stageAccountOf(stageName, { lifecycles });
              } catch {
                return accountId;
              }
            });
            expect(answers).toStrictEqual([accountId, accountId]);
          }
        }
      }),
    );
  });
});

describe("stageNamesOf", () => {
  it("adds the lifecycle where the stage alone means several accounts", () => {
    expect(stageNamesOf("222222222222", two)).toStrictEqual(["default-dev"]);
    expect(stageNamesOf("333333333333", two)).toStrictEqual(["fraud-dev"]);
    expect(stageNamesOf("444444444444", two)).toStrictEqual(["prod"]);
    expect(stageNamesOf("999999999999", two)).toStrictEqual([]);
  });

  it("gives names that deploy that very account", () => {
    fc.assert(
      fc.property(lifecycles, (lifecycles) => {
        for (const accountId of stageAccounts({ lifecycles })) {
          for (const name of stageNamesOf(accountId, { lifecycles })) {
            expect(stageAccountOf(`${name}-account`, { lifecycles })).toBe(accountId);
          }
        }
      }),
    );
  });
});

describe("stageAccountKinds", () => {
  it.each([
    ["authoring", readWrite, ["stage", "authoring"]],
    ["validating", fromReview, ["stage", "validating"]],
    ["reading", readOnly, ["stage", "reading"]],
    ["a stage without access", nothing, ["stage"]],
  ])("knows %s by its access", (_kind, access, kinds) => {
    const lifecycles = [{ name: "any", stages: [stage("one", "222222222222", access)] }];

    expect(stageAccountKinds("222222222222", { lifecycles })).toStrictEqual(kinds);
  });

  it("is several things to several lifecycles, and nothing to none", () => {
    const lifecycles = [
      { name: "one", stages: [stage("dev", "222222222222")] },
      { name: "other", stages: [stage("live", "222222222222", readOnly)] },
    ];

    expect(stageAccountKinds("222222222222", { lifecycles })).toStrictEqual([
      "stage",
      "authoring",
      "reading",
    ]);
    expect(stageAccountKinds("999999999999", { lifecycles })).toStrictEqual([]);
  });
});
