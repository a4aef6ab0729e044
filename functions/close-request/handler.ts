import { createModelCards } from "../aws/sagemaker.ts";
import { createExecutions } from "../aws/step-functions.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { PromotionSchema, aboutPromotion } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { closeRequest } from "./close-request.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: PromotionSchema,
  about: aboutPromotion,
  start(runtime) {
    const dependencies = {
      ...effectsDependencies(runtime),
      modelCards: createModelCards(runtime),
      executions: createExecutions(runtime),
    };
    return (input) => closeRequest(input, dependencies);
  },
});
