import { describe, expect, it } from "vitest";
import { readerRoleArn } from "../../../functions/lifecycle/read-only.ts";
import { differencesOfShares, foreignViolations } from "../../../functions/lifecycle/share-comparison.ts";
import lifecycleSettings from "../../../lifecycle.config.ts";

const [lifecycle = expect.fail()] = lifecycleSettings.lifecycles;
const dev = { lifecycle: "default", stage: "dev", accountId: "222222222222", access: "read-write" } as const;
const prod = { lifecycle: "default", stage: "prod", accountId: "444444444444", access: "read-only" } as const;
const granted = (...principals: string[]) =>
  principals.map((principal) => ({ principal, state: "granted" as const }));

describe("differencesOfShares", () => {
  it("finds principals that are missing and those too many, in Cardway's own shares only", () => {
    const shares = [
      { resourceShareArn: "right", audience: dev, principals: granted(dev.accountId) },
      { resourceShareArn: "lacks", audience: dev, principals: [] },
      { resourceShareArn: "both", audience: prod, principals: granted(prod.accountId) },
      { resourceShareArn: "by-hand", audience: undefined, principals: granted("999999999999") },
      { resourceShareArn: "retired", audience: { ...dev, stage: "gone" }, principals: [] },
    ];

    expect([...differencesOfShares(shares, lifecycleSettings)]).toStrictEqual([
      ["lacks", ["principal-missing"]],
      ["both", ["principal-missing", "principal-surplus"]],
    ]);
  });
});

describe("foreignViolations", () => {
  it("names who in a read-only account gets at a card through a share made by hand, but for its readers", () => {
    const share = {
      resourceShareArn: "by-hand",
      audience: undefined,
      principals: [
        ...granted(readerRoleArn(prod.accountId), dev.accountId, prod.accountId),
        { principal: `arn:aws:iam::${prod.accountId}:role/left`, state: "revoking" as const },
      ],
    };

    expect(foreignViolations([share], lifecycle)).toStrictEqual([
      {
        stage: "prod",
        accountId: prod.accountId,
        violations: [
          { kind: "principal-of-foreign-share", principal: prod.accountId, resourceShareArn: "by-hand" },
        ],
      },
    ]);
    expect(foreignViolations([share], undefined)).toStrictEqual([]);
  });
});
