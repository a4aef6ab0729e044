import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { createReaderRoles } from "../aws/iam.ts";
import { createInvitations } from "../aws/invitations.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { ConfirmAccessInputSchema, confirmAccess } from "./confirm-access.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: ConfirmAccessInputSchema,
  start(runtime) {
    const dependencies = {
      modelCards: createModelCards(runtime),
      resourceSharing: createResourceSharing(runtime),
      invitations: createInvitations(runtime),
      readerRoles: createReaderRoles(runtime),
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
      events: createEvents(runtime, runtime.variables.EVENT_BUS_NAME),
      settings: runtime.settings,
      now: runtime.now,
    };
    return (promotion) => confirmAccess(promotion, dependencies);
  },
});
