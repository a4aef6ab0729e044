import type * as z from "zod";
import type { Call } from "./caller.ts";

/** Condition keys in AWS's own spelling, with their values; several where the key is multivalued. */
export type ConditionValues = Record<string, string | readonly string[]>;

/** What a call wants to do to which resource: the question that IAM answers. */
export interface Permission {
  /** For example `sagemaker:DescribeModelCard`. */
  action: string;
  /** ARN, or `*` where the action knows no resource. The ARN of another account's resource needs its resource policy too. */
  resource: string;
  /** Account of a resource whose ARN names none, such as a bucket's. */
  resourceAccountId?: string;
  /** Condition keys of the service itself that this permission gives values to, for example `kms:RequestAlias`. */
  context?: ConditionValues;
}

/** An operation whose input has been parsed, ready to be authorised and then run. */
export interface PreparedOperation {
  /** Every permission that this very input needs; all must be allowed before `run`. */
  permissions(call: Call): Permission[];
  run(call: Call): object | Promise<object>;
}

/** One AWS operation, for example `CreateModelCard`. */
export interface Operation {
  prepare(input: unknown): { prepared: PreparedOperation } | { invalid: z.ZodError };
}

/**
 * Defines an operation with a typed input.
 *
 * @param definition.input - Schema of the request; members keep AWS's own spelling.
 * @param definition.permissions - Every permission that an input needs. Throws `AwsError` where AWS refuses before it asks.
 * @param definition.run - Carries the call out and answers with the response's members: plain JSON, `Date` for a
 *   timestamp. Throws `AwsError` to refuse.
 */
export function permittedOperation<Schema extends z.ZodType>(definition: {
  input: Schema;
  permissions: (input: z.output<Schema>, call: Call) => Permission[];
  run: (input: z.output<Schema>, call: Call) => object | Promise<object>;
}): Operation {
  return {
    prepare(raw) {
      const parsed = definition.input.safeParse(raw, { reportInput: true });
      if (!parsed.success) return { invalid: parsed.error };
      const input = parsed.data;
      return {
        prepared: {
          permissions: (call) => definition.permissions(input, call),
          run: (call) => definition.run(input, call),
        },
      };
    },
  };
}

/**
 * Defines an operation that needs one IAM action, as most do.
 *
 * @param definition.action - IAM action, `service:Name`.
 * @param definition.resource - ARN or ARNs that the input is about; `*` if left out.
 * @param definition.context - Values of the service's own condition keys, for each of the resources on its own.
 * @param definition.furtherPermissions - What this input needs besides, for example to tag what it creates.
 */
export function operation<Schema extends z.ZodType>(definition: {
  input: Schema;
  action: string;
  resource?: (input: z.output<Schema>, call: Call) => string | string[];
  context?: (input: z.output<Schema>, resource: string) => ConditionValues;
  furtherPermissions?: (input: z.output<Schema>, call: Call) => Permission[];
  run: (input: z.output<Schema>, call: Call) => object | Promise<object>;
}): Operation {
  return permittedOperation({
    input: definition.input,
    permissions: (input, call) => [
      ...[definition.resource?.(input, call) ?? "*"].flat().map((resource) => ({
        action: definition.action,
        resource,
        context: definition.context?.(input, resource) ?? {},
      })),
      ...(definition.furtherPermissions?.(input, call) ?? []),
    ],
    run: definition.run,
  });
}
