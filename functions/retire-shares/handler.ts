import { setTimeout } from "node:timers/promises";
import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createEvents } from "../aws/event-bridge.ts";
import { createOwnShares } from "../aws/own-shares.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { RetireSharesEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { RetireSharesInputSchema, retireShares } from "./retire-shares.ts";

export const handler = lambdaHandler({
  environment: RetireSharesEnvironmentSchema,
  input: RetireSharesInputSchema,
  start(runtime) {
    const { variables } = runtime;
    const dependencies = {
      ownShares: createOwnShares(runtime),
      resourceSharing: createResourceSharing(runtime),
      records: createPromotionRecords(runtime, variables.TABLE_NAME),
      events: createEvents(runtime, variables.EVENT_BUS_NAME),
      settings: runtime.settings,
      functionArn: variables.FUNCTION_ARN,
      kept: variables.KEPT,
      now: runtime.now,
      wait: runtime.wait ?? ((ms: number) => setTimeout(ms)),
    };
    return (input) => retireShares(input, dependencies);
  },
});
