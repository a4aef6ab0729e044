import { effectsDependencies } from "../effects-dependencies.ts";
import { EffectsEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { RecordFailureInputSchema, aboutFailure, recordFailure } from "./record-failure.ts";

export const handler = lambdaHandler({
  environment: EffectsEnvironmentSchema,
  input: RecordFailureInputSchema,
  about: aboutFailure,
  start(runtime) {
    const dependencies = effectsDependencies(runtime);
    return (input) => recordFailure(input, dependencies);
  },
});
