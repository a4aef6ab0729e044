/**
 * IAM policy documents, as plain data: the same object becomes a role's policy in AWS and is evaluated by `local/`.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
 */
export interface PolicyDocument {
  Version: "2012-10-17";
  Statement: PolicyStatement[];
}

export interface PolicyStatement {
  Sid?: string;
  Effect: "Allow" | "Deny";
  /** Only in trust policies and resource policies: `{ AWS: arn }` or `{ Service: name }`. */
  Principal?: { AWS?: string | string[]; Service?: string | string[] };
  Action: string | string[];
  /** Left out in trust policies. */
  Resource?: string | string[];
  /** Operator → condition key → values, for example `{ StringEquals: { "aws:PrincipalAccount": ["111111111111"] } }`. */
  Condition?: Record<string, Record<string, string | string[]>>;
}

export function document(Statement: PolicyStatement[]): PolicyDocument {
  return { Version: "2012-10-17", Statement };
}
