import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { PromotionSchema } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { recordOutcome } from "./record-outcome.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: PromotionSchema,
  start(runtime) {
    const dependencies = {
      modelCards: createModelCards(runtime),
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
      events: createEvents(runtime, runtime.variables.EVENT_BUS_NAME),
      now: runtime.now,
    };
    return (input) => recordOutcome(input, dependencies);
  },
});
