import type { PolicyStatement } from "../../stacks/policy.ts";
import { matchesWildcard } from "./wildcard.ts";

/** What is known about a request, by condition key in lower case. A key that is not there has no value. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

/** The context of a request from AWS's own spelling of the keys; `undefined` leaves a key out. */
export function conditionContext(values: Record<string, string | undefined>): ConditionContext {
  const context = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(values)) {
    if (value !== undefined) context.set(key.toLowerCase(), [value]);
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
  "sts:ExternalId",
  "sts:RoleSessionName",
];

const knownKeys: ReadonlySet<string> = new Set(conditionKeys.map((key) => key.toLowerCase()));

interface Operator {
  /** Whether one value of the request fits one value of the policy. */
  fits(policyValue: string, requestValue: string): boolean;
  /** A negated operator holds where nothing fits, so also where the request has no value. */
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

const ifExists = "IfExists";

/**
 * Whether a statement's `Condition` holds: every operator and every key in it, any of a key's values.
 *
 * @throws {TypeError} an operator that `notModelledIn` would have named.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
export function conditionHolds(condition: PolicyStatement["Condition"], context: ConditionContext): boolean {
  return Object.entries(condition ?? {}).every(([operator, keys]) =>
    Object.entries(keys).every(([key, values]) =>
      operatorHolds(operator, [values].flat(), context.get(key.toLowerCase())),
    ),
  );
}

function operatorHolds(
  name: string,
  policyValues: readonly string[],
  requestValues: readonly string[] | undefined,
): boolean {
  if (name === "Null") {
    return policyValues.some((value) => value.toLowerCase() === String(requestValues === undefined));
  }
  const operator = operators.get(baseName(name));
  if (operator === undefined) throw new TypeError(`The condition operator ${name} is not modelled`);
  if (requestValues === undefined) return operator.negated || name.endsWith(ifExists);
  const fits = requestValues.some((requestValue) =>
    policyValues.some((policyValue) => operator.fits(policyValue, requestValue)),
  );
  return fits !== operator.negated;
}

/**
 * The first operator or key of a `Condition` that this evaluation does not know, worded for an error.
 *
 * A key that is never in a request's context counts too: an `Allow` under it would never, a negated `Deny` always
 * apply, and neither is what AWS does.
 */
export function notModelledIn(condition: PolicyStatement["Condition"]): string | undefined {
  for (const [operator, keys] of Object.entries(condition ?? {})) {
    if (operator !== "Null" && !operators.has(baseName(operator))) return `condition operator ${operator}`;
    const key = Object.keys(keys).find((name) => !knownKeys.has(name.toLowerCase()));
    if (key !== undefined) return `condition key ${key}`;
  }
  return undefined;
}

/** Names, as the policy writes them, of the keys of a `Condition` that the request has no value for. */
export function missingKeys(condition: PolicyStatement["Condition"], context: ConditionContext): string[] {
  return Object.values(condition ?? {})
    .flatMap((keys) => Object.keys(keys))
    .filter((key) => !context.has(key.toLowerCase()));
}

function baseName(operator: string): string {
  return operator.endsWith(ifExists) ? operator.slice(0, -ifExists.length) : operator;
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
