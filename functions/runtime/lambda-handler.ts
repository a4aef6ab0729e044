import { Logger } from "@aws-lambda-powertools/logger";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import lifecycleSettings from "../../lifecycle.config.ts";
import { ConfigurationError, InvalidInputError } from "../errors.ts";
import type { Runtime } from "./runtime.ts";
import type { Tracing } from "./tracing.ts";

// The X-Ray SDK watches every promise of the process, so it is loaded only where there is X-Ray: in Lambda. A bundle in
// CommonJS cannot wait for it here; Lambda loads it before the first event all the same.
const tracing = process.env["AWS_LAMBDA_FUNCTION_NAME"] === undefined ? undefined : import("./tracing.ts");

const untraced: Tracing = { trace: (client) => client, middleware: [] };

export type StartedHandler = (event: unknown, context: Context) => Promise<unknown>;

/** A Lambda handler that `local/` and tests can also start with an environment of their own. */
export interface LambdaHandler extends StartedHandler {
  start(runtime: Omit<Runtime, "trace">): StartedHandler;
}

/**
 * Builds a Lambda handler: the only place that knows middy and Powertools. The environment is parsed and the clients are
 * built once per cold start, the event is parsed at every call.
 *
 * @param definition.start - Builds adapters from the runtime and returns what handles one parsed event. `log` is for errors
 *   that do not fail the call.
 */
export function lambdaHandler<Environment extends z.ZodType, Input extends z.ZodType>(definition: {
  environment: Environment;
  input: Input;
  start: (
    runtime: Runtime & { variables: z.output<Environment>; log: (message: string) => void },
  ) => (input: z.output<Input>) => Promise<unknown>;
}): LambdaHandler {
  const start = (runtime: Runtime, middleware: middy.MiddlewareObj[] = []): StartedHandler => {
    const variables = environmentOf(runtime, definition.environment);
    const logger = new Logger({
      serviceName: "cardway",
      logLevel: logLevelOf(runtime.environment),
    });
    const log = (message: string): void => logger.error(message);
    const run = definition.start({ ...runtime, variables, log });

    return (
      middy<unknown, unknown>()
        // Events hold links and task tokens: they are not logged, whatever Powertools' environment variables say.
        .use(injectLambdaContext(logger, { resetKeys: true, logEvent: false }))
        .use(middleware)
        .handler(async (event) => {
          const parsed = definition.input.safeParse(event);
          if (!parsed.success) {
            const error = new InvalidInputError(
              `The function's input is not valid. ${z.prettifyError(parsed.error)}`,
            );
            logger.error(error.message, { errorName: error.name });
            throw error;
          }
          try {
            const output = await run(parsed.data);
            logger.info("done");
            return output;
          } catch (error) {
            if (error instanceof Error) logger.error(error.message, { errorName: error.name });
            throw error;
          }
        })
    );
  };

  const startDeployed = async (): Promise<StartedHandler> => {
    const { trace, middleware } = (await tracing)?.startTracing() ?? untraced;
    const deployed = { environment: process.env, settings: lifecycleSettings, now: () => new Date() };
    return start({ ...deployed, trace }, middleware);
  };
  let started: Promise<StartedHandler> | undefined;
  const handler = async (event: unknown, context: Context): Promise<unknown> => {
    started ??= startDeployed();
    return (await started)(event, context);
  };
  return Object.assign(handler, {
    start: (runtime: Omit<Runtime, "trace">) => start({ ...runtime, trace: untraced.trace }),
  });
}

/**
 * A function's environment, parsed.
 *
 * @throws {ConfigurationError} with the names of the variables that are missing or wrong.
 */
export function environmentOf<Environment extends z.ZodType>(
  { environment }: Pick<Runtime, "environment">,
  schema: Environment,
): z.output<Environment> {
  const variables = schema.safeParse(environment);
  if (variables.success) return variables.data;
  const names = variables.error.issues.map(({ path }) => path.join("."));
  throw new ConfigurationError(`The function's environment lacks or misspells: ${names.join(", ")}.`);
}

function logLevelOf({ LOG_LEVEL }: Runtime["environment"]) {
  const level = z.enum(["DEBUG", "INFO", "WARN", "ERROR", "SILENT"]).safeParse(LOG_LEVEL);
  return level.success ? level.data : "INFO";
}
