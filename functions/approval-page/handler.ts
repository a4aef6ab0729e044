import { randomUUID } from "node:crypto";
import { type LambdaEvent, handle } from "hono/aws-lambda";
import * as z from "zod";
import { createApprovalApp } from "../../web/approval-app.tsx";
import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createLinkVerifier } from "../aws/kms.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createExecutionStarter, createExecutions } from "../aws/step-functions.ts";
import { ApprovalPageEnvironmentSchema } from "../runtime/environment.ts";
import { environmentOf, lambdaHandler } from "../runtime/lambda-handler.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ApprovalPageDependencies } from "./approval-page.ts";

/** An HTTP API's request; of its many members these are read. */
const HttpApiRequestSchema = z.looseObject({
  version: z.literal("2.0"),
  rawPath: z.string(),
  rawQueryString: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
  requestContext: z.looseObject({
    domainName: z.string(),
    http: z.looseObject({ method: z.string() }),
  }),
});

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html */
const HttpApiEventSchema = z
  .custom<Extract<LambdaEvent, { rawPath: string }>>((event) => HttpApiRequestSchema.safeParse(event).success)
  // A request by these methods has no meaning for its body, and the adapter cannot make one with a body.
  .transform((event) =>
    ["GET", "HEAD"].includes(event.requestContext.http.method) ? { ...event, body: null } : event,
  );

export const handler = lambdaHandler({
  environment: ApprovalPageEnvironmentSchema,
  input: HttpApiEventSchema,
  start(runtime) {
    const answer = handle(
      createApprovalApp({
        ...createApprovalPageDependencies(runtime),
        log: runtime.log,
        newNonce: randomUUID,
      }),
    );
    return (event) => answer(event);
  },
});

/**
 * The approval page's way to AWS, for the Lambda function and for every other place that serves the page.
 *
 * @throws {ConfigurationError} the environment lacks a variable.
 */
export function createApprovalPageDependencies(runtime: Runtime): ApprovalPageDependencies {
  const { TABLE_NAME, STATE_MACHINE_ARN } = environmentOf(runtime, ApprovalPageEnvironmentSchema);
  return {
    modelCards: createModelCards(runtime),
    records: createPromotionRecords(runtime, TABLE_NAME),
    executions: createExecutions(runtime),
    starter: createExecutionStarter(runtime, STATE_MACHINE_ARN),
    verifier: createLinkVerifier(runtime),
    settings: runtime.settings,
    now: runtime.now,
  };
}
