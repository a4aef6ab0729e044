import * as z from "zod";
import { IdentityProofSchema, createCallerIdentities } from "../aws/caller-identity.ts";
import { createExecutionControl } from "../aws/execution-control.ts";
import { createExecutions } from "../aws/step-functions.ts";
import { effectsDependencies } from "../effects-dependencies.ts";
import { OperateEnvironmentSchema } from "../runtime/environment.ts";
import { environmentOf, lambdaHandler } from "../runtime/lambda-handler.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { ActSchema, hashOfAct } from "./act.ts";
import { type OperateDependencies, operate } from "./operate.ts";

/** What the command line sends: an act, and who asks for it. */
export const OperateInputSchema = z.object({ act: ActSchema, proof: IdentityProofSchema });

export const handler = lambdaHandler({
  environment: OperateEnvironmentSchema,
  input: OperateInputSchema,
  about: ({ act }) => ({
    ...("executionArn" in act && { executionArn: act.executionArn }),
    ...("modelCardArn" in act && { modelCardArn: act.modelCardArn }),
  }),
  start(runtime) {
    const dependencies = createOperateDependencies(runtime);
    const identities = createCallerIdentities(runtime);
    return async ({ act, proof }) => {
      const identity = await identities.prove(proof, hashOfAct(act));
      return operate(act, { identity, through: "command-line" }, dependencies);
    };
  },
});

/** An operator's way to AWS, for this function and for the console. */
export function createOperateDependencies(runtime: Runtime): OperateDependencies {
  const variables = environmentOf(runtime, OperateEnvironmentSchema);
  return {
    ...effectsDependencies({ ...runtime, variables }),
    executions: createExecutions(runtime),
    control: createExecutionControl(runtime),
    promotionArn: variables.STATE_MACHINE_ARN,
    sweepArn: variables.SWEEP_STATE_MACHINE_ARN,
    functionArn: variables.FUNCTION_ARN,
  };
}
