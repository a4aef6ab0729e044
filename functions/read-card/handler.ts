import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createCardVersions } from "../aws/card-versions.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { createExecutions } from "../aws/step-functions.ts";
import { aboutPromotion } from "../promotion.ts";
import { TableEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { ReadCardInputSchema, readCard } from "./read-card.ts";

export const handler = lambdaHandler({
  environment: TableEnvironmentSchema,
  input: ReadCardInputSchema,
  about: ({ trigger: { modelCardArn, version }, executionArn }) => ({ modelCardArn, version, executionArn }),
  found: (outcome: Awaited<ReturnType<typeof readCard>>) =>
    outcome.kind === "promotion" ? aboutPromotion(outcome) : {},
  start(runtime) {
    const dependencies = {
      modelCards: createModelCards(runtime),
      cardVersions: createCardVersions(runtime),
      resourceSharing: createResourceSharing(runtime),
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
      executions: createExecutions(runtime),
      settings: runtime.settings,
      now: runtime.now,
    };
    return (input) => readCard(input, dependencies);
  },
});
