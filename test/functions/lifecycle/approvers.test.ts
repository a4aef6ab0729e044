import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { TooFewApproversError } from "../../../functions/errors.ts";
import { ApprovalPolicySchema, isFulfilled } from "../../../functions/lifecycle/approval-policy.ts";
import { approversFor, authorsOf, mayDecide } from "../../../functions/lifecycle/approvers.ts";
import { type Approver, ApproverSchema } from "../../../functions/lifecycle/people.ts";

const card = {
  modelCardName: "churn",
  lifecycle: "default",
  lineOfBusiness: "Retail",
  editors: ["author"],
  namedInContent: ["Olivia Owner"],
};
const one = ApprovalPolicySchema.parse({ approvals: 1, roles: ["model-approver"] });
const two = ApprovalPolicySchema.parse({
  approvals: 2,
  roles: ["risk-officer"],
  escalation: { afterHours: 24, to: ["deputy"] },
});

function approver(id: string, roles: string[], more: Partial<Approver> = {}): Approver {
  return ApproverSchema.parse({ id, name: id.toUpperCase(), address: `${id}@example.com`, roles, ...more });
}

function idsOf(people: { id: string }[]): string[] {
  return people.map(({ id }) => id);
}

describe("approversFor", () => {
  it("asks only those whose approval can count", () => {
    const approvers = [approver("a", ["model-approver"]), approver("r", ["risk-officer"]), approver("n", [])];

    expect(idsOf(approversFor(card, one, { approvers }).asked)).toStrictEqual(["a"]);
    expect(idsOf(approversFor(card, two, { approvers }).asked)).toStrictEqual(["a", "r", "n"]);
  });

  it("asks no other team: neither its people nor, for a role of the card's own team, those who answer for all", () => {
    const approvers = [
      approver("all", ["model-approver"]),
      approver("retail", ["model-approver"], { answersFor: { linesOfBusiness: ["Retail"] } }),
      approver("credit", ["model-approver"], { answersFor: { linesOfBusiness: ["Credit"] } }),
    ];

    expect(idsOf(approversFor(card, one, { approvers }).asked)).toStrictEqual(["retail"]);
    expect(idsOf(approversFor({ ...card, lineOfBusiness: "Legal" }, one, { approvers }).asked)).toStrictEqual(
      ["all"],
    );
  });

  it("falls back on those who answer for all where the team's own are the card's authors", () => {
    const approvers = [
      approver("all", ["model-approver"]),
      approver("retail", ["model-approver"], {
        answersFor: { linesOfBusiness: ["Retail"] },
        identities: ["author"],
      }),
    ];

    expect(idsOf(approversFor(card, one, { approvers }).asked)).toStrictEqual(["all"]);
  });

  it("keeps deputies for the escalation, unless the policy cannot do without them", () => {
    const deputy = approver("deputy", ["risk-officer"]);
    const approvers = [approver("a", ["model-approver"]), approver("r", ["risk-officer"]), deputy];

    expect(approversFor(card, two, { approvers })).toStrictEqual({
      asked: approvers.slice(0, 2),
      deputies: [deputy],
    });
    expect(approversFor(card, two, { approvers: [approvers[0] ?? deputy, deputy] })).toStrictEqual({
      asked: [approvers[0], deputy],
      deputies: [],
    });
  });

  it("tells an operator at once who is left where they are too few, and never whom to mail", () => {
    const approvers = [
      approver("a", ["model-approver"], { identities: ["author"] }),
      approver("r", ["risk-officer"]),
    ];

    const asking = () => approversFor(card, two, { approvers });

    expect(asking).toThrow(TooFewApproversError);
    expect(asking).toThrow(
      "churn needs 2 approvals, among them risk-officer; of lifecycle.config.ts may decide about it: r. It is the own card of a.",
    );
    expect(asking).not.toThrow(/example\.com/);
  });

  it("excludes whom the content names as owner or creator", () => {
    const approvers = [approver("o", ["model-approver"], { name: "Olivia Owner" })];

    expect(() => approversFor(card, one, { approvers })).toThrow(TooFewApproversError);
  });

  it("asks people who fulfil the policy and may decide, or fails, whoever they are", () => {
    const role = fc.constantFrom("model-approver", "risk-officer");
    const somebody = fc
      .record({
        roles: fc.uniqueArray(role),
        identities: fc.constantFrom<string[]>([], ["author"], ["other"]),
        answersFor: fc.constantFrom<Approver["answersFor"]>(
          undefined,
          { cards: ["churn"] },
          { cards: ["fraud"] },
        ),
      })
      .map((more) => (id: string) => approver(id, more.roles, more));
    fc.assert(
      fc.property(fc.array(somebody, { maxLength: 6 }), fc.constantFrom(one, two), (makers, policy) => {
        const approvers = makers.map((make, index) => make(index === 0 ? "deputy" : `p${index}`));
        const eligible = approvers.filter((person) => mayDecide(person, card));
        const enough = isFulfilled(policy, eligible);

        if (!enough) expect(() => approversFor(card, policy, { approvers })).toThrow(TooFewApproversError);
        else {
          const { asked, deputies } = approversFor(card, policy, { approvers });
          expect(isFulfilled(policy, asked)).toBe(true);
          expect([...asked, ...deputies].every((person) => eligible.includes(person))).toBe(true);
        }
      }),
    );
  });
});

describe("authorsOf", () => {
  const team = { id: "team", name: "Team", address: "team@example.com", identities: [] };
  const author = { id: "author", name: "Author", address: "author@example.com", identities: ["author"] };

  it("names who is known to have made the card, and else the teams that answer for it", () => {
    const others = { ...team, id: "others", answersFor: { linesOfBusiness: ["Credit"] } };

    expect(authorsOf(card, { authors: [team, author] })).toStrictEqual([author]);
    expect(authorsOf({ ...card, editors: [] }, { authors: [team, author, others] })).toStrictEqual([team]);
  });
});
