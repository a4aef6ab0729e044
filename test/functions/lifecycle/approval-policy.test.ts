import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ApprovalPolicy,
  ApprovalPoliciesSchema,
  ApprovalPolicySchema,
  canHelp,
  defaultPolicies,
  isFulfilled,
  outcomeOf,
  policyFor,
} from "../../../functions/lifecycle/approval-policy.ts";

const roles = fc.constantFrom("model-approver", "risk-officer", "privacy-officer");
const person = fc.record({ roles: fc.uniqueArray(roles, { maxLength: 3 }) });
const people = fc.array(person, { maxLength: 6 });
const policy = fc
  .record({ roles: fc.array(roles, { maxLength: 3 }), more: fc.nat(2), oneRejectionEnds: fc.boolean() })
  .map(({ roles, more, oneRejectionEnds }) =>
    ApprovalPolicySchema.parse({ approvals: Math.max(1, roles.length + more), roles, oneRejectionEnds }),
  );
const votes = fc.array(fc.record({ roles: fc.uniqueArray(roles), approve: fc.boolean() }), { maxLength: 6 });

/** Tries every way to give each role a person of its own. */
function coversByTrying(wanted: readonly string[], given: readonly { roles: string[] }[]): boolean {
  const [role, ...rest] = wanted;
  return (
    role === undefined ||
    given.some((one, index) => one.roles.includes(role) && coversByTrying(rest, given.toSpliced(index, 1)))
  );
}

describe("the default policies", () => {
  const policies = ApprovalPoliciesSchema.parse(defaultPolicies);

  it.each([
    ["Low", 1, ["model-approver"]],
    ["Medium", 1, ["model-approver"]],
    ["High", 2, ["risk-officer"]],
    ["Unknown", 2, ["risk-officer"]],
  ] as const)("ask at %s risk for %i approvals, among them %j", (risk, approvals, roles) => {
    expect(policyFor(risk, policies)).toMatchObject({ approvals, roles });
  });

  it("remind with pauses that grow", () => {
    const { remindAfterHours } = policies.High;
    const pauses = remindAfterHours.map((hours, index) => hours - (remindAfterHours[index - 1] ?? 0));

    expect(pauses).toStrictEqual(pauses.toSorted((one, other) => one - other));
  });
});

describe("isFulfilled", () => {
  it("takes a different person for each role, however the roles are spread", () => {
    fc.assert(
      fc.property(policy, people, (wanted, given) => {
        const expected = given.length >= wanted.approvals && coversByTrying(wanted.roles, given);

        expect(isFulfilled(wanted, given)).toBe(expected);
      }),
    );
  });

  it("does not take one person for two roles", () => {
    const both = { roles: ["model-approver", "risk-officer"] };
    const wanted = { approvals: 2, roles: ["model-approver", "risk-officer"] };

    expect(isFulfilled(wanted, [both, { roles: [] }])).toBe(false);
    expect(isFulfilled(wanted, [both, { roles: ["risk-officer"] }])).toBe(true);
  });

  it("is never lost by one more approval", () => {
    fc.assert(
      fc.property(policy, people, person, (wanted, given, more) => {
        if (isFulfilled(wanted, given)) expect(isFulfilled(wanted, [...given, more])).toBe(true);
      }),
    );
  });
});

describe("canHelp", () => {
  it("leaves out only those whose approval never makes a difference", () => {
    fc.assert(
      fc.property(policy, people, person, (wanted, given, more) => {
        const makesDifference = !isFulfilled(wanted, given) && isFulfilled(wanted, [...given, more]);

        if (makesDifference && given.length >= wanted.roles.length) expect(canHelp(wanted, more)).toBe(true);
      }),
    );
  });
});

describe("outcomeOf", () => {
  const two: ApprovalPolicy = ApprovalPolicySchema.parse({ approvals: 2, roles: ["risk-officer"] });
  const approver = { roles: ["model-approver"] };
  const officer = { roles: ["risk-officer"] };
  const yes = (who: { roles: string[] }) => ({ ...who, approve: true });
  const no = (who: { roles: string[] }) => ({ ...who, approve: false });

  it.each([
    ["open", "one of two", [yes(officer)], [approver]],
    ["approved", "two, one of them by a risk officer", [yes(approver), yes(officer)], []],
    ["open", "two without a risk officer", [yes(approver), yes(approver)], [officer]],
    ["rejected", "one rejection", [yes(officer), no(approver)], [approver]],
  ] as const)("is %s after %s", (outcome, _case, votes, others) => {
    expect(outcomeOf(two, votes, others)).toBe(outcome);
  });

  it("counts a rejection and goes on, where the policy says so, until too few are left", () => {
    const counting = { ...two, oneRejectionEnds: false };

    expect(outcomeOf(counting, [no(approver)], [approver, officer])).toBe("open");
    expect(outcomeOf(counting, [no(officer)], [approver, approver])).toBe("rejected");
  });

  it("approves only what the policy is fulfilled for, by an approval; and rejects only by a rejection", () => {
    fc.assert(
      fc.property(policy, votes, people, (wanted, cast, others) => {
        const newest = cast.at(-1);
        const outcome = outcomeOf(wanted, cast, others, newest);
        const approving = cast.filter(({ approve }) => approve);

        if (outcome === "approved") {
          expect(isFulfilled(wanted, approving)).toBe(true);
          expect(newest?.approve).not.toBe(false);
        }
        if (outcome === "rejected") expect(newest?.approve).toBe(false);
        if (approving.length === cast.length && isFulfilled(wanted, cast)) expect(outcome).toBe("approved");
      }),
    );
  });

  it("never waits for votes that cannot come any more after a rejection", () => {
    fc.assert(
      fc.property(policy, votes, (wanted, cast) => {
        const rejected = cast.some(({ approve }) => !approve);

        if (rejected) expect(outcomeOf(wanted, cast, [])).not.toBe("open");
      }),
    );
  });
});
