import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { createReaderRoles } from "../aws/iam.ts";
import { createModelCardList } from "../aws/model-card-list.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createAllSharing } from "../aws/sharing-overview.ts";
import { createExecutionStarter, createExecutions, createRunningExecutions } from "../aws/step-functions.ts";
import { SweepEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { SweepInputSchema, sweep } from "./sweep.ts";

export const handler = lambdaHandler({
  environment: SweepEnvironmentSchema,
  input: SweepInputSchema,
  start(runtime) {
    const { TABLE_NAME, EVENT_BUS_NAME, STATE_MACHINE_ARN } = runtime.variables;
    const dependencies = {
      modelCardList: createModelCardList(runtime),
      modelCards: createModelCards(runtime),
      resourceSharing: createResourceSharing(runtime),
      allSharing: createAllSharing(runtime),
      readerRoles: createReaderRoles(runtime),
      records: createPromotionRecords(runtime, TABLE_NAME),
      executions: createExecutions(runtime),
      promotions: createExecutionStarter(runtime, STATE_MACHINE_ARN),
      runningPromotions: createRunningExecutions(runtime, STATE_MACHINE_ARN),
      events: createEvents(runtime, EVENT_BUS_NAME),
      settings: runtime.settings,
      now: runtime.now,
      log: runtime.log,
    };
    return (input) => sweep(input, dependencies);
  },
});
