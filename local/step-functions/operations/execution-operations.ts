import * as z from "zod";
import { type Operation, operation } from "../../wire/operation.ts";
import type { Executions } from "../executions.ts";
import type { StateMachines } from "../state-machines.ts";
import { ArnSchema, CauseSchema, ErrorSchema, NameSchema, PayloadSchema } from "./fields.ts";
import { visibleExecution, visibleStateMachine } from "./visible.ts";

/** Operations that start and end executions. */
export function executionOperations(
  machines: StateMachines,
  executions: Executions,
): Record<string, Operation> {
  return {
    StartExecution: operation({
      input: z.strictObject({
        stateMachineArn: ArnSchema,
        name: NameSchema.optional(),
        input: PayloadSchema.optional(),
        traceHeader: z
          .string()
          .max(256)
          .regex(/^\p{ASCII}*$/u)
          .optional(),
      }),
      action: "states:StartExecution",
      resource: (input) => input.stateMachineArn,
      run: ({ input = "{}", ...request }, call) => {
        visibleStateMachine(machines, request.stateMachineArn, call);
        const { arn, startDate } = executions.start({ ...request, input });
        return { executionArn: arn, startDate };
      },
    }),

    StopExecution: operation({
      input: z.strictObject({ executionArn: ArnSchema, error: ErrorSchema, cause: CauseSchema }),
      action: "states:StopExecution",
      resource: (input) => input.executionArn,
      run: ({ executionArn, error, cause }, call) => ({
        stopDate: executions.stop(visibleExecution(executions, executionArn, call), error, cause),
      }),
    }),

    RedriveExecution: operation({
      input: z.strictObject({
        executionArn: ArnSchema,
        clientToken: z
          .string()
          .min(1)
          .max(64)
          .regex(/^[!-~]+$/)
          .optional(),
      }),
      action: "states:RedriveExecution",
      resource: (input) => input.executionArn,
      run: ({ executionArn, clientToken }, call) => ({
        redriveDate: executions.redrive(visibleExecution(executions, executionArn, call), clientToken),
      }),
    }),
  };
}
