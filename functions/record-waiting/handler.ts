import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { RecordWaitingInputSchema, recordWaiting } from "./record-waiting.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: RecordWaitingInputSchema,
  start(runtime) {
    const dependencies = {
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
      events: createEvents(runtime, runtime.variables.EVENT_BUS_NAME),
      settings: runtime.settings,
      now: runtime.now,
    };
    return (input) => recordWaiting(input, dependencies);
  },
});
