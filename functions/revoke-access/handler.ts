import { createResourceSharing } from "../aws/ram.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { PromotionSchema, aboutPromotion } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { revokeAccess } from "./revoke-access.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: PromotionSchema,
  about: aboutPromotion,
  start(runtime) {
    const dependencies = {
      ...effectsDependencies(runtime),
      modelCards: createModelCards(runtime),
      resourceSharing: createResourceSharing(runtime),
    };
    return (promotion) => revokeAccess(promotion, dependencies);
  },
});
