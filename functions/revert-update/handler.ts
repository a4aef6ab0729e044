import { createCardVersions } from "../aws/card-versions.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { PromotionSchema, aboutPromotion } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { revertUpdate } from "./revert-update.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: PromotionSchema,
  about: aboutPromotion,
  start(runtime) {
    const dependencies = {
      ...effectsDependencies(runtime),
      modelCards: createModelCards(runtime),
      cardVersions: createCardVersions(runtime),
    };
    return (promotion) => revertUpdate(promotion, dependencies);
  },
});
