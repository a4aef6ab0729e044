import type { Settings } from "../../functions/lifecycle/settings.ts";
import { bundlingOf } from "../definitions/bundle.ts";
import type { Deployment } from "../definitions/deployment.ts";
import { type FunctionDefinition, functionNameOf, functionsOf } from "../definitions/functions.ts";
import { functionLogGroupName, functionPlatformPermissions } from "../definitions/platform-permissions.ts";
import { functionRole } from "../definitions/roles.ts";
import { type CreatedRole, createRole } from "../iam-role.ts";
import { createLogGroup } from "./log-group.ts";

export type Functions = Map<string, sst.aws.Function>;

/**
 * Every function with a role, a log and an environment of its own.
 *
 * @param options.deployment - Known once the approval page and the console have their addresses.
 * @param options.needs - What functions use as soon as they run.
 * @returns The functions by name.
 */
export function createFunctions(options: {
  place: Deployment;
  deployment: $util.Output<Deployment>;
  settings: Settings;
  dataKey: aws.kms.Key;
  needs: $util.Resource[];
}): Functions {
  const { place } = options;
  return new Map(
    functionsOf(place).map((definition) => {
      const { functionName } = definition;
      const role = createRole(
        functionRole(definition, place),
        functionPlatformPermissions(functionName, place),
      );
      return [functionName, createFunction(definition, role, options)];
    }),
  );
}

function createFunction(
  definition: FunctionDefinition,
  role: CreatedRole,
  { deployment, settings, dataKey, needs }: Parameters<typeof createFunctions>[0],
): sst.aws.Function {
  const { functionName, description, handlerPath, timeoutSeconds, memoryMb, reservedConcurrency } =
    definition;
  const logGroup = createLogGroup(functionLogGroupName(functionName), settings, dataKey);
  return new sst.aws.Function(
    logicalName(functionName),
    {
      name: functionName,
      description,
      handler: handlerPath.replace(/\.ts$/, ".handler"),
      nodejs: bundlingOf(handlerPath),
      runtime: "nodejs24.x",
      architecture: "arm64",
      timeout: `${timeoutSeconds} seconds`,
      memory: `${memoryMb} MB`,
      ...(reservedConcurrency !== undefined && { concurrency: { reserved: reservedConcurrency } }),
      role: role.arn,
      logging: { logGroup: logGroup.name, format: "json" },
      transform: {
        function: (args) => {
          // SST adds a key for linked secrets. Nothing is linked here, so nothing secret stands in an environment.
          args.environment = { variables: deployment.apply((known) => definition.environment(known)) };
          args.tracingConfig = { mode: "Active" };
          return undefined;
        },
      },
    },
    { dependsOn: [role.complete, ...needs] },
  );
}

/** The function of a folder in `functions/`. */
export function functionOf(functions: Functions, folder: string): sst.aws.Function {
  const found = functions.get(functionNameOf(folder));
  if (found === undefined) throw new TypeError(`stacks/definitions/functions.ts has no ${folder}`);
  return found;
}

/**
 * The Lambda functions themselves, for whatever has to wait for them: SST makes them only once they are bundled, so their components
 * have none yet when Pulumi asks.
 */
export function lambdaFunctions(functions: Functions): $util.Output<aws.lambda.Function>[] {
  return [...functions.values()].map(({ nodes }) => nodes.function);
}

/** `cardway-read-card` as `ReadCard`. */
function logicalName(functionName: string): string {
  return functionName
    .split("-")
    .slice(1)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}
