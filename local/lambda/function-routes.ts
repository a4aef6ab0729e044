import * as z from "zod";
import type { Call } from "../wire/caller.ts";
import { operation } from "../wire/operation.ts";
import type { Route } from "../wire/rest-json.ts";
import { functionNamePattern, parseFunctionName, qualifiedArn } from "./function-name.ts";
import type { FunctionRegistry } from "./function-registry.ts";
import type { FunctionLocation } from "./local-function.ts";
import type { Sandbox } from "./sandbox.ts";

export const FunctionNameSchema = z.string().min(1).max(256).regex(functionNamePattern);
export const QualifierSchema = z
  .string()
  .min(1)
  .max(128)
  .regex(/^(\$(LATEST(\.PUBLISHED)?)|[a-zA-Z0-9-_$]+)$/)
  .optional();

const OneFunctionSchema = z.strictObject({ FunctionName: FunctionNameSchema, Qualifier: QualifierSchema });

/** A page never holds more, whatever the caller asks for. */
const maxPageSize = 50;

/** `ListFunctions`, `GetFunction` and `GetFunctionConfiguration`. */
export function functionRoutes(registry: FunctionRegistry): Route[] {
  const path = "/2015-03-31/functions";
  const resource = (input: z.output<typeof OneFunctionSchema>, call: Call) =>
    qualifiedArn(parseFunctionName(input.FunctionName, locationOf(call), input.Qualifier));
  const find = (input: z.output<typeof OneFunctionSchema>, call: Call) =>
    registry.find(input.FunctionName, locationOf(call), input.Qualifier);
  return [
    {
      method: "GET",
      path,
      query: ["Marker", "MaxItems", "FunctionVersion", "MasterRegion"],
      operation: operation({
        input: z.strictObject({
          Marker: z.string().optional(),
          MaxItems: z.coerce.number().int().min(1).max(10_000).default(maxPageSize),
          // Every function has only the one version `$LATEST`, so ALL lists the same.
          FunctionVersion: z.literal("ALL").optional(),
        }),
        action: "lambda:ListFunctions",
        run({ Marker, MaxItems }, call) {
          const rest = registry
            .list(locationOf(call))
            .filter(({ definition }) => Marker === undefined || definition.functionName > Marker);
          const page = rest.slice(0, Math.min(MaxItems, maxPageSize));
          return {
            Functions: page.map((sandbox) => functionConfiguration(sandbox)),
            ...(rest.length > page.length ? { NextMarker: page.at(-1)?.definition.functionName } : {}),
          };
        },
      }),
    },
    {
      method: "GET",
      path: `${path}/{FunctionName}`,
      query: ["Qualifier"],
      operation: operation({
        input: OneFunctionSchema,
        action: "lambda:GetFunction",
        resource,
        run: (input, call) => ({
          Configuration: currentConfiguration(find(input, call)),
          // AWS answers with a link to the package in S3; here there is only the handler's file.
          Code: { RepositoryType: "local", Location: find(input, call).definition.handlerPath },
        }),
      }),
    },
    {
      method: "GET",
      path: `${path}/{FunctionName}/configuration`,
      query: ["Qualifier"],
      operation: operation({
        input: OneFunctionSchema,
        action: "lambda:GetFunctionConfiguration",
        resource,
        run: (input, call) => currentConfiguration(find(input, call)),
      }),
    },
  ];
}

export function locationOf(call: Call): FunctionLocation {
  return { accountId: call.caller.accountId, region: call.region };
}

function currentConfiguration(sandbox: Sandbox): object {
  return { ...functionConfiguration(sandbox), State: "Active", LastUpdateStatus: "Successful" };
}

function functionConfiguration(sandbox: Sandbox): object {
  const { definition } = sandbox;
  return {
    FunctionName: definition.functionName,
    FunctionArn: sandbox.functionArn,
    Runtime: "nodejs24.x",
    Role: definition.roleArn,
    Handler: definition.handlerPath,
    Description: definition.description,
    Timeout: definition.timeoutSeconds,
    MemorySize: definition.memoryMb,
    LastModified: sandbox.createdAt.toISOString().replace("Z", "+0000"),
    Version: "$LATEST",
    Environment: { Variables: ownVariables(definition.environment) },
    TracingConfig: { Mode: "PassThrough" },
    RevisionId: sandbox.revisionId,
    PackageType: "Zip",
    LoggingConfig: { LogFormat: "Text", LogGroup: sandbox.logGroupName },
  };
}

/** Without the names that Lambda reserves: locally those may have been given, and some of them are credentials. */
function ownVariables(environment: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !reservedVariable.test(name)));
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime */
const reservedVariable =
  /^(_|LAMBDA_|AWS_(LAMBDA_|CONTAINER_|ACCESS_KEY|SECRET_ACCESS_KEY$|SESSION_TOKEN$|REGION$|DEFAULT_REGION$|EXECUTION_ENV$|ENDPOINT_URL))/;
