import * as z from "zod";
import type { PolicyDocument, PolicyStatement } from "../../stacks/definitions/policy.ts";
import { AwsError } from "../wire/aws-error.ts";
import { notModelledIn } from "./policy-conditions.ts";
import { asList } from "./policy-evaluation.ts";
import { parseBoundedJson } from "../wire/bounded-json.ts";

/** What a document is for: an identity policy (or boundary, or session policy) names resources, a trust policy principals. */
export type PolicyKind = "identity" | "trust";

const OneOrMoreSchema = z.union([z.string(), z.array(z.string()).min(1)]);
const PrincipalSchema = z.union([
  z.literal("*").transform(() => ({ AWS: "*" })),
  z
    .strictObject({ AWS: OneOrMoreSchema.optional(), Service: OneOrMoreSchema.optional() })
    .refine(({ AWS, Service }) => AWS !== undefined || Service !== undefined),
]);
const ConditionValueSchema = z.union([z.string(), z.boolean(), z.number()]).transform(String);

const StatementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(["Allow", "Deny"]),
  Principal: PrincipalSchema.optional(),
  Action: OneOrMoreSchema,
  Resource: OneOrMoreSchema.optional(),
  Condition: z
    .record(
      z.string(),
      z.record(z.string(), z.union([ConditionValueSchema, z.array(ConditionValueSchema).min(1)])),
    )
    .optional(),
});

const DocumentSchema = z.strictObject({
  Version: z.literal("2012-10-17"),
  Statement: z.preprocess(
    (value) => (Array.isArray(value) ? value : [value]),
    z.array(StatementSchema).min(1),
  ),
});

/**
 * Reads the JSON text of a policy.
 *
 * @throws {AwsError} `MalformedPolicyDocument` where the text is not a policy, or uses what is not modelled.
 */
export function parsePolicyDocument(text: string, kind: PolicyKind): PolicyDocument {
  let value: unknown;
  try {
    value = parseBoundedJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw malformed("This policy contains invalid Json");
  }
  return checkPolicyDocument(value, kind);
}

/**
 * Checks a policy, so that nothing in it is ignored later: `NotAction`, `NotResource`, `NotPrincipal`, policy
 * variables, and condition operators or keys without a model are refused.
 *
 * @throws {AwsError} `MalformedPolicyDocument`.
 */
export function checkPolicyDocument(value: unknown, kind: PolicyKind): PolicyDocument {
  const parsed = DocumentSchema.safeParse(value);
  if (!parsed.success) {
    throw malformed(
      `Syntax errors in policy, or elements that are not modelled: ${issuePaths(parsed.error)}`,
    );
  }
  for (const statement of parsed.data.Statement) {
    const problem = problemOf(statement, kind);
    if (problem !== undefined) throw malformed(problem);
  }
  return parsed.data;
}

function problemOf(statement: PolicyStatement, kind: PolicyKind): string | undefined {
  const { Principal, Resource } = statement;
  if (kind === "identity" && Resource === undefined) return "Policy statement must contain resources.";
  if (kind === "identity" && Principal !== undefined)
    return "Policy document should not specify a principal.";
  if (kind === "trust" && Resource !== undefined) return "Has prohibited field Resource";
  if (kind === "trust" && Principal === undefined) return "Missing required field Principal";

  if (!asList(statement.Action).every((action) => /^(\*|[\w-]+:[\w*?]+)$/.test(action))) {
    return "Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.";
  }
  const resources = asList(Resource ?? []);
  const notArn = resources.find((resource) => resource !== "*" && !resource.startsWith("arn:"));
  if (notArn !== undefined) return `Resource ${notArn} must be in ARN format or "*".`;

  const conditionValues = Object.values(statement.Condition ?? {}).flatMap((keys) => Object.values(keys));
  if ([resources, conditionValues].flat(2).some((text) => text.includes("${"))) {
    return "Policy variables are not modelled by the local endpoint.";
  }
  const notModelled = notModelledIn(statement.Condition);
  return notModelled === undefined ? undefined : `The ${notModelled} is not modelled by the local endpoint.`;
}

/** Only the paths: a policy's text does not belong into errors. */
function issuePaths(error: z.ZodError): string {
  const paths = error.issues.map((issue) =>
    [...issue.path, ...(issue.code === "unrecognized_keys" ? issue.keys : [])].map(String).join("."),
  );
  return [...new Set(paths)].join(", ");
}

function malformed(message: string): AwsError {
  return new AwsError("MalformedPolicyDocument", message);
}
