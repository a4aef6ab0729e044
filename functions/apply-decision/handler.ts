import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createExecutions } from "../aws/step-functions.ts";
import { PromotionSchema } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { applyDecision } from "./apply-decision.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: PromotionSchema,
  start(runtime) {
    const dependencies = {
      modelCards: createModelCards(runtime),
      executions: createExecutions(runtime),
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
      events: createEvents(runtime, runtime.variables.EVENT_BUS_NAME),
      settings: runtime.settings,
      now: runtime.now,
    };
    return (input) => applyDecision(input, dependencies);
  },
});
