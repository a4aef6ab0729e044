import { createReaderRoles } from "../aws/iam.ts";
import { createInvitations } from "../aws/invitations.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { aboutPromotion } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { ConfirmAccessInputSchema, confirmAccess } from "./confirm-access.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: ConfirmAccessInputSchema,
  about: aboutPromotion,
  start(runtime) {
    const dependencies = {
      ...effectsDependencies(runtime),
      modelCards: createModelCards(runtime),
      resourceSharing: createResourceSharing(runtime),
      invitations: createInvitations(runtime),
      readerRoles: createReaderRoles(runtime),
    };
    return (promotion) => confirmAccess(promotion, dependencies);
  },
});
