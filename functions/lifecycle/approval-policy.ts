import * as z from "zod";
import type { RiskRating } from "../../events/risk-rating.ts";
import { NameSchema } from "./name.ts";

/** With growing pauses, as far as they come before a request expires. */
const usualRemindersHours = [24, 72, 168];

/** What it takes to approve a card of one risk rating. All times count from the request, in hours, also in parts of one. */
export const ApprovalPolicySchema = z
  .strictObject({
    /** How many people have to approve. */
    approvals: z.int().min(1).max(20),
    /** Roles that must be among them, each held by a different person; a role that stands here twice takes two people. */
    roles: z.array(NameSchema).default([]),
    /** Whether one rejection ends the request; if not, it ends once too few people are left to approve. */
    oneRejectionEnds: z.boolean().default(true),
    /** When those who have not voted are reminded; the pauses should grow. */
    remindAfterHours: z.array(z.number().positive()).max(20).optional(),
    /** Deputies, by approver id: they are asked when nobody has decided by then, and not before. */
    escalation: z
      .strictObject({ afterHours: z.number().positive(), to: z.array(NameSchema).min(1) })
      .optional(),
    /** When the request ends without a decision. */
    expiresAfterHours: z
      .number()
      .positive()
      .max(8760)
      .default(14 * 24),
    /** What becomes of the card then. */
    onExpiry: z.enum(["return-to-draft", "keep-pending"]).default("keep-pending"),
  })
  .transform(({ remindAfterHours, ...policy }) => ({
    ...policy,
    remindAfterHours:
      remindAfterHours ?? usualRemindersHours.filter((hours) => hours < policy.expiresAfterHours),
  }));

export type ApprovalPolicy = z.output<typeof ApprovalPolicySchema>;

/** The policies from the least to the most demanding. */
export const ratedRisks = ["Low", "Medium", "High"] as const;

/** One policy for each rating. `Unknown` has none of its own: it counts as `High`, the strictest. */
export const ApprovalPoliciesSchema = z.strictObject({
  Low: ApprovalPolicySchema,
  Medium: ApprovalPolicySchema,
  High: ApprovalPolicySchema,
});

export type ApprovalPolicies = z.output<typeof ApprovalPoliciesSchema>;

/** One approval by a model approver; for high risk two, one of them by a risk officer. */
export const defaultPolicies: z.input<typeof ApprovalPoliciesSchema> = {
  Low: { approvals: 1, roles: ["model-approver"] },
  Medium: { approvals: 1, roles: ["model-approver"] },
  High: { approvals: 2, roles: ["risk-officer"] },
};

export function policyFor(risk: RiskRating, policies: ApprovalPolicies): ApprovalPolicy {
  return policies[risk === "Unknown" ? "High" : risk];
}

/**
 * How long a promotion can lawfully run, in hours: as long as the request that is open longest, and a day for all else. One
 * that asks again about a card whose changes no event told of can take longer.
 */
export function longestPromotionHours({ Low, Medium, High }: ApprovalPolicies): number {
  return Math.max(...[Low, Medium, High].map(({ expiresAfterHours }) => expiresAfterHours)) + 24;
}

type Requirement = Pick<ApprovalPolicy, "approvals" | "roles">;

/** A person, as far as a policy counts them. */
interface RoleHolder {
  roles: readonly string[];
}

/** Whether these people are enough: as many as the policy asks for, and a different one for each of its roles. */
export function isFulfilled({ approvals, roles }: Requirement, people: readonly RoleHolder[]): boolean {
  return people.length >= approvals && coversRoles(roles, people);
}

/** Whether a vote of this person can count towards the policy at all. */
export function canHelp({ approvals, roles }: Requirement, person: RoleHolder): boolean {
  return approvals > roles.length || person.roles.some((role) => roles.includes(role));
}

/** Whether each role finds a person of its own: a matching in the graph of roles and people, built path by path. */
function coversRoles(roles: readonly string[], people: readonly RoleHolder[]): boolean {
  const roleOf = new Map<RoleHolder, number>();
  const assign = (role: number, tried: Set<RoleHolder>): boolean => {
    for (const person of people) {
      if (tried.has(person) || !person.roles.includes(roles[role] ?? "")) continue;
      tried.add(person);
      const other = roleOf.get(person);
      if (other === undefined || assign(other, tried)) {
        roleOf.set(person, role);
        return true;
      }
    }
    return false;
  };
  return roles.every((_, role) => assign(role, new Set()));
}

/** A vote, as far as it decides. */
interface CountedVote extends RoleHolder {
  approve: boolean;
}

/**
 * What votes amount to. A new approval never rejects and a new rejection never approves, whatever has become of the earlier
 * voters since.
 *
 * @param votes - Only those that count: one a person, and none about a card of their own.
 * @param others - Who can still vote, or be asked to.
 * @param newest - The vote that was cast just now; absent where votes are only counted again.
 */
export function outcomeOf(
  policy: ApprovalPolicy,
  votes: readonly CountedVote[],
  others: readonly RoleHolder[],
  newest?: { approve: boolean },
): "approved" | "rejected" | "open" {
  const approving = votes.filter(({ approve }) => approve);
  const isDisputed = approving.length < votes.length;
  if (isDisputed && policy.oneRejectionEnds) return newest?.approve === true ? "open" : "rejected";
  if (newest?.approve !== false && isFulfilled(policy, approving)) return "approved";
  const isHopeless = isDisputed && !isFulfilled(policy, [...approving, ...others]);
  return isHopeless && newest?.approve !== true ? "rejected" : "open";
}
