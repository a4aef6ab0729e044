import { createEmailSender } from "../aws/email.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { PromotionSchema, aboutPromotion } from "../promotion.ts";
import { MailEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { notifyOutcome } from "./notify-outcome.ts";

export const handler = lambdaHandler({
  environment: MailEnvironmentSchema,
  input: PromotionSchema,
  about: aboutPromotion,
  start(runtime) {
    const dependencies = {
      ...effectsDependencies(runtime),
      emails: createEmailSender(runtime, runtime.variables.CONFIGURATION_SET_NAME),
    };
    return (input) => notifyOutcome(input, dependencies);
  },
});
