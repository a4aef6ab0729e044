import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  SFNClient,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { v5 as uuidV5 } from "uuid";
import { type Runtime, clientConfig } from "../runtime/runtime.ts";
import { awsCall } from "./aws-call.ts";

/** The promotion workflow, from the side of its functions. */
export interface Executions {
  /**
   * Whether an execution still runs. One that is not known any more does not. `stopping` is one that ended so recently that a
   * function of it may still be at work: stopping an execution does not stop its functions.
   */
  stateOf(executionArn: string): Promise<"running" | "stopping" | "ended">;
  /** Lets a waiting execution go on. `false` where nobody waits with this token any more. */
  resume(taskToken: string, output: object): Promise<boolean>;
}

/** The longest time-out of a function that works on a card, in milliseconds. */
export const longestFunctionMs = 30_000;

/** Namespace of the names of executions that are started for an intent. */
const executionNamespace = "8f0c7c1e-2d1b-4a55-9f0e-6b1d5c3f2a47";

/** Starting the workflow, for who is not started by a rule. */
export interface ExecutionStarter {
  /**
   * Starts an execution that looks at the card.
   *
   * @param intent - What it is started for; the same intent starts one execution only, also once that has ended.
   */
  start(input: object, intent?: string): Promise<void>;
}

/** The executions that ran when they were listed. */
export interface RunningOverview {
  isRunning(executionName: string): boolean;
  /** How many of them were started before the moment that was asked about. */
  startedBefore: number;
}

/** All executions of the workflow, from outside. */
export interface RunningExecutions {
  /** Lists them, 1,000 a call. */
  read(startedBefore: Date): Promise<RunningOverview>;
}

/** Name of the execution that is started for an intent. */
export function executionNameFor(intent: string): string {
  return uuidV5(intent, executionNamespace);
}

/** @see https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html */
export function createExecutions(runtime: Runtime): Executions {
  const client = runtime.trace(new SFNClient(clientConfig(runtime)));
  return {
    async stateOf(executionArn) {
      const answer = await awsCall(
        "Step Functions DescribeExecution",
        () => client.send(new DescribeExecutionCommand({ executionArn })),
        { ExecutionDoesNotExist: () => undefined },
      );
      if (answer?.status === "RUNNING" || answer?.status === "PENDING_REDRIVE") return "running";
      const endedMs = answer?.stopDate?.getTime() ?? 0;
      return runtime.now().getTime() - endedMs < longestFunctionMs ? "stopping" : "ended";
    },

    async resume(taskToken, output) {
      const answer = await awsCall(
        "Step Functions SendTaskSuccess",
        () => client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
        { TaskTimedOut: () => undefined, TaskDoesNotExist: () => undefined },
      );
      return answer !== undefined;
    },
  };
}

/** @param stateMachineArn - ARN of the promotion workflow. */
export function createExecutionStarter(runtime: Runtime, stateMachineArn: string): ExecutionStarter {
  const client = runtime.trace(new SFNClient(clientConfig(runtime)));
  return {
    async start(input, intent) {
      const name = intent === undefined ? undefined : executionNameFor(intent);
      await awsCall(
        "Step Functions StartExecution",
        () => client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) })),
        { ExecutionAlreadyExists: () => undefined },
      );
    },
  };
}

/** @param stateMachineArn - ARN of the promotion workflow. */
export function createRunningExecutions(runtime: Runtime, stateMachineArn: string): RunningExecutions {
  const client = runtime.trace(new SFNClient(clientConfig(runtime)));
  return {
    async read(moment) {
      const running = new Set<string>();
      let startedBefore = 0;
      let nextToken: string | undefined;
      do {
        const answer = await awsCall("Step Functions ListExecutions", () =>
          client.send(
            new ListExecutionsCommand({
              stateMachineArn,
              statusFilter: "RUNNING",
              maxResults: 1_000,
              nextToken,
            }),
          ),
        );
        for (const { name, startDate } of answer.executions ?? []) {
          if (name !== undefined) running.add(name);
          if (startDate !== undefined && startDate < moment) startedBefore += 1;
        }
        nextToken = answer.nextToken;
      } while (nextToken !== undefined);
      return { isRunning: (name) => running.has(name), startedBefore };
    },
  };
}
