import * as z from "zod";
import { AwsError } from "../wire/aws-error.ts";
import { operation } from "../wire/operation.ts";
import type { Operation } from "../wire/operation.ts";
import { pageInput, pageOf } from "./paging.ts";
import type { ConditionContext } from "./policy-conditions.ts";
import { parsePolicyDocument } from "./policy-document.ts";
import { simulate } from "./policy-simulation.ts";
import type { CrossAccountSimulation, SimulatedPrincipal } from "./policy-simulation.ts";
import { queryList } from "./query-input.ts";
import { administratorPolicy } from "./roles.ts";
import type { Roles } from "./roles.ts";

const PolicyTextSchema = z.string().min(1).max(131_072);

const contextKeyTypes = [
  "string",
  "stringList",
  "numeric",
  "numericList",
  "boolean",
  "booleanList",
  "ip",
  "ipList",
  "binary",
  "binaryList",
  "date",
  "dateList",
] as const;

const ContextEntrySchema = z.strictObject({
  ContextKeyName: z.string().min(5).max(256),
  ContextKeyValues: queryList(z.string()),
  ContextKeyType: z.enum(contextKeyTypes).optional(),
});

const SimulatePrincipalPolicyInputSchema = z.strictObject({
  PolicySourceArn: z.string().min(20).max(2048),
  PolicyInputList: queryList(PolicyTextSchema).default([]),
  PermissionsBoundaryPolicyInputList: queryList(PolicyTextSchema).default([]),
  ActionNames: queryList(z.string().min(3).max(128)),
  ResourceArns: queryList(z.string().min(1).max(2048)).default(["*"]),
  CallerArn: z.string().min(1).max(2048).optional(),
  ContextEntries: queryList(ContextEntrySchema).default([]),
  ...pageInput,
});

type SimulatePrincipalPolicyInput = z.output<typeof SimulatePrincipalPolicyInputSchema>;

/** @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html */
export function simulatePrincipalPolicy(
  roles: Pick<Roles, "find">,
  crossAccount: CrossAccountSimulation,
): Operation {
  return operation({
    input: SimulatePrincipalPolicyInputSchema,
    action: "iam:SimulatePrincipalPolicy",
    // Another account's principal is refused by the operation itself, with a sentence of its own.
    resource: ({ PolicySourceArn }, { caller }) =>
      PolicySourceArn.startsWith(`arn:aws:iam::${caller.accountId}:`) ? PolicySourceArn : "*",
    run(input, { caller }) {
      checkCaller(input.CallerArn);
      const principal = withPolicyInputs(principalOf(roles, input.PolicySourceArn, caller.accountId), input);
      const context = contextOf(input);
      const questions = input.ActionNames.flatMap((action) =>
        input.ResourceArns.map((resource) => ({ action, resource, context })),
      );
      const { page, ...paging } = pageOf(questions, (_question, index) => String(index), input);
      return {
        EvaluationResults: page.map((question) => simulate(principal, question, crossAccount)),
        ...paging,
      };
    },
  });
}

function principalOf(roles: Pick<Roles, "find">, arn: string, callerAccountId: string): SimulatedPrincipal {
  const [, accountId, type, path] = /^arn:aws:iam::(\d{12}):(role|user|group)\/(.+)$/.exec(arn) ?? [];
  if (accountId === undefined || type === undefined || path === undefined) {
    throw new AwsError(
      "InvalidInput",
      `Invalid Entity Arn: ${arn} does not clearly define entity type and name.`,
    );
  }
  if (accountId !== callerAccountId) {
    throw new AwsError(
      "InvalidInput",
      `Invalid Policy Source Arn: caller's account ${callerAccountId} does not have access to policies in account ${accountId}`,
    );
  }
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (type === "user" && path === "administrator") {
    return { accountId, policies: [administratorPolicy], sourceIdOf: (policy) => policy.name };
  }
  const role = type === "role" ? roles.find(arn) : undefined;
  if (role === undefined)
    throw new AwsError("NoSuchEntity", `The ${type} with name ${name} cannot be found.`, 404);
  return {
    accountId,
    policies: role.policies,
    ...(role.boundary === undefined
      ? {}
      : { boundary: { name: `${name}-boundary`, document: role.boundary } }),
    sourceIdOf: (policy) => `role_${name}_${policy.name}`,
  };
}

function withPolicyInputs(
  principal: SimulatedPrincipal,
  input: SimulatePrincipalPolicyInput,
): SimulatedPrincipal {
  const added = input.PolicyInputList.map((text, index) => ({
    name: `PolicyInputList.${index + 1}`,
    document: parsePolicyDocument(text, "identity"),
  }));
  const [boundaryText, ...moreBoundaries] = input.PermissionsBoundaryPolicyInputList;
  if (moreBoundaries.length > 0) {
    throw new AwsError("InvalidInput", "Only one permissions boundary can be simulated.");
  }
  const boundary =
    boundaryText === undefined
      ? {}
      : {
          boundary: {
            name: "PermissionsBoundaryPolicyInputList.1",
            document: parsePolicyDocument(boundaryText, "identity"),
          },
        };
  return {
    ...principal,
    ...boundary,
    policies: [...principal.policies, ...added],
    sourceIdOf: (policy) => (added.includes(policy) ? policy.name : principal.sourceIdOf(policy)),
  };
}

/** The simulator knows nothing of a request but what it is told. */
function contextOf({ ContextEntries }: SimulatePrincipalPolicyInput): ConditionContext {
  return new Map(
    ContextEntries.map(({ ContextKeyName, ContextKeyValues }) => [
      ContextKeyName.toLowerCase(),
      ContextKeyValues,
    ]),
  );
}

/** The caller only matters to resource policies, which are not simulated; AWS takes users alone. */
function checkCaller(callerArn: string | undefined): void {
  if (callerArn !== undefined && !/^arn:aws:iam::\d{12}:user\/.+$/.test(callerArn)) {
    throw new AwsError("InvalidInput", `Invalid Caller Arn: ${callerArn} is not the ARN of a user.`);
  }
}
