import type { PolicyStatement } from "../../stacks/definitions/policy.ts";
import { matchesWildcard } from "./wildcard.ts";

/**
 * What is known about a request, by condition key in lower case. A key that is not there, or has an empty list, has no
 * value.
 */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

/** The context of a request from AWS's own spelling of the keys; `undefined` leaves a key out. */
export function conditionContext(
  values: Record<string, string | readonly string[] | undefined>,
): ConditionContext {
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) context.set(key.toLowerCase(), typeof value === "string" ? [value] : value);
  }
  return context;
}

/** The keys that some request has a value for, whether from the identity or from a service. */
const conditionKeys = [
  "aws:PrincipalAccount",
  "aws:PrincipalArn",
  "aws:PrincipalIsAWSService",
  "aws:PrincipalType",
  "aws:RequestedRegion",
  "aws:ResourceAccount",
  "aws:SecureTransport",
  "aws:SourceAccount",
  "aws:SourceArn",
  "aws:userid",
  "aws:username",
  "aws:ViaAWSService",
  "kms:RequestAlias",
  "kms:ResourceAliases",
  "ram:ResourceShareName",
  "ram:ShareOwnerAccountId",
  "sts:ExternalId",
  "sts:RoleSessionName",
];

const knownKeys: ReadonlySet<string> = new Set(conditionKeys.map((key) => key.toLowerCase()));

/** The keys that have several values in one request. */
const multivaluedKeys: ReadonlySet<string> = new Set(["kms:resourcealiases"]);

interface Operator {
  /** Whether one value of the request fits one value of the policy. */
  fits(policyValue: string, requestValue: string): boolean;
  /** A negated operator holds for a value of the request that fits no value of the policy. */
  negated: boolean;
}

const equals = (policyValue: string, requestValue: string) => policyValue === requestValue;
const equalsIgnoringCase = (policyValue: string, requestValue: string) =>
  policyValue.toLowerCase() === requestValue.toLowerCase();

const operators: ReadonlyMap<string, Operator> = new Map([
  ["StringEquals", { fits: equals, negated: false }],
  ["StringNotEquals", { fits: equals, negated: true }],
  ["StringEqualsIgnoreCase", { fits: equalsIgnoringCase, negated: false }],
  ["StringNotEqualsIgnoreCase", { fits: equalsIgnoringCase, negated: true }],
  ["StringLike", { fits: matchesWildcard, negated: false }],
  ["StringNotLike", { fits: matchesWildcard, negated: true }],
  ["ArnEquals", { fits: matchesArn, negated: false }],
  ["ArnNotEquals", { fits: matchesArn, negated: true }],
  ["ArnLike", { fits: matchesArn, negated: false }],
  ["ArnNotLike", { fits: matchesArn, negated: true }],
  ["Bool", { fits: equalsIgnoringCase, negated: false }],
]);

interface OperatorName {
  set: "ForAnyValue" | "ForAllValues" | undefined;
  /** For example `StringLike`. */
  base: string;
  ifExists: boolean;
}

/**
 * Whether a statement's `Condition` holds: every operator and every key in it, any of a key's values.
 *
 * @throws {TypeError} an operator that `notModelledIn` would have named.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
 */
export function conditionHolds(condition: PolicyStatement["Condition"], context: ConditionContext): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      operatorHolds(operator, [values].flat(), valuesOf(key, context)),
    ),
  );
}

function operatorHolds(
  name: string,
  policyValues: readonly string[],
  requestValues: readonly string[],
): boolean {
  const missing = requestValues.length === 0;
  if (name === "Null") return policyValues.some((value) => value.toLowerCase() === String(missing));
  const { set, base, ifExists } = operatorName(name);
  const operator = operators.get(base);
  if (operator === undefined) throw new TypeError(`The condition operator ${name} is not modelled`);
  if (missing && ifExists) return true;
  const holds = (requestValue: string) =>
    policyValues.some((policyValue) => operator.fits(policyValue, requestValue)) !== operator.negated;
  // Without a value nothing is "any" and everything is "all": that is how AWS answers for a missing key, too.
  if (set === undefined) return operator.negated ? requestValues.every(holds) : requestValues.some(holds);
  // An empty string counts as no value to the set operators alone.
  const members = requestValues.filter((value) => value !== "");
  return set === "ForAllValues" ? members.every(holds) : members.some(holds);
}

/**
 * The first operator or key of a `Condition` that this evaluation does not know, worded for an error.
 *
 * A key that is never in a request's context counts too: an `Allow` under it would never, a negated `Deny` always
 * apply, and neither is what AWS does. So does a multivalued key without a set operator, which AWS does not define.
 */
export function notModelledIn(condition: PolicyStatement["Condition"]): string | undefined {
  for (const [operator, keys] of Object.entries(condition ?? {})) {
    const { set, base } = operatorName(operator);
    if (operator !== "Null" && !operators.has(base)) return `condition operator ${operator}`;
    for (const key of Object.keys(keys)) {
      if (!knownKeys.has(key.toLowerCase())) return `condition key ${key}`;
      if (operator !== "Null" && set === undefined && multivaluedKeys.has(key.toLowerCase())) {
        return `condition operator ${operator} on the multivalued key ${key}`;
      }
    }
  }
  return undefined;
}

/** Names, as the policy writes them, of the keys of a `Condition` that the request has no value for. */
export function missingKeys(condition: PolicyStatement["Condition"], context: ConditionContext): string[] {
  return Object.values(condition ?? {})
    .flatMap((keys) => Object.keys(keys))
    .filter((key) => valuesOf(key, context).length === 0);
}

function valuesOf(key: string, context: ConditionContext): readonly string[] {
  return context.get(key.toLowerCase()) ?? [];
}

function operatorName(name: string): OperatorName {
  const {
    set,
    base = name,
    ifExists,
  } = /^(?:(?<set>ForAnyValue|ForAllValues):)?(?<base>.*?)(?<ifExists>IfExists)?$/.exec(name)?.groups ?? {};
  return {
    set: set === "ForAnyValue" || set === "ForAllValues" ? set : undefined,
    base,
    ifExists: ifExists !== undefined,
  };
}

/** Each of an ARN's six parts is compared on its own: a `*` does not run over a colon, except in the last part. */
function matchesArn(pattern: string, arn: string): boolean {
  const wanted = arnParts(pattern);
  const given = arnParts(arn);
  return (
    wanted.length === given.length &&
    wanted.every((part, position) => matchesWildcard(part, given[position] ?? ""))
  );
}

function arnParts(arn: string): string[] {
  const parts = arn.split(":");
  return parts.length <= 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}
