import type { PolicyDocument, PolicyStatement } from "../../stacks/definitions/policy.ts";
import { conditionHolds } from "./policy-conditions.ts";
import type { ConditionContext } from "./policy-conditions.ts";
import { matchesWildcard } from "./wildcard.ts";

export type Decision = "allowed" | "explicitDeny" | "implicitDeny";

export interface NamedPolicy {
  name: string;
  document: PolicyDocument;
}

/** What is asked of policies. */
export interface PolicyQuestion {
  /** For example `sagemaker:UpdateModelCard`; upper and lower case are the same. */
  action: string;
  /** An ARN, or `*` where the action knows no resource. Only a statement on all resources (`*`) speaks about `*`. */
  resource: string;
  context: ConditionContext;
}

export interface MatchedStatement {
  policy: NamedPolicy;
  statement: PolicyStatement;
}

export interface Evaluation {
  decision: Decision;
  /** Every statement that allows, or the first one that denies, or nothing. */
  matched: MatchedStatement[];
}

/**
 * Evaluates the policies of one kind together: a `Deny` that matches wins over every `Allow`, and what no statement
 * matches is denied implicitly.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function evaluate(policies: readonly NamedPolicy[], question: PolicyQuestion): Evaluation {
  const allowing: MatchedStatement[] = [];
  for (const policy of policies) {
    for (const statement of policy.document.Statement) {
      if (!statementMatches(statement, question)) continue;
      if (statement.Effect === "Deny") {
        return { decision: "explicitDeny", matched: [{ policy, statement }] };
      }
      allowing.push({ policy, statement });
    }
  }
  return { decision: allowing.length === 0 ? "implicitDeny" : "allowed", matched: allowing };
}

/** Whether a statement speaks about the question: its action, its resource and its conditions. */
function statementMatches(statement: PolicyStatement, question: PolicyQuestion): boolean {
  return concerns(statement, question) && conditionHolds(statement.Condition, question.context);
}

/** Whether a statement would speak about the question if its conditions held. */
export function concerns(
  statement: PolicyStatement,
  { action, resource }: Pick<PolicyQuestion, "action" | "resource">,
): boolean {
  return (
    actionMatches(statement, action) &&
    asList(statement.Resource ?? []).some((pattern) => matchesWildcard(pattern, resource))
  );
}

export function actionMatches(statement: PolicyStatement, action: string): boolean {
  const wanted = action.toLowerCase();
  return asList(statement.Action).some((pattern) => matchesWildcard(pattern.toLowerCase(), wanted));
}

export function asList(value: string | readonly string[]): readonly string[] {
  return typeof value === "string" ? [value] : value;
}
