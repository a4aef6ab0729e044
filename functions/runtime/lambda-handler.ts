import { AsyncLocalStorage } from "node:async_hooks";
import { injectLambdaContext } from "@aws-lambda-powertools/logger/middleware";
import middy from "@middy/core";
import type { Context } from "aws-lambda";
import * as z from "zod";
import lifecycleSettings from "../../lifecycle.config.ts";
import { ConfigurationError, InvalidInputError } from "../errors.ts";
import { type CallContext, annotationsOf, logKeysOf } from "./call-context.ts";
import { createLogger } from "./function-logger.ts";
import type { Runtime } from "./runtime.ts";
import type { Tracing } from "./tracing.ts";

// The X-Ray SDK watches every promise of the process, so it is loaded only where there is X-Ray: in Lambda. A bundle in
// CommonJS cannot wait for it here; Lambda loads it before the first event all the same.
const tracing = process.env["AWS_LAMBDA_FUNCTION_NAME"] === undefined ? undefined : import("./tracing.ts");

const untraced: Tracing = { trace: (client) => client, annotate: () => undefined, middleware: [] };

export type StartedHandler = (event: unknown, context: Context) => Promise<unknown>;

/** A Lambda handler that `local/` and tests can also start with an environment of their own. */
export interface LambdaHandler extends StartedHandler {
  start(runtime: Omit<Runtime, "trace">): StartedHandler;
}

/**
 * Builds a Lambda handler: the only place that knows middy and Powertools. The environment is parsed and the clients are
 * built once per cold start, the event is parsed at every call.
 *
 * @param definition.about - What a call is about, from its event: for its log lines and its trace. Left out, where an event
 *   names neither a card nor an execution.
 * @param definition.found - What its answer adds to that.
 * @param definition.start - Builds adapters from the runtime and returns what handles one parsed event. `log` is for errors
 *   that do not fail the call.
 */
export function lambdaHandler<Environment extends z.ZodType, Input extends z.ZodType, Output>(definition: {
  environment: Environment;
  input: Input;
  about?: (input: z.output<Input>) => CallContext;
  found?: (output: Output) => CallContext;
  start: (
    runtime: Runtime & { variables: z.output<Environment>; log: (message: string) => void },
  ) => (input: z.output<Input>) => Promise<Output>;
}): LambdaHandler {
  const start = (
    runtime: Omit<Runtime, "trace">,
    { trace, annotate, middleware }: Tracing,
  ): StartedHandler => {
    const variables = environmentOf(runtime, definition.environment);
    const logger = createLogger(runtime);
    // On one machine several calls run at once, and the logger's own keys would be those of the last one.
    const calls = new AsyncLocalStorage<ReturnType<typeof logKeysOf>>();
    const log = (message: string): void => logger.error(message, calls.getStore() ?? {});
    const run = definition.start({ ...runtime, trace, variables, log });

    return (
      middy<unknown, unknown>()
        // Events hold links and task tokens: they are not logged, whatever Powertools' environment variables say.
        .use(injectLambdaContext(logger, { resetKeys: true, logEvent: false }))
        .use(middleware)
        .handler(async (event, { awsRequestId }) => {
          const beganMs = runtime.now().getTime();
          const parsed = definition.input.safeParse(event);
          if (!parsed.success) {
            const error = new InvalidInputError(
              `The function's input is not valid. ${z.prettifyError(parsed.error)}`,
            );
            logger.error(error.message, { ...logKeysOf({}, awsRequestId), errorName: error.name });
            throw error;
          }
          const about = definition.about?.(parsed.data) ?? {};
          const keys = logKeysOf(about, awsRequestId);
          const durationMs = (): number => runtime.now().getTime() - beganMs;
          annotate(annotationsOf(about));
          try {
            const output = await calls.run(keys, () => run(parsed.data));
            logger.info("done", { ...keys, ...definition.found?.(output), durationMs: durationMs() });
            return output;
          } catch (error) {
            if (error instanceof Error) {
              logger.error(error.message, { ...keys, durationMs: durationMs(), errorName: error.name });
            }
            throw error;
          }
        })
    );
  };

  const startDeployed = async (): Promise<StartedHandler> => {
    const deployed = { environment: process.env, settings: lifecycleSettings, now: () => new Date() };
    return start(deployed, (await tracing)?.startTracing() ?? untraced);
  };
  let started: Promise<StartedHandler> | undefined;
  const handler = async (event: unknown, context: Context): Promise<unknown> => {
    started ??= startDeployed();
    return (await started)(event, context);
  };
  return Object.assign(handler, {
    start: (runtime: Omit<Runtime, "trace">) => start(runtime, untraced),
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
