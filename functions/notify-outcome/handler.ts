import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEmailSender } from "../aws/email.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { PromotionSchema } from "../promotion.ts";
import { MailEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { notifyOutcome } from "./notify-outcome.ts";

export const handler = lambdaHandler({
  environment: MailEnvironmentSchema,
  input: PromotionSchema,
  start(runtime) {
    const dependencies = {
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
      events: createEvents(runtime, runtime.variables.EVENT_BUS_NAME),
      emails: createEmailSender(runtime, runtime.variables.CONFIGURATION_SET_NAME),
      settings: runtime.settings,
      now: runtime.now,
    };
    return (input) => notifyOutcome(input, dependencies);
  },
});
