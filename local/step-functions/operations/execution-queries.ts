import * as z from "zod";
import { type Operation, operation } from "../../wire/operation.ts";
import { toWireEvent } from "../engine/history.ts";
import type { Executions } from "../executions.ts";
import type { ExecutionRecord } from "../records.ts";
import { notBuilt } from "../refusals.ts";
import type { StateMachines } from "../state-machines.ts";
import { ArnSchema, IncludedDataSchema, PageSizeSchema, PageTokenSchema } from "./fields.ts";
import { decodeToken, page } from "./page.ts";
import { visibleExecution, visibleStateMachine } from "./visible.ts";

/** Operations that show executions. */
export function executionQueries(machines: StateMachines, executions: Executions): Record<string, Operation> {
  return {
    ListExecutions: operation({
      input: z.strictObject({
        stateMachineArn: ArnSchema.optional(),
        mapRunArn: z.string().min(1).max(2000).optional(),
        statusFilter: z
          .enum(["SUCCEEDED", "TIMED_OUT", "PENDING_REDRIVE", "ABORTED", "FAILED", "RUNNING"])
          .optional(),
        redriveFilter: z.enum(["REDRIVEN", "NOT_REDRIVEN"]).optional(),
        maxResults: PageSizeSchema,
        nextToken: z.string().min(1).max(3096).optional(),
      }),
      action: "states:ListExecutions",
      resource: ({ stateMachineArn = "*" }) => stateMachineArn,
      run: (input, call) => {
        if (input.stateMachineArn === undefined) throw notBuilt("Listing the executions of a Map Run");
        const { arn } = visibleStateMachine(machines, input.stateMachineArn, call);
        const list = `executions ${arn}`;
        const before = z.number().optional().parse(decodeToken(input.nextToken, list));
        const matches = function* (): Generator<ExecutionRecord> {
          for (const execution of executions.newestFirst(arn, before)) {
            if (input.statusFilter !== undefined && execution.status !== input.statusFilter) continue;
            const redriven = execution.redriveCount > 0 ? "REDRIVEN" : "NOT_REDRIVEN";
            if (input.redriveFilter !== undefined && redriven !== input.redriveFilter) continue;
            yield execution;
          }
        };
        const { entries, ...rest } = page(matches(), input.maxResults, ({ sequence }) => sequence, list);
        return { executions: entries.map(summary), ...rest };
      },
    }),

    DescribeExecution: operation({
      input: z.strictObject({ executionArn: ArnSchema, includedData: IncludedDataSchema }),
      action: "states:DescribeExecution",
      resource: (input) => input.executionArn,
      run: ({ executionArn, includedData }, call) => {
        const record = visibleExecution(executions, executionArn, call);
        const included = includedData !== "METADATA_ONLY";
        const reason = executions.whyNotRedrivable(record);
        return {
          ...summary(record),
          inputDetails: { included },
          ...(included && { input: record.input }),
          ...(record.output !== undefined && { outputDetails: { included } }),
          ...(included && record.output !== undefined && { output: record.output }),
          ...(included && record.error !== undefined && { error: record.error }),
          ...(included && record.cause !== undefined && { cause: record.cause }),
          ...(record.traceHeader !== undefined && { traceHeader: record.traceHeader }),
          redriveStatus: reason === undefined ? "REDRIVABLE" : "NOT_REDRIVABLE",
          ...(reason !== undefined && { redriveStatusReason: reason }),
        };
      },
    }),

    GetExecutionHistory: operation({
      input: z.strictObject({
        executionArn: ArnSchema,
        includeExecutionData: z.boolean().optional(),
        reverseOrder: z.boolean().optional(),
        maxResults: PageSizeSchema,
        nextToken: PageTokenSchema,
      }),
      action: "states:GetExecutionHistory",
      resource: (input) => input.executionArn,
      run: (input, call) => {
        const { includeExecutionData = true, reverseOrder = false, maxResults, nextToken } = input;
        const { arn, history } = visibleExecution(executions, input.executionArn, call);
        const list = `history ${reverseOrder ? "backwards" : "forwards"} ${arn}`;
        const last = z.number().optional().parse(decodeToken(nextToken, list));
        // An event's id is its place in the history, counted from 1.
        const remaining = reverseOrder
          ? history.slice(0, last === undefined ? undefined : last - 1).reverse()
          : history.slice(last ?? 0);
        const { entries, ...rest } = page(remaining, maxResults, ({ id }) => id, list);
        return { events: entries.map((event) => toWireEvent(event, includeExecutionData)), ...rest };
      },
    }),
  };
}

function summary(record: ExecutionRecord): object {
  return {
    executionArn: record.arn,
    stateMachineArn: record.stateMachineArn,
    name: record.name,
    status: record.status,
    startDate: record.startDate,
    ...(record.stopDate !== undefined && { stopDate: record.stopDate }),
    redriveCount: record.redriveCount,
    ...(record.redriveDate !== undefined && { redriveDate: record.redriveDate }),
  };
}
