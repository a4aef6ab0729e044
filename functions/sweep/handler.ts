import { createReaderRoles } from "../aws/iam.ts";
import { createModelCardList } from "../aws/model-card-list.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createAllSharing } from "../aws/sharing-overview.ts";
import { createExecutionStarter, createExecutions, createRunningExecutions } from "../aws/step-functions.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { SweepEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { SweepInputSchema, sweep } from "./sweep.ts";

export const handler = lambdaHandler({
  environment: SweepEnvironmentSchema,
  input: SweepInputSchema,
  about: ({ executionArn }) => ({ executionArn }),
  start(runtime) {
    const { STATE_MACHINE_ARN } = runtime.variables;
    const dependencies = {
      ...effectsDependencies(runtime),
      modelCardList: createModelCardList(runtime),
      modelCards: createModelCards(runtime),
      resourceSharing: createResourceSharing(runtime),
      allSharing: createAllSharing(runtime),
      readerRoles: createReaderRoles(runtime),
      executions: createExecutions(runtime),
      promotions: createExecutionStarter(runtime, STATE_MACHINE_ARN),
      runningPromotions: createRunningExecutions(runtime, STATE_MACHINE_ARN),
      log: runtime.log,
    };
    return (input) => sweep(input, dependencies);
  },
});
