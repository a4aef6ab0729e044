import { effectsDependencies } from "../effects-dependencies.ts";
import { aboutPromotion } from "../promotion.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { RecordWaitingInputSchema, recordWaiting } from "./record-waiting.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: RecordWaitingInputSchema,
  about: ({ promotion }) => aboutPromotion(promotion),
  start(runtime) {
    const dependencies = effectsDependencies(runtime);
    return (input) => recordWaiting(input, dependencies);
  },
});
