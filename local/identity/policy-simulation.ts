import type { Decision, Evaluation, MatchedStatement, NamedPolicy } from "./policy-evaluation.ts";
import { concerns, evaluate } from "./policy-evaluation.ts";
import { missingKeys } from "./policy-conditions.ts";
import type { ConditionContext } from "./policy-conditions.ts";
import { ownerOf } from "./authorization.ts";

/**
 * How the simulator judges a resource of another account. AWS documents that such a request needs that account's
 * consent too, and that a resource policy cannot be simulated for a role; not what follows from both.
 *
 * - `identity-policies-only`: the answer is that of the identity policies.
 * - `denied-without-resource-policy`: what they allow is denied implicitly.
 */
export type CrossAccountSimulation = "identity-policies-only" | "denied-without-resource-policy";

export interface SimulatedPrincipal {
  accountId: string;
  policies: readonly NamedPolicy[];
  boundary?: NamedPolicy;
  /** How the simulator names the source of a statement. */
  sourceIdOf(policy: NamedPolicy): string;
}

/**
 * One line of a simulation: what a principal's policies say about one action on one resource.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
 */
export function simulate(
  principal: SimulatedPrincipal,
  question: { action: string; resource: string; context: ConditionContext },
  crossAccount: CrossAccountSimulation,
): object {
  const { action, resource } = question;
  const identity = evaluate(principal.policies, question);
  const boundary = principal.boundary && evaluate([principal.boundary], question);
  const own = ownDecision(identity, boundary);
  const owner = ownerOf(resource);
  const needsResourcePolicy =
    crossAccount === "denied-without-resource-policy" && owner !== undefined && owner !== principal.accountId;
  const decision: Decision = needsResourcePolicy && own === "allowed" ? "implicitDeny" : own;

  const matched = decision === "implicitDeny" ? [] : matchedStatements(principal, identity, boundary);
  const missing = missingContextValues(principal, question);
  const boundaryDetail = boundary && { AllowedByPermissionsBoundary: boundary.decision === "allowed" };
  const common = { MatchedStatements: matched, PermissionsBoundaryDecisionDetail: boundaryDetail };
  const line = { EvalActionName: action, EvalResourceName: resource, EvalDecision: decision };
  if (resource === "*") return { ...line, ...common, MissingContextValues: missing };

  const details = needsResourcePolicy
    ? new Map<string, Decision>([
        ["IAM Policy", own],
        ["Resource Policy", "implicitDeny"],
      ])
    : new Map<string, Decision>();
  const specific = {
    EvalResourceName: resource,
    EvalResourceDecision: decision,
    ...common,
    MissingContextValues: missing.length === 0 ? undefined : missing,
    EvalDecisionDetails: needsResourcePolicy ? details : undefined,
  };
  return {
    ...line,
    ...common,
    MissingContextValues: [],
    EvalDecisionDetails: details,
    ResourceSpecificResults: [specific],
  };
}

function ownDecision(identity: Evaluation, boundary: Evaluation | undefined): Decision {
  if (identity.decision === "explicitDeny" || boundary?.decision === "explicitDeny") return "explicitDeny";
  if (boundary !== undefined && boundary.decision !== "allowed") return "implicitDeny";
  return identity.decision;
}

function matchedStatements(
  principal: SimulatedPrincipal,
  identity: Evaluation,
  boundary: Evaluation | undefined,
): object[] {
  if (identity.decision !== "explicitDeny" && boundary?.decision === "explicitDeny") {
    return boundary.matched.map((match) => ({
      SourcePolicyId: match.policy.name,
      SourcePolicyType: "Permissions Boundary Policy",
      ...positionOf(match),
    }));
  }
  return identity.matched.map((match) => ({
    SourcePolicyId: principal.sourceIdOf(match.policy),
    SourcePolicyType: "IAM Policy",
    ...positionOf(match),
  }));
}

/** Where a statement stands in its policy's text, which here is always one line. Columns count from 1. */
function positionOf({ policy, statement }: MatchedStatement): object {
  const { Statement, ...before } = policy.document;
  const index = Statement.indexOf(statement);
  const head = JSON.stringify({ ...before, Statement: [] }).length - "]}".length;
  const preceding = Statement.slice(0, index).reduce(
    (length, other) => length + JSON.stringify(other).length + 1,
    0,
  );
  const start = head + preceding + 1;
  return {
    StartPosition: { Line: 1, Column: start },
    EndPosition: { Line: 1, Column: start + JSON.stringify(statement).length },
  };
}

function missingContextValues(
  { policies, boundary }: SimulatedPrincipal,
  question: { action: string; resource: string; context: ConditionContext },
): string[] {
  const statements = [...policies, ...(boundary === undefined ? [] : [boundary])]
    .flatMap(({ document }) => document.Statement)
    .filter((statement) => concerns(statement, question));
  return [...new Set(statements.flatMap(({ Condition }) => missingKeys(Condition, question.context)))];
}
