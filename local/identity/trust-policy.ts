import type { PolicyDocument, PolicyStatement } from "../../stacks/definitions/policy.ts";
import { conditionHolds } from "./policy-conditions.ts";
import type { ConditionContext } from "./policy-conditions.ts";
import { actionMatches, asList } from "./policy-evaluation.ts";

/** Who wants to assume a role: a user or role of an account, or an AWS service such as `lambda.amazonaws.com`. */
export type TrustCandidate = { accountId: string; principalArn: string; arn: string } | { service: string };

/**
 * What a trust policy says about a candidate: `principal` where it names it (or everybody), `account` where it only
 * names its account and so leaves the choice to that account's identity policies.
 */
export type Trust = "explicitDeny" | "principal" | "account" | "none";

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html */
export function trustOf(
  trust: PolicyDocument,
  question: { action: string; candidate: TrustCandidate; context: ConditionContext },
): Trust {
  const matching = trust.Statement.filter(
    (statement) =>
      actionMatches(statement, question.action) && conditionHolds(statement.Condition, question.context),
  ).map((statement) => ({ effect: statement.Effect, named: namedIn(statement, question.candidate) }));

  if (matching.some(({ effect, named }) => effect === "Deny" && named !== "none")) return "explicitDeny";
  const allowed = matching.filter(({ effect }) => effect === "Allow").map(({ named }) => named);
  if (allowed.includes("principal")) return "principal";
  return allowed.includes("account") ? "account" : "none";
}

function namedIn({ Principal }: PolicyStatement, candidate: TrustCandidate): Exclude<Trust, "explicitDeny"> {
  if ("service" in candidate) {
    return asList(Principal?.Service ?? []).includes(candidate.service) ? "principal" : "none";
  }
  const principals = asList(Principal?.AWS ?? []);
  if (principals.some((name) => name === "*" || name === candidate.principalArn || name === candidate.arn)) {
    return "principal";
  }
  const account = [candidate.accountId, `arn:aws:iam::${candidate.accountId}:root`];
  return principals.some((name) => account.includes(name)) ? "account" : "none";
}
