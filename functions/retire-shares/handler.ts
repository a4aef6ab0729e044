import { setTimeout } from "node:timers/promises";
import { createOwnShares } from "../aws/own-shares.ts";
import { createResourceSharing } from "../aws/ram.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { RetireSharesEnvironmentSchema } from "../runtime/environment.ts";
import { lambdaHandler } from "../runtime/lambda-handler.ts";
import { RetireSharesInputSchema, retireShares } from "./retire-shares.ts";

export const handler = lambdaHandler({
  environment: RetireSharesEnvironmentSchema,
  input: RetireSharesInputSchema,
  start(runtime) {
    const { variables } = runtime;
    const dependencies = {
      ...effectsDependencies(runtime),
      ownShares: createOwnShares(runtime),
      resourceSharing: createResourceSharing(runtime),
      functionArn: variables.FUNCTION_ARN,
      kept: variables.KEPT,
      wait: runtime.wait ?? ((ms: number) => setTimeout(ms)),
    };
    return (input) => retireShares(input, dependencies);
  },
});
