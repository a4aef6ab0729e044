import { createPromotionRecords } from "../aws/dynamodb.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { createModelCards } from "../aws/sagemaker.ts";
import { PromotionSchema } from "../promotion.ts";
import { TableEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { revokeAccess } from "./revoke-access.ts";

export const handler = lambdaHandler({
  environment: TableEnvironmentSchema,
  input: PromotionSchema,
  start(runtime) {
    const dependencies = {
      modelCards: createModelCards(runtime),
      resourceSharing: createResourceSharing(runtime),
      records: createPromotionRecords(runtime, runtime.variables.TABLE_NAME),
    };
    return (promotion) => revokeAccess(promotion, dependencies);
  },
});
