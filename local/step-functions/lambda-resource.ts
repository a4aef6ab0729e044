import * as z from "zod";
import type { Permission } from "../wire/operation.ts";
import type { TaskCaller, TaskOutcome, TaskResource } from "./engine/task-resource.ts";
import { RuntimeFailure } from "./engine/state-failure.ts";

/**
 * What became of a Lambda function's invocation. `failed` is what the function threw (its error type, and AWS's JSON
 * cause with `errorType`, `errorMessage` and `trace`) or an error of the Lambda service, for example
 * `Lambda.ResourceNotFoundException`.
 */
export type LambdaOutcome =
  | { kind: "returned"; payload: unknown; executedVersion: string }
  | { kind: "failed"; error: string; cause: string };

export interface LambdaDependencies {
  invokeLambda: (request: {
    /** Name or ARN. */
    functionName: string;
    payload: unknown;
    accountId: string;
    region: string;
    /** Aborted when nobody waits for the outcome any more. */
    signal: AbortSignal;
  }) => Promise<LambdaOutcome>;
  /** Whether a role's policies allow something. */
  roleMay: (roleArn: string, permission: Permission) => boolean;
  newId: () => string;
}

const LambdaArgumentsSchema = z.strictObject({
  FunctionName: z.string().min(1),
  Payload: z.unknown().optional(),
});

/** In a definition a field may still be an expression, which is text. */
const LambdaDefinitionArgumentsSchema = z.union([z.string(), LambdaArgumentsSchema]);

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html */
export function lambdaInvoke(dependencies: LambdaDependencies, waitsForTaskToken: boolean): TaskResource {
  return {
    resourceType: "lambda",
    resource: waitsForTaskToken ? "invoke.waitForTaskToken" : "invoke",
    waitsForTaskToken,
    checkArguments,
    call: (taskArguments, caller) => invoke(dependencies, taskArguments, caller),
  };
}

function checkArguments(taskArguments: unknown): string[] {
  if (taskArguments === undefined) return ['The field "FunctionName" is required but was missing'];
  if (LambdaDefinitionArgumentsSchema.safeParse(taskArguments).success) return [];
  const parsed = LambdaArgumentsSchema.safeParse(taskArguments);
  return (parsed.error?.issues ?? []).flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => `The field "${key}" is not built in the local endpoint`);
    }
    if (issue.path[0] === "FunctionName") return ['The field "FunctionName" is required but was missing'];
    return [issue.message];
  });
}

async function invoke(
  { invokeLambda, roleMay, newId }: LambdaDependencies,
  taskArguments: unknown,
  { accountId, region, roleArn, sessionName, signal }: TaskCaller,
): Promise<TaskOutcome> {
  const parsed = LambdaArgumentsSchema.safeParse(taskArguments);
  if (!parsed.success) {
    throw new RuntimeFailure(
      "The evaluated 'Arguments' are not those of lambda:invoke: FunctionName and Payload.",
    );
  }
  const { FunctionName: functionName, Payload: payload = {} } = parsed.data;
  const functionArn = functionArnOf(functionName, { accountId, region });
  if (!roleMay(roleArn, { action: "lambda:InvokeFunction", resource: functionArn })) {
    const session = `${roleArn.replace(":iam::", ":sts::").replace(":role/", ":assumed-role/")}/${sessionName}`;
    return {
      kind: "failed",
      error: "Lambda.AWSLambdaException",
      cause:
        `User: ${session} is not authorized to perform: lambda:InvokeFunction on resource: ${functionArn} ` +
        "because no identity-based policy allows the lambda:InvokeFunction action " +
        `(Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException; Request ID: ${newId()}; Proxy: null)`,
    };
  }
  const outcome = await invokeLambda({ functionName, payload, accountId, region, signal });
  if (outcome.kind === "failed") return outcome;
  return {
    kind: "returned",
    output: {
      ExecutedVersion: outcome.executedVersion,
      Payload: outcome.payload ?? null,
      StatusCode: 200,
    },
  };
}

/** A function may be named by its name, by `account:function:name`, or by its ARN. */
function functionArnOf(
  functionName: string,
  { accountId, region }: { accountId: string; region: string },
): string {
  if (functionName.startsWith("arn:")) return functionName;
  const partial = /^(?<account>\d{12}):function:(?<name>.+)$/.exec(functionName)?.groups;
  return `arn:aws:lambda:${region}:${partial?.["account"] ?? accountId}:function:${partial?.["name"] ?? functionName}`;
}
