import { randomUUID } from "node:crypto";
import { handle } from "hono/aws-lambda";
import { createApprovalApp } from "../../web/approval-app.tsx";
import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createLinkVerifier } from "../aws/kms.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createExecutionStarter, createExecutions } from "../aws/step-functions.ts";
import { ApprovalPageEnvironmentSchema } from "../runtime/environment.ts";
import { HttpApiEventSchema } from "../runtime/http-api-event.ts";
import { environmentOf, lambdaHandler } from "../runtime/lambda-handler.ts";
import type { Runtime } from "../runtime/runtime.ts";
import type { ApprovalPageDependencies } from "./approval-page.ts";

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
