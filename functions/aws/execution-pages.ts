import {
  DescribeExecutionCommand,
  type ExecutionStatus,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  SFNClient,
} from "@aws-sdk/client-sfn";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { allPages, awsCall } from "./aws-call.ts";

/** An execution as lists show it. */
export interface ListedExecution {
  executionArn: string;
  name: string;
  status: ExecutionStatus;
  /** ISO 8601 UTC. */
  startedAt: string;
  stoppedAt?: string | undefined;
  redriveCount: number;
}

/** All of one execution but its history. */
export interface DescribedExecution extends ListedExecution {
  stateMachineArn: string;
  input?: string | undefined;
  output?: string | undefined;
  error?: string | undefined;
  cause?: string | undefined;
  /** Why it cannot be redriven; `undefined` where it can. */
  notRedrivable?: string | undefined;
}

/** The executions of a workflow as somebody looks through them. */
export interface ExecutionPages {
  /** Newest first. */
  page(filter: {
    stateMachineArn: string;
    status?: ExecutionStatus | undefined;
    nextToken?: string | undefined;
    limit: number;
  }): Promise<{ executions: ListedExecution[]; nextToken?: string | undefined }>;
  /** `undefined` where there is no such execution, or not any more. */
  describe(executionArn: string): Promise<DescribedExecution | undefined>;
  /** The whole history, oldest first. */
  history(executionArn: string): Promise<HistoryEvent[]>;
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html */
export function createExecutionPages(runtime: Runtime): ExecutionPages {
  const client = runtime.trace(new SFNClient(clientConfig(runtime)));
  return {
    async page({ stateMachineArn, status, nextToken, limit }) {
      const answer = await awsCall("Step Functions ListExecutions", () =>
        client.send(
          new ListExecutionsCommand({ stateMachineArn, statusFilter: status, maxResults: limit, nextToken }),
        ),
      );
      return { executions: (answer.executions ?? []).map(listed), nextToken: answer.nextToken };
    },

    async describe(executionArn) {
      const answer = await awsCall(
        "Step Functions DescribeExecution",
        () => client.send(new DescribeExecutionCommand({ executionArn })),
        { ExecutionDoesNotExist: () => undefined },
      );
      if (answer === undefined) return undefined;
      const {
        stateMachineArn = "",
        input,
        output,
        error,
        cause,
        redriveStatus,
        redriveStatusReason,
      } = answer;
      const isRedrivable = redriveStatus === "REDRIVABLE";
      return {
        ...listed(answer),
        stateMachineArn,
        input,
        output,
        error,
        cause,
        ...(!isRedrivable && { notRedrivable: redriveStatusReason ?? "AWS gives no reason" }),
      };
    },

    history: (executionArn) =>
      allPages(async (nextToken) => {
        const answer = await awsCall("Step Functions GetExecutionHistory", () =>
          client.send(
            new GetExecutionHistoryCommand({
              executionArn,
              includeExecutionData: true,
              maxResults: 1_000,
              nextToken,
            }),
          ),
        );
        return { items: answer.events, nextToken: answer.nextToken };
      }),
  };
}

function listed(execution: {
  executionArn?: string | undefined;
  name?: string | undefined;
  status?: ExecutionStatus | undefined;
  startDate?: Date | undefined;
  stopDate?: Date | undefined;
  redriveCount?: number | undefined;
}): ListedExecution {
  const {
    executionArn = "",
    name = "",
    status = "RUNNING",
    startDate,
    stopDate,
    redriveCount = 0,
  } = execution;
  return {
    executionArn,
    name,
    status,
    startedAt: startDate?.toISOString() ?? "",
    ...(stopDate !== undefined && { stoppedAt: stopDate.toISOString() }),
    redriveCount,
  };
}
