import { type ApprovalPolicies, type ApprovalPolicy, isFulfilled, ratedRisks } from "./approval-policy.ts";
import type { Contradiction } from "./contradiction.ts";
import type { Approver, Author, Person } from "./people.ts";

interface ApprovalSettings {
  lifecycles: { name: string }[];
  approvers: Approver[];
  authors: Author[];
  approval: { policies: ApprovalPolicies };
}

/** What approvers and policies allow each by itself but not together. */
export function* approvalContradictions(settings: ApprovalSettings): Generator<Contradiction> {
  yield* peopleContradictions(settings);
  for (const risk of ratedRisks) yield* policyContradictions(risk, settings);
  yield* strictnessContradictions(settings.approval.policies);
}

/** One person under two names would have two votes. */
function* peopleContradictions({
  lifecycles,
  approvers,
  authors,
}: ApprovalSettings): Generator<Contradiction> {
  const people: { person: Person; path: (string | number)[] }[] = [
    ...approvers.map((person, index) => ({ person, path: ["approvers", index] })),
    ...authors.map((person, index) => ({ person, path: ["authors", index] })),
  ];
  for (const [index, { person, path }] of people.entries()) {
    const earlier = people.slice(0, index);
    if (earlier.some((other) => other.person.id === person.id)) {
      yield { path: [...path, "id"], message: "is used twice; names must differ" };
    }
    for (const lifecycle of person.answersFor?.lifecycles ?? []) {
      if (!lifecycles.some(({ name }) => name === lifecycle)) {
        const known = lifecycles.map(({ name }) => name).join(", ");
        yield {
          path: [...path, "answersFor", "lifecycles"],
          message: `"${lifecycle}" names no lifecycle; there are: ${known}`,
        };
      }
    }
  }
  for (const [index, approver] of approvers.entries()) {
    const earlier = approvers.slice(0, index);
    const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
    if (earlier.some(({ address }) => same(address, approver.address))) {
      yield {
        path: ["approvers", index, "address"],
        message: "is another approver's too; one person has one vote",
      };
    }
    for (const [identityIndex, identity] of approver.identities.entries()) {
      if (earlier.some(({ identities }) => identities.some((other) => same(other, identity)))) {
        yield {
          path: ["approvers", index, "identities", identityIndex],
          message: "is another approver's too; one person has one vote",
        };
      }
    }
  }
}

function* policyContradictions(
  risk: keyof ApprovalPolicies,
  { approvers, approval }: ApprovalSettings,
): Generator<Contradiction> {
  const policy = approval.policies[risk];
  const path = ["approval", "policies", risk];
  const held = [...new Set(approvers.flatMap(({ roles }) => roles))];
  const unheld = policy.roles.findIndex((role) => !held.includes(role));
  if (unheld >= 0) {
    yield {
      path: [...path, "roles", unheld],
      message: `is no approver's role; there are: ${held.length === 0 ? "none" : held.join(", ")}`,
    };
  } else if (policy.roles.length > policy.approvals) {
    yield {
      path: [...path, "approvals"],
      message: `is fewer than the ${policy.roles.length} roles; each role takes an approval of its own`,
    };
  } else if (!isFulfilled(policy, approvers)) {
    yield { path, message: `asks for more than all approvers together can give: ${demand(policy)}` };
  }
  for (const [index, hours] of policy.remindAfterHours.entries()) {
    const before = policy.remindAfterHours[index - 1] ?? 0;
    if (hours <= before) {
      yield { path: [...path, "remindAfterHours", index], message: "must be later than the one before it" };
    }
    if (hours >= policy.expiresAfterHours) {
      yield { path: [...path, "remindAfterHours", index], message: beforeExpiry(policy) };
    }
  }
  if (policy.escalation !== undefined && policy.escalation.afterHours >= policy.expiresAfterHours) {
    yield { path: [...path, "escalation", "afterHours"], message: beforeExpiry(policy) };
  }
  for (const [index, deputy] of (policy.escalation?.to ?? []).entries()) {
    if (!approvers.some(({ id }) => id === deputy)) {
      yield { path: [...path, "escalation", "to", index], message: "is the id of no approver" };
    }
  }
}

function beforeExpiry({ expiresAfterHours }: ApprovalPolicy): string {
  return `must be before the request expires, after ${expiresAfterHours} hours`;
}

/** A card without a rating takes the policy for `High`, so none may be stricter. */
function* strictnessContradictions(policies: ApprovalPolicies): Generator<Contradiction> {
  for (const [index, risk] of ratedRisks.entries()) {
    const lower = ratedRisks[index - 1];
    if (lower === undefined) continue;
    const [policy, below] = [policies[risk], policies[lower]];
    const laxer =
      policy.approvals < below.approvals ||
      policy.roles.length < below.roles.length ||
      (below.oneRejectionEnds && !policy.oneRejectionEnds);
    if (laxer) {
      yield {
        path: ["approval", "policies", risk],
        message: `is laxer than ${lower} (${demand(policy)}; ${lower}: ${demand(below)}); a higher risk may not need less`,
      };
    }
  }
}

function demand({ approvals, roles, oneRejectionEnds }: ApprovalPolicy): string {
  return [
    `approvals ${approvals}`,
    `roles ${roles.length === 0 ? "none" : roles.join(", ")}`,
    `oneRejectionEnds ${oneRejectionEnds}`,
  ].join(", ");
}
