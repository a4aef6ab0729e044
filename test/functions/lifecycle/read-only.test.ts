import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ShareMember,
  foreignShares,
  readOnlyViolations,
  readerRoleArn,
  writableCards,
} from "../../../functions/lifecycle/read-only.ts";

const prod = "444444444444";
const dev = "222222222222";
const organization = "arn:aws:organizations::111111111111:organization/o-example";

const shareArns = ["share-1", "share-2", "share-3"];
const cardArns = ["card-1", "card-2"];
const principal = fc.constantFrom(
  prod,
  dev,
  readerRoleArn(prod),
  readerRoleArn(dev),
  `arn:aws:iam::${prod}:role/deployer`,
  organization,
);
const membersOf = (entity: fc.Arbitrary<string>): fc.Arbitrary<ShareMember[]> =>
  fc.array(
    fc.record({
      resourceShareArn: fc.constantFrom(...shareArns),
      entity,
      state: fc.constantFrom("granting" as const, "granted" as const, "revoking" as const, "failed" as const),
    }),
    { maxLength: 12 },
  );

describe("writableCards", () => {
  it("finds for all cards at once what a look at the principals of each card finds", () => {
    fc.assert(
      fc.property(membersOf(fc.constantFrom(...cardArns)), membersOf(principal), (cards, principals) => {
        const all = writableCards(cards, principals, [prod, dev]);

        for (const modelCardArn of cardArns) {
          for (const accountId of [prod, dev]) {
            const holding = cards.filter(
              ({ entity, state }) => entity === modelCardArn && state !== "failed",
            );
            const live = principals
              .filter(({ state }) => state !== "failed")
              .flatMap(({ resourceShareArn, entity }) =>
                holding.some((card) => card.resourceShareArn === resourceShareArn)
                  ? [{ principal: entity, resourceShareArn }]
                  : [],
              );
            const expected = readOnlyViolations(accountId, live, []).map(
              ({ resourceShareArn }) => resourceShareArn ?? "",
            );
            const found = all.filter(
              (card) => card.modelCardArn === modelCardArn && card.accountId === accountId,
            );
            expect(new Set(found.map(({ resourceShareArn }) => resourceShareArn))).toStrictEqual(
              new Set(expected),
            );
          }
        }
      }),
    );
  });
});

describe("foreignShares", () => {
  it("names a share once for each stage that it lets write, with all that let it in, and none of Cardway's", () => {
    const stages = [
      { stage: "prod", accountId: prod },
      { stage: "audit", accountId: "555555555555" },
    ];
    const live = [
      { principal: prod, resourceShareArn: "by-hand" },
      { principal: organization, resourceShareArn: "by-hand" },
      { principal: readerRoleArn(prod), resourceShareArn: "by-hand" },
      { principal: dev, resourceShareArn: "by-hand" },
      { principal: prod, resourceShareArn: "own" },
    ];

    expect(foreignShares(stages, live, ["own"])).toStrictEqual([
      { ...stages[0], resourceShareArn: "by-hand", principals: [prod, organization] },
      { ...stages[1], resourceShareArn: "by-hand", principals: [organization] },
    ]);
  });
});
