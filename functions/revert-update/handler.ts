import { createCardVersions } from "../aws/card-versions.ts";
import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { PromotionSchema } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { revertUpdate } from "./revert-update.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: PromotionSchema,
  start(runtime) {
    const dependencies = {
      modelCards: createModelCards(runtime),
      cardVersions: createCardVersions(runtime),
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
      events: createEvents(runtime, runtime.variables.EVENT_BUS_NAME),
      settings: runtime.settings,
      now: runtime.now,
    };
    return (promotion) => revertUpdate(promotion, dependencies);
  },
});
